"""What the first sets showed, tried on later ones whose truth is known, and which sets the first are."""

from pathlib import Path

import numpy as np
import pytest

from ascentcheck.empirics.dependence.again import FIRST, MEAN, PAIRS, again, with_mean
from ascentcheck.empirics.dependence.evidence import AFTERWARDS, Arm, chosen
from ascentcheck.empirics.dependence.ranks import partial_spearman
from ascentcheck.empirics.study import load_study

STUDY = Path(__file__).parents[3] / "studies" / "dependence-sets.toml"
OUTCOMES = ("descent-ascent running nearest", "ga 1 frozen 1", "ga 1 running 1")


def test_the_first_sets_are_forty_of_the_study_s():
    names = {chosen.name for chosen in load_study(STUDY).forget_sets}
    assert len(FIRST) == 40
    assert names > FIRST
    assert len(names) == 96


def arm(slope, later=60):
    """Forty first sets, on which nothing hangs on anything, and later ones on which outcomes follow the predictors."""
    draw = np.random.default_rng(0)
    names = [*sorted(FIRST), *(f"later-{k}" for k in range(later))]
    predictors = {p: draw.normal(size=len(names)) for p in dict.fromkeys(p for p, *_ in PAIRS)}
    sets = [
        {"name": name, "kind": "random", "size": 20.0 + 80 * (k % 2), "nothing": 1 + draw.random()}
        | {p: x[k] for p, x in predictors.items()}
        for k, name in enumerate(names)
    ]
    moved = np.where(np.arange(len(names)) < 40, 0.0, slope * predictors["class_concentration"])
    return Arm("perceptrons", sets, {name: moved + draw.normal(size=len(names)) for name in OUTCOMES})


def test_a_pair_is_found_again_by_its_sign_and_by_the_later_sets_alone():
    found = {(one.predictor, one.outcome): one for one in again(arm(2.0))}
    assert {pair for pair, one in found.items() if one.found} == {
        ("class_concentration", "descent-ascent running nearest"),
        ("class_concentration", MEAN),
    }
    assert {one.now.n for one in found.values()} == {60}
    other_sign = {(one.predictor, one.outcome): one for one in again(arm(-2.0))}
    strong = other_sign["class_concentration", MEAN]
    assert strong.p_holm < 1e-3
    assert not strong.found


def test_p_is_corrected_over_the_pairs_and_nothing_is_said_without_later_sets():
    given = arm(0.3)
    whole = with_mean(given)
    later = np.array([row["name"] not in FIRST for row in given.sets])
    controls = [given.column(name)[later] for name in ("size", "nothing")]
    known = given.predictors
    p = [
        partial_spearman(known[predictor][later], whole.outcomes[outcome][later], controls).p
        for predictor, outcome, _ in PAIRS
    ]
    assert min(one.p_holm for one in again(given)) == pytest.approx(min(1.0, len(PAIRS) * min(p)))
    assert whole.outcomes[MEAN] == pytest.approx(
        (whole.outcomes[OUTCOMES[1]] + whole.outcomes[OUTCOMES[2]]) / 2
    )
    assert again(arm(1.0, later=0)) == []


def test_what_takes_the_oracles_is_offered_to_no_model():
    given = arm(0.0)
    draw = np.random.default_rng(1)
    told = given.outcomes[OUTCOMES[0]] + 1e-3 * draw.normal(size=len(given.sets))
    sets = [row | {AFTERWARDS[0]: told[k]} for k, row in enumerate(given.sets)]
    given = Arm("perceptrons", sets, given.outcomes)
    assert AFTERWARDS[0] in given.predictors
    (judged,) = chosen(given, [OUTCOMES[0]])
    assert AFTERWARDS[0] not in judged.judged.kept
