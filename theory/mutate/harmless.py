"""Mutants that change nothing that is claimed, by place, each with the reason."""

from __future__ import annotations

from fnmatch import fnmatchcase

_ANY_DATA = (
    "other data or solver settings, on which the closed form is right as well: nothing is said of these alone"
)
_ANY_POINT = "another point that refutes as well: any will do"
_ANY_PRECISION = "a limit or a start of a computation whose result is proved when it is there"
HARMLESS: tuple[tuple[str, str], ...] = (
    ("*/simulate/*", _ANY_DATA),
    ("lemma_1/times_far/*", _ANY_DATA),
    ("lemma_1/wrong_side/*", _ANY_DATA),
    ("lemma_1/looseness/*", "a row of a table that is made on demand"),
    ("*/Witness[*/number *", _ANY_POINT),
    ("*/witness[*/number *", _ANY_POINT),
    ("*/at_pulls[*/number *", _ANY_POINT),
    ("*/_witness[*/number *", _ANY_POINT),
    ("*/_point[*/number *", _ANY_POINT),
    ("early_stopping/_witness/number *", _ANY_POINT),
    ("da_farthest/NOTHING_FORGOTTEN/*", _ANY_POINT),
    ("lemma_1/TEN_SAMPLES/*", _ANY_POINT),
    ("corollary_1/_AT_BALANCE/*", _ANY_POINT),
    ("*/scale/*", "where points of a range without an end are drawn"),
    ("*/ulps/*", "a stated error that is larger than the true one, or closer to it"),
    ("*/digits/*", _ANY_PRECISION),
    ("*/most_bits/*", _ANY_PRECISION),
    ("*/FloatForm[*", "the float form is compared on another domain, on which it is right as well"),
    ("lemma_2/SPLITTER/*", "any number next to 2^27 splits well enough for the stated error"),
    ("pair_balls/GUARD/*", _ANY_PRECISION),
    ("pair_balls/MOST_BITS/*", _ANY_PRECISION),
    ("pair_floats/CHUNK/*", "how many elements are worked on at a time"),
    ("pair_floats/STEPS/*", _ANY_PRECISION),
    ("pair_floats/SCALAR_STEPS/*", _ANY_PRECISION),
    ("tails/EXACT_BITS/*", "from where on a ball is taken in place of an exact fraction"),
    ("tails/MOST_TERMS/*", _ANY_PRECISION),
    ("lemma_1/MOST_PAIRED/*", "up to where a value is printed at all"),
    ("lemma_11/LARGEST/*", "up to where a value is printed at all"),
    ("lemma_10/CORRELATED/hypothesis 1 high dropped", "ε > 1 is the problem for 1/ε"),
    ("lemma_9/CORRELATED/*", "ε > 1 is the problem for 1/ε"),
)
"""Patterns of places and changes (`*` stands for anything, other signs for themselves), and why no check could object."""


def matches(name: str, pattern: str) -> bool:
    """Whether the mutant of that name is one of the pattern's."""
    return fnmatchcase(name, pattern.translate({ord("["): "[[]"}))


def reason(name: str) -> str | None:
    """Return why the mutant of that name changes nothing; None where nothing is known."""
    return next((why for pattern, why in HARMLESS if matches(name, pattern)), None)
