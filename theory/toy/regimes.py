r"""Which part of the story of §5.2 fails first, for every reading and ridge: the map of regimes.

The story has five parts, in the order of `PARTS`; a regime is the first part that fails, or `all` where none does. Every
entry rests on all the stationary points, enclosed (`stationary`), and on a trapped flow (`trapping`). The stored map is
made by `python -m ascentcheck.theory.toy.regimes`, which takes minutes; a test decides part of it again.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import get_args

from flint import fmpq

from ascentcheck.theory import disk
from ascentcheck.theory.progress import progress_bar
from ascentcheck.theory.toy.problem import Exponent, Labels, Name, Normaliser, Output, Reading, toy
from ascentcheck.theory.toy.stationary import Cover, solve
from ascentcheck.theory.toy.trapping import flow_end

PATH = Path(__file__).resolve().parent.parent / "certificates" / "toy-regimes.json"
RIDGES = tuple(
    fmpq(n, 1000)
    for n in (1, 2, 3, 5, 7, 10, 14, 20, 30, 40, 50, 70, 100, 140, 200, 300, 500, 700, 1000, 1400, 2000)
)
"""0.001 to 2, about four to a factor of three."""
FORGOTTEN = 2
SAME, OTHER = "-+++", "-+--"
"""The two planes of the figure: which of the four places fall on the positive side."""
PARTS = (
    "the pretrained global minimum has 13 correct, 1 incorrect",
    "the pretrained problem has a second minimum, the other plane",
    "the retrained global minimum is on the same plane",
    "descent-ascent ends on the other plane",
    "finetuning stays on the other plane",
)
ALL = len(PARTS)
UNKNOWN = -1


def readings() -> list[Reading]:
    """Return the 32 readings, the literal one first."""
    kinds = get_args(Exponent), get_args(Output), get_args(Labels), get_args(Normaliser), (False, True)
    return [
        Reading(output, labels, normaliser, half, exponent)
        for exponent, output, labels, normaliser, half in itertools.product(*kinds)
    ]


def regime(reading: Reading, ridge: fmpq, forgotten: int = FORGOTTEN) -> int:
    """Return the index in `PARTS` of the first part that fails, `ALL` if none does, `UNKNOWN` if undecided.

    Raises ValueError for a ridge ≤ 0 or `forgotten` not in 0…4.
    """

    def found(name: Name) -> Cover:
        return solve(name, reading, ridge, 0 if name == "pretrained" else forgotten)

    try:
        pretrained = found("pretrained").minima
        if pretrained[0].signs != SAME:
            return 0
        if [point.signs for point in pretrained[1:]] != [OTHER]:
            return 1
        retrained = found("retrained")
        if retrained.minima[0].signs != SAME:
            return 2
        ascended = found("da")
        after = flow_end(toy("da", reading, ridge, forgotten), ascended, pretrained[0])
        if after is None:
            return UNKNOWN
        there = ascended.minima[after - 1]
        if there.signs != OTHER:
            return 3
        end = flow_end(toy("retrained", reading, ridge, forgotten), retrained, there)
        if end is None:
            return UNKNOWN
        return ALL if retrained.minima[end - 1].signs == OTHER else 4
    except ArithmeticError:
        return UNKNOWN


def key(reading: Reading) -> str:
    """Return the reading in words, as 'halved unit signed points'; with 'half' at the end where the error has one."""
    words = (reading.exponent, reading.output, reading.labels, reading.normaliser)
    return " ".join((*words, *["half"] * reading.half))


def stored() -> dict[str, list[int]]:
    """Return the stored map: for each reading in words, the regimes at `RIDGES`. Raises FileNotFoundError without it."""
    record = json.loads(PATH.read_text(encoding="utf-8"))
    if record["ridges"] != [str(ridge) for ridge in RIDGES]:
        raise ValueError(f"{PATH.name} is for other ridges; make it again")
    regimes: dict[str, list[int]] = record["regimes"]
    return regimes


def _write() -> None:
    made: dict[str, list[int]] = {}
    with progress_bar() as progress:
        task = progress.add_task("regimes", total=len(readings()) * len(RIDGES))
        for reading in readings():
            made[key(reading)] = []
            for ridge in RIDGES:
                made[key(reading)].append(regime(reading, ridge))
                progress.advance(task)
    record = {"forgotten": FORGOTTEN, "ridges": [str(ridge) for ridge in RIDGES], "regimes": made}
    PATH.parent.mkdir(exist_ok=True)
    disk.write_text(PATH, json.dumps(record) + "\n")


if __name__ == "__main__":
    _write()
