"""Mutants that change nothing, by place, each with the reason."""

from __future__ import annotations

from fnmatch import fnmatchcase

HARMLESS: tuple[tuple[str, str], ...] = ()
"""Patterns of places and changes (`*` stands for anything, other signs for themselves), and why no check could object."""


def reason(name: str) -> str | None:
    """Return why the mutant of that name changes nothing; None where nothing is known."""
    escaped = {ord("["): "[[]"}
    return next((why for pattern, why in HARMLESS if fnmatchcase(name, pattern.translate(escaped))), None)
