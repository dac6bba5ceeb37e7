"""Two groups: both distances of the whole vector, and the threshold."""

from collections.abc import Mapping
from functools import partial

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.decide import sign_at
from ascentcheck.theory.claim import Evaluation, Prints, Values
from ascentcheck.theory.claims.lemma_2 import z_da, z_pretrained, z_retrained
from ascentcheck.theory.expression import W0, enclose
from ascentcheck.theory.linear import simulated
from ascentcheck.theory.margins import conclusion
from ascentcheck.theory.theorems.all_coordinates import (
    AS_COUNTS,
    PAIRS,
    TWO,
    all_forget,
    all_retain,
    forget_1,
    forget_2,
    forget_group,
    retain_1,
    retain_2,
    squared_da,
    squared_nothing,
)
from ascentcheck.theory.vocabulary import ridge

ALIKE = "|F_1||R_2| = |F_2||R_1|"


NOTHING, AWAY = "‖w^D − w^R‖", "‖w^DA − w^R‖"


EXIST = "eh(r_1 − f_1) + 1 > 0 and eh(r_2 − f_2) + 1 > 0"


def evaluate(point: Mapping[sp.Symbol, fmpq]) -> Evaluation:
    """Return both distances of the whole vector, two groups; the conclusion is that descent-ascent is at least as far.

    `kappa_root_m` is (|F|/|D|)·√M: up to 1 doing nothing is at least as good, in the limit of a large ridge.
    """
    exists = all(sign_at(sp.Add(1, *(sp.E * z for z in w_da.args)), point) == 1 for *_, w_da in PAIRS)
    fraction = all_forget / (all_retain + all_forget)
    values: dict[str, arb | fmpq | str | int | list[object] | None] = {
        "kappa_root_m": enclose(fraction * sp.sqrt(2), point),
        "alpha_1": point[forget_1] / point[retain_1],
        "alpha_2": None if point[retain_2] == 0 else point[forget_2] / point[retain_2],
        "balance": enclose(all_forget / all_retain, point),
    }
    alike = point[forget_1] * point[retain_2] == point[forget_2] * point[retain_1]
    nothing = fmpq(0) if alike else enclose(sp.sqrt(squared_nothing), point)
    values["distance_nothing"] = nothing
    hypotheses = {
        "da_minimum_exists": exists,
        "whole_counts": all(v.q == 1 for s, v in point.items() if s != ridge),
    }
    if not exists:
        return Evaluation(hypotheses, values | {"distance_da": None, "ratio": None}, None, None)
    away = enclose(sp.sqrt(squared_da), point)
    margin = away if alike else enclose(sp.sqrt(squared_da) - sp.sqrt(squared_nothing), point)
    ratio = None if alike else arb(away) / arb(nothing)
    return Evaluation(hypotheses, values | {"distance_da": away, "ratio": ratio}, conclusion(margin), margin)


VALUES = Values(
    inputs=TWO,
    prints=(
        Prints("da_minimum_exists", EXIST),
        Prints("whole_counts", "whole |R_1|, |R_2|, |F_1|, |F_2|"),
        Prints("kappa_root_m", "√(2)·κ"),
        Prints("alpha_1", "|F_1|/|R_1|"),
        Prints("alpha_2", "|F_2|/|R_2|", "|R_2| > 0"),
        Prints("balance", "(|F_1| + |F_2|)/(|R_1| + |R_2|)"),
        Prints("distance_nothing", NOTHING),
        Prints("distance_da", AWAY, EXIST),
        Prints("ratio", f"{AWAY}/{NOTHING}", f"{NOTHING} > 0 and {EXIST}"),
        Prints("holds", f"{AWAY} ≥ {NOTHING}", EXIST),
        Prints("margin", AWAY, ALIKE),
        Prints("margin", f"{AWAY} − {NOTHING}", EXIST),
    ),
    evaluate=evaluate,
    simulate=partial(
        simulated.three_groups,
        [W0(z.subs(AS_COUNTS)) for z in (z_pretrained, z_retrained, z_da)],
        forget_group,
    ),
)
