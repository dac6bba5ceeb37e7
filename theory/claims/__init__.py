"""The claims, in the paper's order. A new claim is one module and one line here."""

from ascentcheck.theory.claim import Claim
from ascentcheck.theory.claims import (
    corollary_1,
    da_farthest,
    early_stopping,
    figure_4,
    iterative_da,
    lambert_eq,
    lemma_1,
    lemma_2,
    lemma_3,
    lemma_4,
    lemma_5,
    lemma_6,
    lemma_7,
    lemma_8,
    lemma_9,
    lemma_10,
    lemma_11,
    lemma_12,
    parallel_limit,
    toy_minima,
)

CLAIMS: tuple[Claim, ...] = (
    lemma_1.CLAIM,
    lemma_11.CLAIM,
    lemma_2.CLAIM,
    lambert_eq.CLAIM,
    da_farthest.CLAIM,
    early_stopping.CLAIM,
    lemma_3.CLAIM,
    lemma_4.CLAIM,
    lemma_5.CLAIM,
    corollary_1.CLAIM,
    iterative_da.CLAIM,
    lemma_6.CLAIM,
    lemma_7.CLAIM,
    lemma_8.CLAIM,
    lemma_9.CLAIM,
    lemma_10.CLAIM,
    lemma_12.CLAIM,
    figure_4.CLAIM,
    parallel_limit.CLAIM,
    toy_minima.CLAIM,
)


def by_name(name: str) -> Claim:
    """Return the claim of that id. Raises KeyError for an unknown one."""
    return {claim.name: claim for claim in CLAIMS}[name]
