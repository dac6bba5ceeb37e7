"""The margins of a study's controls: oracles, held-out oracles and pretrained models, split by split."""

from __future__ import annotations

import numpy as np

from ascentcheck.empirics.scores.comparison import Controls
from ascentcheck.empirics.study.job import held_out_of, oracle_of, pretrained_of
from ascentcheck.empirics.study.session import Session
from ascentcheck.theory.console import UserError

MOST = 250
"""Points of a split, evenly spread: more would take time and tell the same."""


def controls(session: Session) -> list[Controls]:
    """Return them for retained and validation points of each set. Raises UserError where there is no set with both."""
    started = session.store.get(pretrained_of(session.plan).digest)
    found = []
    for chosen in session.study.forget_sets:
        oracle, held_out = (
            session.store.get(of(session.plan, chosen).digest) for of in (oracle_of, held_out_of)
        )
        if oracle is None or held_out is None or started is None:
            continue
        retained = np.ones(oracle.array("train").shape[1], dtype=bool)
        retained[oracle.array("forget")] = False
        for split, array, some in (
            ("retain", "train", np.flatnonzero(retained)),
            ("validation", "validation", np.arange(oracle.array("validation").shape[1])),
        ):
            some = some[:: -(-len(some) // MOST)]
            margins = (np.asarray(result.array(array)[:, some]) for result in (oracle, held_out, started))
            found.append(Controls(f"{chosen.name}, {split}", *margins))
    if not found:
        raise UserError(f"{session.path}: no set has its oracles, held-out oracles and pretrained models yet")
    return found
