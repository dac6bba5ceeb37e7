"""Changes that make no other program, or decide nothing, with the reason: `same.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

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
        found = place.module, place.within, mutant.was, mutant.becomes
        return found == (self.module, self.within, self.was, self.becomes)


SAME = tuple(
    Same(module, *one)
    for module, listed in tomllib.loads((Path(__file__).parent / "same.toml").read_text("utf-8")).items()
    for one in listed
)


def reason(mutant: Mutant) -> str | None:
    """Return why a mutant is the same program, or None."""
    return next((one.why for one in SAME if one.is_of(mutant)), None)
