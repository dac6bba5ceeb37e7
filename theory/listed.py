"""Claims by name, each imported when it is asked for: what `claims` and `theorems` are made of, and both together."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ascentcheck.theory.claim import Claim


def claim_in(package: str, names: Sequence[str], name: str) -> "Claim":
    """Return the `CLAIM` of the package's module that is called as its id is. Raises KeyError for an unknown one."""
    if name not in names:
        raise KeyError(name)
    claim: Claim = import_module(f"{package}.{name.replace('-', '_')}").CLAIM
    return claim


def names() -> tuple[str, ...]:
    """Return the ids of all claims, then of all theorems."""
    from ascentcheck.theory import claims, theorems

    return (*claims.NAMES, *theorems.NAMES)


def by_name(name: str) -> "Claim":
    """Return the claim or theorem of that id. Raises KeyError for an unknown one."""
    from ascentcheck.theory import claims, theorems

    return claims.by_name(name) if name in claims.NAMES else theorems.by_name(name)


def every() -> "tuple[Claim, ...]":
    """Return all claims, then all theorems."""
    return tuple(map(by_name, names()))
