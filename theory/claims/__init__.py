"""The claims, in the paper's order. A new claim is one module, called as its id is, and one line here.

Modules are imported when a claim is asked for.
"""

from typing import TYPE_CHECKING, Any

from ascentcheck.theory.listed import claim_in

if TYPE_CHECKING:
    from ascentcheck.theory.claim import Claim

    CLAIMS: tuple[Claim, ...]

NAMES = (
    "lemma-1",
    "lemma-11",
    "lemma-2",
    "lambert-eq",
    "da-farthest",
    "early-stopping",
    "lemma-3",
    "lemma-4",
    "lemma-5",
    "corollary-1",
    "iterative-da",
    "lemma-6",
    "lemma-7",
    "lemma-8",
    "lemma-9",
    "lemma-10",
    "lemma-12",
    "figure-4",
    "parallel-limit",
    "toy-minima",
)


def by_name(name: str) -> "Claim":
    """Return the claim of that id. Raises KeyError for an unknown one."""
    return claim_in(__name__, NAMES, name)


def __getattr__(name: str) -> Any:
    """Return all claims as `CLAIMS`."""
    if name != "CLAIMS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = tuple(map(by_name, NAMES))
    return globals()[name]
