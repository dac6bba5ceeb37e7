"""The doses of dependence: how many near-copies of each forgotten point are kept, and how they correlate with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dose:
    """`per_point` near-copies of `correlation` ε for each point that is to be forgotten; see `empirics.data.copies`."""

    per_point: float
    correlation: float

    @property
    def label(self) -> str:
        """A short name for people."""
        return "none" if self == NONE else f"{self.per_point:g} at {self.correlation:g}"


ASIDE = 4
"""Points set aside for each point that is to be forgotten, whatever the dose."""
NONE = Dose(0.0, 0.0)
MAIN = Dose(4.0, 0.9)
"""The dose by which the rules decide."""
DOSES = (
    NONE,
    MAIN,
    Dose(1.0, 0.9),
    Dose(4.0, 1.0),
    Dose(1.0, 1.0),
    Dose(4.0, 0.5),
    Dose(0.5, 0.9),
    Dose(1.0, 0.5),
    Dose(0.5, 1.0),
    Dose(0.5, 0.5),
)
"""In the order in which they are run."""
