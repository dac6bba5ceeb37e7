"""Where every random number of a study comes from: one integer, by hashing, so that nothing depends on order.

A member's seed is a digest of (study seed, role, member number): adding members, roles or jobs changes no
seed that was there before, and two roles never share one. A member's own uses (initial weights, order of the
batches) are independent streams of numpy's PCG64, keyed by (seed, use). torch's generator is not used here:
on the CPU it keeps only the lower 32 bits of a seed, so that among 20,000 members two would be twins with a
probability of 5%.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np


def member_seeds(seed: int, role: str, n: int) -> list[int]:
    """Return `n` seeds in [0, 2**63) for the members 0..n-1 of the ensemble that plays `role`."""
    return [_digest(f"{seed}/{role}/{member}") >> 1 for member in range(n)]


def streams(seeds: Sequence[int], use: str) -> list[np.random.Generator]:
    """Return one fresh random stream per member for `use`; the same (seed, use) gives the same stream."""
    return [np.random.default_rng([seed, _digest(use)]) for seed in seeds]


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
