"""What counts as an effect of a dose: a whole interval, at a place where a change could be seen."""

import numpy as np
import pytest

from ascentcheck.empirics.dependence.doses import MAIN, NONE
from ascentcheck.empirics.dependence.effects import Count, at_dose, count, effect
from ascentcheck.empirics.dependence.ratio import HIGHEST, t_interval


def around(name, value, reach=0.02):
    return {name: value, f"{name}_low": value - reach, f"{name}_high": value + reach}


def written(now, before):
    """The rows with and without copies of ratios on some F, as the tables have them: five digits."""
    now, before = np.minimum(now, HIGHEST), np.minimum(before, HIGHEST)
    rows = []
    for dose, ratios in ((MAIN, now), (NONE, before)):
        row = {"setting": "s", "beta": "one", "place": "end", "n": float(len(now))}
        row |= {"per_point": dose.per_point, "correlation": dose.correlation}
        for name, values in (("ratio", ratios), ("effect", ratios - before)):
            found = t_interval(values)
            row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
        rows.append({k: float(f"{v:.5g}") if isinstance(v, float) else v for k, v in row.items()})
    return rows


def read(now, before):
    row, still = written(np.array(now), np.array(before))
    return effect(row, "effect", still)


def test_an_effect_is_read_off_its_whole_interval():
    assert effect(around("effect", 0.5)) == "raises"
    assert effect(around("effect", -0.5)) == "lowers"
    assert effect(around("effect", 0.01)) == "nothing"
    assert effect(around("effect", 0.1)) == "open"
    assert effect({"effect_low": None, "effect_high": None}) == "open"


def test_where_every_ratio_diverges_with_and_without_copies_no_change_is_seen():
    assert read([50.0] * 5, [12.0] * 5) == "held"
    assert read([9.0] * 5, [9.0] * 5) == "nothing"


def test_an_effect_that_the_bound_could_undo_is_open():
    some, apart = [12.0] * 4 + [2.0] * 26, np.linspace(-0.01, 0.01, 30)
    low = np.full(30, 2.0) + apart
    assert read(low - 1.0, low) == "lowers"
    assert read(low - 1.0, some) == "lowers"  # without copies it may be farther still
    assert read(some, some + 0.01 * apart) == "open"
    assert read(np.where(np.array(some) > 9, 12.0, 3.0), some) == "open"  # four at the bound on both sides
    assert read(low + 1.0, low) == "raises"


def test_no_value_is_beyond_what_a_mean_and_its_interval_allow():
    draw = np.random.default_rng(2)
    for _ in range(200):
        before = draw.normal(4, 1.5, size=8)
        before[0] = 12.0  # at the bound on one F
        (row, still) = written(before + 0.5, before)
        assert effect(row, "effect", still) == "open"


def test_held_places_are_told_and_not_counted():
    one, none = ([2.5] * 3, [2.0] * 3), ([12.0] * 3, [12.0] * 3)
    rows = []
    for number, (now, before) in enumerate((one, one, none, none, none)):
        rows += [row | {"setting": str(number)} for row in written(np.array(now), np.array(before))]
    found = count(rows, at_dose(rows, MAIN, "end"))
    assert found == Count(raises=2, lowers=0, nothing=0, total=2, held=3)
    assert found.raised is True
    assert str(found) == "raised at 2, lowered at 0, left alone at 0 of 2; 3 held"
    assert count(rows, at_dose(rows, MAIN, "end"), as_written=True) == Count(2, 0, 3, 5)


@pytest.mark.parametrize(
    ("counted", "raised"),
    [
        (Count(0, 0, 0, 0), None),
        (Count(2, 0, 0, 3), True),
        (Count(1, 0, 1, 2), False),
        (Count(0, 0, 0, 3), None),
        (Count(0, 0, 0, 0, held=4), None),
    ],
)
def test_more_than_half_is_asked_of_what_could_be_seen(counted, raised):
    assert counted.raised is raised


def test_what_was_not_run_is_said():
    assert str(Count(0, 0, 0, 0)) == "not run"
    assert Count(1, 0, 0, 2).told("courses") == "raised at 1, lowered at 0, left alone at 0 of 2 courses"
