"""The verdicts as a table, and the lines of the README that count them, made from the results and checked against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ascentcheck.theory.claim import Verdict
from ascentcheck.theory.console import UserError, read_text
from ascentcheck.theory.verify import ClaimResult

START, END = (
    "<!-- verdicts: made by `python -m theory table --write README.md` -->",
    "<!-- end of verdicts -->",
)


def verdict_table(results: list[ClaimResult]) -> str:
    """Return the table as Markdown: a row per claim, without anything that changes from run to run."""
    lines = ["| claim | in the paper | its worst sentence | evidence | in short |", "|---|---|---|---|---|"]
    for r in results:
        verdict = f"**{r.verdict.words}**{which(r)}"
        cells = (f"`{r.claim.name}`", r.claim.where, verdict, r.level.name, r.claim.summary)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def which(result: ClaimResult) -> str:
    """Return which sentences have the claim's verdict, of how many; nothing where all are as printed."""
    if result.verdict is Verdict.AS_PRINTED:
        return ""
    names = ", ".join(s.statement.name for s in result.worst)
    return f": {names} ({len(result.worst)} of {len(result.statements)})"


def answer(results: list[ClaimResult]) -> str:
    """Return what became of the printed sentences in three lines of Markdown, with the evidence of those that are false."""
    statements = [s for r in results for s in r.statements]
    found = Counter(s.verdict for s in statements)
    false = [s for s in statements if s.verdict is Verdict.FALSE]
    claims = sum(any(s.verdict is Verdict.FALSE for s in r.statements) for r in results)
    levels = Counter(s.level.name for s in false)
    evidence = ", ".join(f"{n} {name}" for name, n in sorted(levels.items(), reverse=True))
    lines = [
        f"- **{found[Verdict.AS_PRINTED]} of {len(statements)} printed sentences hold as printed**, and "
        f"{found[Verdict.REPAIRED]} more are right with a printed proof that is broken (repaired here).",
        f"- **{len(false)} are false as printed** ({evidence}), in {claims} of {len(results)} claims.",
        f"- **{found[Verdict.OPEN]} are open as worded**: true in one reading of the words and false in another.",
    ]
    if found[Verdict.UNDECIDED]:
        lines.append(f"- {found[Verdict.UNDECIDED]} are undecided.")
    return "\n".join(lines)


def counted(verdicts: Iterable[Verdict]) -> str:
    """Return how many there are of each verdict, best first."""
    found = Counter(verdicts)
    return "; ".join(f"{verdict.words}: {found[verdict]}" for verdict in sorted(found))


def placed(text: str, table: str, name: str, marks: tuple[str, str] = (START, END)) -> str:
    """Return the text with a table or other lines between its marks. Raises UserError where the marks are missing."""
    before, start, rest = text.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not start or not end:
        raise UserError(f"{name} lacks the lines '{marks[0]}' and '{marks[1]}' between which it stands")
    return f"{before}{start}\n\n{table}\n\n{end}{after}"


def is_current(path: Path, results: list[ClaimResult]) -> bool:
    """Whether the file holds the lines that count the verdicts as the results have them."""
    text = read_text(path)
    return placed(text, answer(results), path.name) == text
