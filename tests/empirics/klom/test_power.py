"""The power study: its level, what it must find, its interval, its command."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.klom import ESTIMATORS, null_floor
from ascentcheck.empirics.klom.power import CHANGES, as_table, power, wilson
from ascentcheck.theory import console


@pytest.fixture(scope="module")
def found():
    return {(one.n_models, one.estimator, one.change): one for one in power((20, 100), 1500)}


def test_the_level_is_five_per_cent(found):
    for n in (20, 100):
        for estimator in ESTIMATORS:
            one = found[n, estimator, "none"]
            assert abs(one.detected - 0.05) < 4 * (0.05 * 0.95 / 1500) ** 0.5
            assert one.floor == null_floor(n, n, estimator).p95


def test_robust_is_the_one_that_sees_broken_members(found):
    """At N = 100, what the paper's estimator misses; and at N = 20 a shift."""
    for change in ("10% broken", "20% broken", "scale × 2"):
        assert found[100, "paper", change].interval[1] < 0.1
        assert found[100, "robust", change].interval[0] > 0.9
    assert (
        found[20, "robust", "shift of 1 sigma"].interval[0]
        > 2 * found[20, "paper", "shift of 1 sigma"].interval[1]
    )
    assert found[20, "robust", "2 sigma, 1 outlier"].detected > 0.95


def test_a_larger_change_is_found_more_often(found):
    for estimator in ESTIMATORS:
        assert (
            found[20, estimator, "shift of 2 sigma"].detected
            > found[20, estimator, "shift of 1 sigma"].detected
        )


@pytest.mark.parametrize("name", CHANGES)
def test_changes_leave_their_input_alone_and_change_it(name):
    margins = np.random.default_rng(0).normal(size=(20, 5))
    kept = margins.copy()
    changed = CHANGES[name](margins, np.random.default_rng(1))
    np.testing.assert_array_equal(margins, kept)
    assert changed.shape == margins.shape
    assert (changed != margins).any()


def test_wilson_is_the_known_interval():
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


def test_table_has_a_row_for_each_size_and_estimator(found):
    lines = as_table(list(found.values())).splitlines()
    assert sum(line.startswith(("| 20 |", "| 100 |")) for line in lines) == 2 * len(ESTIMATORS)


def test_the_page_is_what_the_command_says():
    page = Path("docs/explanation/power.md").read_text(encoding="utf-8").splitlines()
    for line in as_table(list(power((20,)))).splitlines():
        if line.startswith("| 20 |"):
            name = line.split("|")[2]
            shown = next(row for row in page if row.startswith(f"| 20 |{name}|"))
            now, then = ([float(cell.strip(" %")) for cell in row.split("|")[3:-1]] for row in (line, shown))
            np.testing.assert_allclose(now[1:], then[1:], atol=1)  # a rounded percentage may turn
            assert now[0] == pytest.approx(then[0], abs=0.002)


def told(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["empirics", "power", *arguments])
    with pytest.raises(SystemExit) as stop:
        console.run(empirics, "empirics")
    assert stop.value.code == 0
    return capsys.readouterr().out


def test_command(monkeypatch, capsys):
    records = json.loads(told(monkeypatch, capsys, "--n", "20", "--points", "200", "--json"))
    assert len(records) == len(ESTIMATORS) * (len(CHANGES) + 1)
    assert records[0]["n_models"] == 20
    assert "| 20 | `robust` |" in told(monkeypatch, capsys, "--n", "20", "--points", "200")
