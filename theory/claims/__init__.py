"""The claims, in the paper's order. A new claim is one module and one line here."""

from theory.claim import Claim
from theory.claims import lambert_eq, lemma_2, lemma_3

CLAIMS: tuple[Claim, ...] = (lemma_2.CLAIM, lambert_eq.CLAIM, lemma_3.CLAIM)


def by_name(name: str) -> Claim:
    """Return the claim of that id. Raises KeyError for an unknown one."""
    return {claim.name: claim for claim in CLAIMS}[name]
