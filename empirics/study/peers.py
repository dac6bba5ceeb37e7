"""What the scores of others say of a study: each snapshot on its forget points, and oracles against oracles beside it.

The value of held-out oracles is what a perfect method would reach at these numbers of models and on these points; a value means
something against it alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from ascentcheck.empirics.scores.epsilon import competition_score, epsilons, forgetting_quality
from ascentcheck.empirics.scores.membership import membership
from ascentcheck.empirics.scores.tug_of_war import accuracy, tug_of_war
from ascentcheck.empirics.scores.u_lira import u_lira
from ascentcheck.empirics.study.session import Session
from ascentcheck.empirics.study.shown_settings import shown_settings
from ascentcheck.empirics.study.snapshots import margins_of


@dataclass(frozen=True)
class Peers:
    """The scores of others for one snapshot of one configuration on one set.

    `u_lira` is the accuracy of the attack, mean over forget points (nan with fewer than 4 models of a kind); `epsilon` the median
    over forget points, `quality` the F and `competition` the score of the NeurIPS 2023 competition; `tug_of_war` the product over
    the three splits; `membership` the area under the curve of the loss, mean over models, and `membership_error` its standard
    error.
    """

    forget_set: str
    method: str
    hyperparameters: str
    epoch: int
    n_oracle: int
    n_unlearned: int
    u_lira: float
    epsilon: float
    quality: float
    competition: float
    tug_of_war: float
    membership: float
    membership_error: float


def peers(session: Session) -> Iterator[Peers]:
    """Yield the scores of every finished snapshot, controls first, sets in the study's order."""
    for name, oracle, snapshot in margins_of(session.study, session.plan, session.store):
        own, others = snapshot.splits, oracle
        retrained, unlearned = ({k: accuracy(v) for k, v in splits.items()} for splits in (others, own))
        epsilon = epsilons(others["forget"], own["forget"])
        quality = forgetting_quality(epsilon, min(len(others["forget"]), len(own["forget"])))
        areas = membership(own["forget"], own["validation"])
        yield Peers(
            name,
            snapshot.method,
            snapshot.hyperparameters,
            snapshot.epoch,
            len(others["forget"]),
            len(own["forget"]),
            _u_lira(others["forget"], own["forget"]),
            float(np.median(epsilon)),
            quality,
            competition_score(quality, *((a["retain"], a["validation"]) for a in (unlearned, retrained))),
            tug_of_war(unlearned, retrained),
            float(areas.mean()),
            float(areas.std(ddof=1) / np.sqrt(len(areas))),
        )


def _u_lira(oracle: np.ndarray, unlearned: np.ndarray) -> float:
    try:
        return float(u_lira(oracle, unlearned).mean())
    except ValueError:  # too few models that have not diverged
        return float("nan")


def as_record(one: Peers) -> dict[str, str | int | float | None]:
    """Return a record for JSON, which has no numbers for what is not finite: nan is null, and an infinite ε is "inf"."""
    record = asdict(one)
    for key, value in record.items():
        if isinstance(value, float) and not math.isfinite(value):
            record[key] = None if math.isnan(value) else "inf"
    return record


def as_text(found: Sequence[Peers]) -> str:
    """Return a table for people."""
    lines = [
        f"{'set':<16}{'method':<17}{'settings':<44}{'epoch':>5}{'U-LiRA':>8}{'epsilon':>9}{'F':>7}{'score':>7}"
        f"{'tug':>7}{'loss':>7}"
    ]
    lines += [
        f"{p.forget_set:<16}{p.method:<17}{shown_settings(json.loads(p.hyperparameters)):<44}{p.epoch:>5}"
        f"{p.u_lira:>8.3f}{p.epsilon:>9.2f}{p.quality:>7.3f}{p.competition:>7.3f}{p.tug_of_war:>7.3f}"
        f"{p.membership:>7.3f}"
        for p in found
    ]
    return "\n".join(lines)
