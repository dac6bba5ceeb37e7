"""The verdict table of the README, made from the results and checked against them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ascentcheck.theory.claim import Verdict
from ascentcheck.theory.console import UserError
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


def counted(verdicts: Iterable[Verdict]) -> str:
    """Return how many there are of each verdict, best first."""
    found = Counter(verdicts)
    return "; ".join(f"{verdict.words}: {found[verdict]}" for verdict in sorted(found))


def placed(text: str, table: str, name: str, marks: tuple[str, str] = (START, END)) -> str:
    """Return the text with the table between its marks. Raises UserError where the marks are missing."""
    before, start, rest = text.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not start or not end:
        raise UserError(
            f"{name} lacks the lines '{marks[0]}' and '{marks[1]}' between which the table stands"
        )
    return f"{before}{start}\n\n{table}\n\n{end}{after}"


def is_current(path: Path, results: list[ClaimResult]) -> bool:
    """Whether the file holds the table as the results have it."""
    text = path.read_text(encoding="utf-8")
    return placed(text, verdict_table(results), path.name) == text
