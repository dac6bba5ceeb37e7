"""The generated pages on all claims: which there are, every sentence with its verdict, what to correct."""

from __future__ import annotations

from collections.abc import Sequence

from ascentcheck.figures.markdown import table
from ascentcheck.theory.claim import Rule, Verdict
from ascentcheck.theory.explain import is_ours, verdict_words
from ascentcheck.theory.pages import MADE, correction, escaped, link
from ascentcheck.theory.pages.statements import CHANGED
from ascentcheck.theory.pages.typeset import in_markdown
from ascentcheck.theory.table import counted, which
from ascentcheck.theory.verify import ClaimResult

FOLDER = "derivations"
"""Where each claim has its page, under docs."""


def contents(results: Sequence[ClaimResult]) -> str:
    """Return the page that lists the claims and shows which rest on which."""
    lines = [
        MADE,
        "",
        "# Derivations",
        "",
        "One page for each claim: what is printed, what is true, the derivation line by line, and how it was checked.",
        "An arrow leads from a claim to one that rests on it; arrows that follow from others are left out.",
        "",
        "![Which claims rest on which, by verdict](graph.svg)",
        "",
        _listed([r for r in results if not is_ours(r.claim)], results),
    ]
    ours = [r for r in results if is_ours(r.claim)]
    if ours:
        lines += [
            "",
            "## Beyond the paper",
            "",
            "Theorems of this project; the paper does not state them.",
            "",
            _listed(ours, results),
        ]
    lines += ["", "```{toctree}", ":hidden:", "", *[r.claim.name for r in results], "```"]
    return "\n".join(lines) + "\n"


def _listed(shown_here: Sequence[ClaimResult], results: Sequence[ClaimResult]) -> str:
    names = {r.claim.name for r in results}
    rows = []
    for r in shown_here:
        below = ", ".join(link(name) if name in names else name for name in r.claim.rests_on)
        rows.append((link(r.claim.name), escaped(r.claim.title), verdict_words(r.claim, r.verdict), below))
    return table(("claim", "title", "verdict", "rests on"), rows)


def verdicts(results: Sequence[ClaimResult]) -> str:
    """Return the verdicts on the paper's claims as a list, which reads on a phone where a table does not."""
    lines = []
    for r in (r for r in results if not is_ours(r.claim)):
        name = link(r.claim.name, f"{FOLDER}/")
        lines.append(
            f"- **{name}** ({escaped(r.claim.where)}): **{r.verdict.words}**{which(r)} ({r.level.name})."
        )
        lines.append(f"  {in_markdown(r.claim.summary)}")
    return "\n".join(lines)


def sentences(results: Sequence[ClaimResult]) -> str:
    """Return the page of every printed sentence with its verdict, false ones first in each claim's table."""
    paper = [r for r in results if not is_ours(r.claim)]
    lines = [
        MADE,
        "",
        "# Every sentence, decided",
        "",
        f"{counted(s.verdict for r in paper for s in r.statements)}. A claim is as bad as its worst sentence: "
        f"{counted(r.verdict for r in paper)}. What each verdict and level of evidence means stands in "
        "[what is trusted](explanation/trust.md). That α ≤ 1 is no loss of generality, which App. H assumes for all that "
        "follows, is counted as false once, in lemma-12.",
    ]
    for r in paper:
        lines += ["", f"## {r.claim.name}", ""]
        lines += [
            f"{escaped(r.claim.title)} ({escaped(r.claim.where)}). Decided in {link(r.claim.name, f'{FOLDER}/')}.",
            "",
        ]
        rows = [
            (
                _loud(s.verdict),
                f"“{in_markdown(s.statement.quote)}”",
                escaped(s.statement.where),
                s.level.name,
            )
            for s in sorted(r.statements, key=lambda s: -s.verdict)
        ]
        lines.append(table(("verdict", "sentence", "where", "evidence"), rows))
    lines += changed(paper)
    return "\n".join(lines) + "\n"


def changed(results: Sequence[ClaimResult]) -> list[str]:
    """Return the section of the sentences whose verdicts were changed after the result was known."""
    rows = [
        (
            f"{link(r.claim.name, f'{FOLDER}/')}, {s.statement.name}",
            before.words,
            s.verdict.words,
            escaped(why),
        )
        for r in results
        for s in r.statements
        if s.statement.formerly is not None
        for before, why in (s.statement.formerly,)
    ]
    return [
        "",
        "## Verdicts that were changed",
        "",
        f"On {CHANGED}, after the results were known, for sentences that a reader may fairly take in another way than the one "
        "that was decided first. The witnesses that refuted them stand, as those of one reading; lemma-4 and stay-close have new "
        "ones. Two sentences were counted twice: that descent-ascent is always farthest, and a part of contribution 4. "
        "Refutations at a point, EXACT before where Rocq lacks them, are CERTIFIED. A reading of corollary 1's 'few steps' that "
        "no data set has, and one of lemma 10's range that turned its quantifiers round, were replaced by others.",
        "",
        table(("sentence", "before", "now", "why"), rows),
    ]


def _loud(verdict: Verdict) -> str:
    return f"**{verdict.words}**" if verdict is Verdict.FALSE else verdict.words


def errata(results: Sequence[ClaimResult]) -> str:
    """Return the page of all lines to correct in the paper."""
    lines = [
        MADE,
        "",
        "# To correct in the paper",
        "",
        "Lines of the paper that should read differently, under the claim in which they were decided: one at least for each "
        "sentence that is false as printed, and others where a proof, a formula or a reading asks for it.",
    ]
    for r in results:
        if r.claim.errata:
            lines += ["", f"## {r.claim.name}", "", f"Decided in {link(r.claim.name, f'{FOLDER}/')}.", ""]
            lines += [line for e in r.claim.errata for line in correction(e)]
    return "\n".join(lines).rstrip() + "\n"


def rules() -> str:
    """Return what each rule of a derivation means, under a heading each, which gives the anchor."""
    return "\n\n".join(
        f"### Rule: {rule.name.lower()}\n\n{escaped(rule.value[0].upper() + rule.value[1:])}."
        for rule in Rule
    )
