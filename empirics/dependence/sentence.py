"""A sentence on dependence, decided, with what was measured."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ascentcheck.empirics.findings.finding import Verdict

OURS, AFTERWARDS = "a question of this project", "a reading made afterwards"
"""What stands in the place of a section where a sentence is not the paper's."""


@dataclass(frozen=True)
class Decided:
    """A sentence, where the paper has it (or that it is a question of ours), the verdict, and what was measured.

    `written` is the verdict by the rule of 26 November 2026, which was changed on the 27th, after the results, and what it rested
    on; None where it is the same, or the rule was not changed.
    """

    sentence: str
    where: str
    verdict: Verdict
    measured: str
    written: tuple[Verdict, str] | None = None

    @property
    def printed(self) -> bool:
        """Whether the sentence is the paper's."""
        return self.where not in (OURS, AFTERWARDS)


def changed(now: Decided, written: Decided) -> Decided:
    """Return a sentence with what the rule of 26 November said, where that is another verdict."""
    return (
        now if now.verdict == written.verdict else replace(now, written=(written.verdict, written.measured))
    )
