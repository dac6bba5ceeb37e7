"""What is beyond the paper: theorems of ours, in the words of the claims, each listed here.

Modules are imported when a theorem is asked for.
"""

from typing import TYPE_CHECKING, Any

from ascentcheck.theory.listed import claim_in

if TYPE_CHECKING:
    from ascentcheck.theory.claim import Claim

    THEOREMS: tuple[Claim, ...]

NAMES = ("first-step", "overshoot", "pair-harm", "any-loss", "all-coordinates", "finite-steps", "npo")


def by_name(name: str) -> "Claim":
    """Return the theorem of that id. Raises KeyError for an unknown one."""
    return claim_in(__name__, NAMES, name)


def __getattr__(name: str) -> Any:
    """Return all theorems as `THEOREMS`."""
    if name != "THEOREMS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = tuple(map(by_name, NAMES))
    return globals()[name]
