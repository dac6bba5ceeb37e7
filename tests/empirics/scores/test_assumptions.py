"""What happens to the verdict where models are not independent, or few: the simulation does what its tables say."""

from pathlib import Path

import numpy as np
import pytest

from ascentcheck.empirics.scores.assumptions import (
    CASES,
    Case,
    modes,
    paired,
    table_of_cases,
    table_of_floors,
    table_of_p95,
    table_of_pairs,
    table_of_points,
    told,
)


@pytest.mark.parametrize(
    ("case", "within", "across"),
    [
        (Case(4, 4), 0, 0),
        (Case(4, 4, starts=1, correlation=0.5), 0.5, 0),
        (Case(4, 4, starts=2, correlation=0.5), 0, 0),
        (Case(4, 4, seeds=True, correlation=0.7), 0, 0.7),
    ],
)
def test_models_have_the_correlation_that_is_told_and_the_law_of_oracles(case, within, across):
    draw = np.random.default_rng(0)
    points = modes(draw, 30)
    found = np.array(
        [np.concatenate(case.samples(draw, points)) for _ in range(1500)]
    )  # [studies, models, points]
    square = np.einsum("smp,snp->mn", found, found) / (1500 * 30)
    assert np.diag(square) == pytest.approx(1, abs=0.06)
    assert square[4, 5] == pytest.approx(within, abs=0.06)
    assert square[0, 4] == pytest.approx(across, abs=0.06)
    assert [square[0, 5], square[0, 1]] == pytest.approx([0, 0], abs=0.06)
    if case.starts == 2:
        assert square[4, 6] == pytest.approx(0.5, abs=0.06)


def test_a_change_is_a_shift_or_a_spread():
    draw = np.random.default_rng(1)
    points = modes(draw)
    lower, wider = (np.concatenate([case.samples(draw, points)[1] for _ in range(300)])
                    for case in (Case(2, 9, shift=2.0), Case(2, 9, scale=3.0)))  # fmt: skip
    assert lower.mean() == pytest.approx(-2, abs=0.1)
    assert lower.std() == pytest.approx(1, abs=0.05)
    assert wider.mean() == pytest.approx(0, abs=0.2)
    assert wider.std() == pytest.approx(3, abs=0.15)


def test_a_common_start_is_taken_for_a_difference_and_common_seeds_hide_one():
    shared, alone = (told(case, 60) for case in (Case(20, 20, starts=1, correlation=0.5), Case(20, 20)))
    assert shared.differ > 45 > 15 > alone.differ
    seeds, apart = (told(Case(20, 20, seeds=by > 0, correlation=by, shift=0.5), 60) for by in (0.9, 0.0))
    assert seeds.differ < apart.differ


def test_one_model_of_each_start_is_as_good_as_independent_ones():
    all_of_them, one_of_each = (told(Case(20, m, starts=5, correlation=0.9), 60) for m in (50, 5))
    assert all_of_them.differ > 30 > 12 > one_of_each.differ


def test_what_is_at_odds_is_one_of_the_two_without_the_other():
    for case in (Case(8, 8), Case(8, 8, scale=0.3)):
        found = told(case, 60)
        assert abs(found.differ - found.without_0) <= found.at_odds <= found.differ + found.without_0
        assert (found.at_odds - found.differ - found.without_0) % 2 == 0


@pytest.mark.parametrize("n", [5, 20])
def test_nothing_done_scores_two_models_less_than_0(n):
    assert paired(n, 0.0, 5) == pytest.approx(-2 / n)
    assert (paired(n, 0.2, 5) > -2 / n).all()


def test_tables_have_a_row_for_each_case():
    assert table_of_cases([told(case, 10) for case in CASES[:2]]).count("\n| ") == 2
    assert table_of_floors(10).count("\n| ") == 9
    assert table_of_points(10, 20).count("\n| ") == 5
    assert table_of_p95(10, 20).count("\n| ") == 12
    assert table_of_pairs(10).count("\n| ") == 24


def cells(row):
    return [float(cell.strip(" %")) for cell in row.replace(" to ", "|").split("|")[3:-1]]


def test_the_page_is_what_the_module_prints():
    page = Path("docs/explanation/power.md").read_text(encoding="utf-8").splitlines()
    for case in (Case(10, 10), Case(20, 4, scale=0.5)):
        assert case in CASES
        row = table_of_cases([told(case)]).splitlines()[2]
        (shown,) = [line for line in page if line.startswith(f"| {case.told} | {case.n} | {case.m} |")]
        assert cells(shown) == pytest.approx(cells(row), abs=0.2)
    (shown,) = [line for line in page if line.startswith("| 5 | 0.5 | -")]
    assert float(shown.split("|")[3]) == pytest.approx(paired(5, 0.5).mean(), abs=0.001)
