"""`klom-n`: how many models KLoM needs, appendix J of the paper, decided by simulation beside a law.

Two samples of one distribution are scored: whatever they differ by is the estimator's own. Needs no study.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import numpy as np

from ascentcheck.empirics import klom
from ascentcheck.empirics.findings.answer import above, below, decided, every, negated, some, times, unopposed
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.klom import NullFloor, null_floor
from ascentcheck.empirics.klom.floor_law import floor_law
from ascentcheck.empirics.klom.power import Power, power
from ascentcheck.empirics.store import Store

CLAIM = "klom-n"
WHERE = "App. J"
LARGE = 2.0
"""A floor is large if it is more than this many times that at N = 100."""
STABLE = 0.1
"""The floor is stable from N on if with more models it is at most this share lower."""
POINTS = 5000
"""Points at which a change is looked for."""


def findings(store: Store | None = None) -> tuple[Finding, ...]:
    """Return the findings about N, in the order of the paper. A store keeps them: to simulate them takes seconds."""
    if store is None:
        return _simulated()
    known = store.remembered(_key(), lambda: {"findings": [asdict(one) for one in _simulated()]})
    return tuple(Finding(**one) for one in known["findings"])


@lru_cache(maxsize=1)
def _simulated() -> tuple[Finding, ...]:
    return needed(), differences(), stable()


def _key() -> str:
    """Return what determines them: the code of KLoM and of this module, and numpy, which draws."""
    code = hashlib.sha256()
    for path in (Path(__file__), *sorted(Path(klom.__file__).parent.glob("*.py"))):
        code.update(path.read_bytes())
    return json.dumps(["klom-n", code.hexdigest(), np.__version__])


def differences() -> Finding:
    """Decide whether few models give large differences, where there are none in truth."""
    few, enough = {n: null_floor(n, n) for n in (20, 50)}, null_floor(100, 100)
    large = [above(floor.interval, times(LARGE, enough.interval)) for floor in few.values()]
    laws = {n: floor_law(n) for n in (20, 50, 100)}
    return Finding(
        CLAIM,
        "N = 20 and N = 50 give large differences between pretrained and oracle models on retain and validation data.",
        WHERE,
        f"Between two samples of one normal distribution, the 95th percentile over points of the paper's estimator at "
        f"N = 20 and at N = 50 is more than {LARGE:g} times that at N = 100, by 95% intervals.",
        decided(every(large)),
        f"{_told({**few, 100: enough})}. So there is a large score without any difference. With independent Poisson "
        f"cells the law gives {', '.join(f'{law.p95:.2f}' for law in laws.values())}, and of its mean "
        f"{', '.join(f'{law.of_empty_cells:.0%}' for law in laws.values())} comes from cells with oracles and no "
        "unlearned model in them.",
    )


def stable() -> Finding:
    """Decide whether the score is stable from N = 80."""
    floors = {n: null_floor(n, n) for n in (80, 100, 200, 400)}
    least = times(1 - STABLE, floors[80].interval)
    falls = [below(floors[n].interval, least) for n in (100, 200, 400)]
    robust = {n: null_floor(n, n, "robust") for n in (80, 100, 200)}
    return Finding(
        CLAIM,
        "Margin distributions become stable for all sets after N = 80.",
        WHERE,
        f"From N = 80 to 100, 200 and 400 the null floor of the paper's estimator falls by at most {STABLE:.0%}; "
        "refuted if by any of them it falls further, by 95% intervals.",
        decided(negated(some(falls))),
        f"{_told(floors)}. N times the floor is {', '.join(f'{n * floor.p95:.0f}' for n, floor in floors.items())}: "
        "it falls faster than 1/N at all of them, since empty cells become fewer. What is stable is the mean of the "
        f"robust estimator, 0 at every N; its floor falls as 1/N: {_told(robust)}.",
    )


def needed() -> Finding:
    """Decide whether 100 models are needed, by what half as many show with the robust estimator."""
    seen = [
        {one.change: one for one in power((n,), POINTS, (estimator,)) if one.change != "none"}
        for n, estimator in ((100, "paper"), (50, "robust"))
    ]
    pairs = [(seen[0][change], seen[1][change]) for change in seen[0]]
    fewer = [below(robust.interval, paper.interval) for paper, robust in pairs]
    less, more = (
        [robust.change for (_, robust), answer in zip(pairs, fewer, strict=True) if answer is which]
        for which in (True, False)
    )
    return Finding(
        CLAIM,
        "KLoM needs N = 100 models.",
        WHERE,
        "Of the changes that `python -m empirics power` tries, at the 5% level and by 95% intervals: refuted if the robust "
        "estimator with N = 50 detects some at more points than the paper's with N = 100 and none at fewer, confirmed if "
        "some at fewer and none at more.",
        decided(unopposed(fewer)),
        f"At more points: {', '.join(more) or 'none'}; at fewer: {', '.join(less) or 'none'}. "
        + "; ".join(
            f"{robust.change}: {_detected(robust)} against {_detected(paper)}" for paper, robust in pairs
        )
        + f" (`robust` at N = 50 against `paper` at N = 100, n = {POINTS} points each).",
    )


def _detected(one: Power) -> str:
    return f"{one.detected:.1%} ({one.interval[0]:.1%}–{one.interval[1]:.1%})"


def _told(floors: dict[int, NullFloor]) -> str:
    points = next(iter(floors.values())).points
    told = ", ".join(
        f"{floor.p95:.3f} ({floor.interval[0]:.3f}–{floor.interval[1]:.3f}) at N = {n}"
        for n, floor in floors.items()
    )
    return f"Floor {told} (n = {points} points each)"
