"""KLoM: how far the margins of unlearned models are from those of oracles, point by point. Needs no torch.

At each point two samples of margins, of the oracles and of the unlearned models, are put into the cells of one
histogram and compared by Kullback–Leibler divergence. `paper` is the paper's estimator, bit by bit; p is the
oracles' sample and q the unlearned models'. `paper-reversed` swaps them. `robust` takes its cells from the oracles
alone, and is the one to trust where models are broken.

`energy`, beside them, is no KL divergence: see `ascentcheck.empirics.scores.energy`. It is the one to decide with.

A model has diverged when a margin is not finite, or when at least half of its margins are at or beyond the
clip of ±100. It counts as a total miss by every estimator. Two samples of one distribution do not score 0 in
nats: what they score is the null floor.
"""

from ascentcheck.empirics.klom.estimators import ESTIMATORS, OF_KLOM, scores
from ascentcheck.empirics.klom.floor import NullFloor, null_floor
from ascentcheck.empirics.klom.histogram import WORST
from ascentcheck.empirics.klom.summary import Klom, klom
from ascentcheck.empirics.scores.diverged import CLIP, diverged

__all__ = [
    "CLIP",
    "ESTIMATORS",
    "OF_KLOM",
    "WORST",
    "Klom",
    "NullFloor",
    "diverged",
    "klom",
    "null_floor",
    "scores",
]
