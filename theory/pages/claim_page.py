"""A claim as a page of Markdown, made from the objects that the checks run on. No formula is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ascentcheck.theory.claim import Claim
from ascentcheck.theory.explain import is_ours, verdict_words
from ascentcheck.theory.pages.checks import checks_section, rerun_section
from ascentcheck.theory.pages.markdown import escaped, link
from ascentcheck.theory.pages.setting import setting_section, told
from ascentcheck.theory.pages.statements import errata_section, necessity_section, statement_section
from ascentcheck.theory.pages.typeset import in_markdown
from ascentcheck.theory.table import which
from ascentcheck.theory.verify import ClaimResult

MADE = "<!-- made by `python -m figures.pages` from theory/claims: edit there, not here -->"

OF_NUMBERS = (
    " That is the level of the relations between numbers to which the theorem comes down. What they are taken from, vectors, "
    "flows, general losses, and the facts of analysis that this page names, such as Taylor's formula, Grönwall's lemma or the "
    "implicit function theorem, enter as hypotheses and are in no kernel."
)


def page(result: ClaimResult, claims: Sequence[Claim]) -> str:
    """Return the whole page of one decided claim; `claims` are all that have a page, for references."""
    claim = result.claim
    lines = [
        MADE,
        "",
        f"# {claim.name}: {escaped(claim.title)}",
        "",
        f"{'Beyond the paper' if is_ours(claim) else f'In the paper: {escaped(claim.where)}'}. "
        f"**{verdict_words(claim, result.verdict).capitalize()}**{which(result)}, by evidence of level "
        f"[{result.level.name}](../explanation/trust.md#evidence).{OF_NUMBERS if is_ours(claim) else ''}",
        "",
        in_markdown(claim.summary),
        "",
        *_references(claim, claims),
        "## The idea",
        "",
        escaped(claim.idea),
        "",
        *told(claim),
        *setting_section(claim),
    ]
    for statement in result.statements:
        lines += statement_section(statement, claim)
    lines += [
        *necessity_section(claim),
        *errata_section(claim),
        *checks_section(result),
        *rerun_section(claim),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _references(claim: Claim, claims: Sequence[Claim]) -> Iterator[str]:
    known = {other.name for other in claims}
    below = [link(name) if name in known else name for name in claim.rests_on]
    above = [link(other.name) for other in claims if claim.name in other.rests_on]
    for title, names in (("Rests on", below), ("Used by", above)):
        if names:
            yield f"{title}: {', '.join(names)}."
            yield ""
