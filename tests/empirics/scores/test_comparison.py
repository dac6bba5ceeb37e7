"""The comparison of candidates: their formulas, their level, and what each must and must not see."""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.scores.candidates import CANDIDATES, classifier, cramer_von_mises, gaussian_kl, mmd
from ascentcheck.empirics.scores.comparison import (
    CHANGES,
    Controls,
    as_table,
    compare,
    on_networks,
)
from ascentcheck.theory import console


@pytest.fixture(scope="module")
def found():
    return list(compare((50,), 60, ("energy", "gaussian KL", "paper KLoM, p95")))


def share(found, candidate, change):
    return next(one.power for one in found if (one.candidate, one.change) == (candidate, change))


def test_every_candidate_has_the_level(found):
    for candidate in ("energy", "gaussian KL", "paper KLoM, p95"):
        assert share(found, candidate, "none") <= 0.05 + 4 * math.sqrt(2 * 0.05 * 0.95 / 60)


def test_what_must_be_seen_and_what_cannot(found):
    assert share(found, "energy", "shift 0.3") > 0.8 > 2 * share(found, "paper KLoM, p95", "shift 0.3")
    assert share(found, "gaussian KL", "scale 1.2") > 2 * share(found, "energy", "scale 1.2")
    assert share(found, "energy", "shift 0.3, t3 oracles") > 0.8
    assert share(found, "gaussian KL", "shift 0.3, t3 oracles") < 0.5
    assert share(found, "energy", "dependence") < 0.25  # its margins one by one are the same


@pytest.mark.parametrize("name", CHANGES)
def test_changes_leave_their_input_alone_and_change_it(name):
    margins = np.random.default_rng(0).normal(size=(20, 50))
    kept = margins.copy()
    changed = CHANGES[name](margins, np.random.default_rng(1))
    np.testing.assert_array_equal(margins, kept)
    assert changed.shape == margins.shape
    assert (changed != margins).any()


def test_cramer_von_mises_is_scipys():
    x, y = np.random.default_rng(2).normal(size=(12, 1)), np.random.default_rng(3).normal(1, size=(9, 1))
    expected = stats.cramervonmises_2samp(x[:, 0], y[:, 0]).statistic
    assert cramer_von_mises(x, y) == pytest.approx(expected - (1 + 1 / 21) / 6)


@pytest.mark.parametrize("name", ["energy", "gaussian KL", "cramér–von mises", "robust KLoM, mean", "MMD"])
def test_means_at_the_null_are_zero(name):
    draw = np.random.default_rng(4)
    found = [CANDIDATES[name](*draw.normal(size=(2, 12, 40))) for _ in range(800)]
    assert abs(np.mean(found)) < 4 * np.std(found) / math.sqrt(800)


def test_gaussian_kl_is_that_of_normals():
    draw = np.random.default_rng(5)
    x, y = draw.normal(size=(20_000, 5)), 2 + 3 * draw.normal(size=(20_000, 5))
    one = math.log(3) + (1 + 4) / 18 - 0.5
    other = -math.log(3) + (9 + 4) / 2 - 0.5
    assert gaussian_kl(x, y) == pytest.approx((one + other) / 2, rel=0.05)


def test_mmd_is_the_sum_over_pairs():
    draw = np.random.default_rng(6)
    x, y = draw.normal(size=(4, 3)), draw.normal(1, size=(5, 3))
    pooled = np.concatenate([x, y])
    pooled /= pooled.std(axis=0)
    squares = [((a - b) ** 2).sum() for i, a in enumerate(pooled) for b in pooled[:i]]
    k = [[math.exp(-((a - b) ** 2).sum() / (2 * np.median(squares))) for b in pooled] for a in pooled]
    k = np.array(k)
    inside = (k[:4, :4].sum() - 4) / 12 + (k[4:, 4:].sum() - 5) / 20
    assert mmd(x, y) == pytest.approx(inside - 2 * k[:4, 4:].mean())


def test_the_classifier_has_not_seen_the_model_that_it_judges():
    draw = np.random.default_rng(7)
    x, y = draw.normal(size=(15, 4)), draw.normal(0.8, size=(10, 4))
    pooled, kinds = np.concatenate([x, y]), np.repeat([-1 / 15, 1 / 10], [15, 10]) * 25 / 2
    pooled = (pooled - pooled.mean(axis=0)) / pooled.std(axis=0)
    design = np.column_stack([pooled / 2, np.ones(25)])
    right = 0
    for i in range(25):
        rest = np.arange(25) != i
        inside = design[rest]
        weights = np.linalg.solve(inside.T @ inside + np.eye(5), inside.T @ kinds[rest])
        right += (design[i] @ weights) * kinds[i] > 0
    assert classifier(x, y) == right / 25


def test_networks_are_told_apart_where_they_differ():
    draw = np.random.default_rng(8)
    oracle, held_out, same = draw.normal(size=(3, 40, 20))
    for shift, low, high in ((0.0, 0.0, 0.3), (0.8, 0.95, 1.0)):
        seen = on_networks(Controls("here", oracle, held_out, same - shift), (20,), 60, ("energy",))
        assert low <= next(iter(seen)).power <= high


def told(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["empirics", "power", *arguments])
    with pytest.raises(SystemExit) as stop:
        console.run(empirics, "empirics")
    assert stop.value.code == 0
    return capsys.readouterr().out


def test_command(monkeypatch, capsys):
    records = json.loads(told(monkeypatch, capsys, "--candidates", "--n", "8", "--studies", "10", "--json"))
    assert len(records) == len(CANDIDATES) * (len(CHANGES) + 3)
    assert "| 8 | classifier |" in told(monkeypatch, capsys, "--candidates", "--n", "8", "--studies", "10")


def test_table(found):
    assert as_table(found).count("| 50 | ") == 3


def test_the_page_is_what_the_command_says():
    page = Path("docs/explanation/power.md").read_text(encoding="utf-8").splitlines()
    for line in as_table(list(compare((20,), 400, ("energy", "gaussian KL")))).splitlines()[2:4]:
        name = line.split("|")[2]
        shown = next(row for row in page if row.startswith(f"| 20 |{name}|"))
        now, then = ([float(cell.strip(" %")) for cell in row.split("|")[3:-1]] for row in (line, shown))
        np.testing.assert_allclose(now, then, atol=1)  # a rounded percentage may turn
