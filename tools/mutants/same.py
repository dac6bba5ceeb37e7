"""Changes that make no other program, or decide nothing: the module, what they are in, the line before and after, and why."""

from __future__ import annotations

from dataclasses import dataclass

from tools.mutants.changes import Mutant


@dataclass(frozen=True)
class Same:
    """A change that no test could object to. It is known by its text, so that one whose line is written anew is asked again."""

    module: str
    within: str
    was: str
    becomes: str
    why: str

    def is_of(self, mutant: Mutant) -> bool:
        """Whether a mutant is this change."""
        place = mutant.place
        return (place.module, place.within, mutant.was, mutant.becomes) == (
            self.module,
            self.within,
            self.was,
            self.becomes,
        )


SAME: tuple[Same, ...] = ()


def reason(mutant: Mutant) -> str | None:
    """Return why a mutant is the same program, or None."""
    return next((one.why for one in SAME if one.is_of(mutant)), None)
