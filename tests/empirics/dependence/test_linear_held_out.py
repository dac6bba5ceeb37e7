"""Test loss and stationary points of linear settings: against a plain evaluation, what is kept, and how rows are made."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss

from ascentcheck.empirics.data.copies import set_aside
from ascentcheck.empirics.dependence import linear_held_out, linear_points
from ascentcheck.empirics.dependence.linear_courses import solved
from ascentcheck.empirics.dependence.linear_data import Setting, bundled, mask
from ascentcheck.empirics.store import Store

CANCER = Setting("breast-cancer", "logistic", 0.1)


def show(what, share):
    return None


def test_parts_share_no_sample_and_keep_the_classes():
    classes = np.repeat([0, 1, 2], [50, 30, 20])
    kept, held = linear_held_out.parts(classes)
    assert sorted([*kept, *held]) == list(range(100))
    assert np.bincount(classes[held]).tolist() == [10, 6, 4]


def test_excess_is_the_loss_on_what_is_held_out():
    data = bundled("breast-cancer")
    found = linear_held_out.on_split(CANCER, data, 0)
    kept, held = linear_held_out.parts(data.classes)
    forget = set_aside(data.classes[kept], 40, 4, np.random.default_rng([0, 40])).forget
    mine = replace(data, x=data.x[kept], signs=data.signs[kept])
    start, oracle = solved(CANCER.problem(mine, mask(len(kept), forget)))

    def loss(w):
        chance = 1 / (1 + np.exp(-data.x[held] @ w))
        return log_loss(data.signs[held] > 0, chance)

    for beta in ("one", "samples"):
        assert found[beta]["retrained"] == pytest.approx(loss(oracle))
        assert found[beta]["excess"]["nothing"] == pytest.approx(loss(start) - loss(oracle))
    assert found["one"]["excess"]["end"] > found["samples"]["excess"]["end"]


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(linear_held_out, "settings", lambda data: [CANCER])
    monkeypatch.setattr(linear_points, "STARTS", 2)
    return {"breast-cancer": bundled("breast-cancer")}


def test_rows_are_means_and_an_end_that_diverges_has_none(tmp_path, few, monkeypatch):
    found = linear_held_out.run(Store(tmp_path), show, few, draws=2)
    monkeypatch.setattr(linear_held_out, "on_split", pytest.fail)  # all of it is in the store
    assert linear_held_out.run(Store(tmp_path), show, few, draws=2) == found
    found[CANCER, 1]["one"]["excess"]["end"] = None
    rows = {(r.beta, r.place): r for r in linear_held_out.responses(found)}
    assert len(rows) == 6
    assert np.isnan(rows["one", "end"].excess.value)
    assert rows["one", "end"].diverges == 0.5
    each = [c["samples"]["excess"]["end"] for c in found.values()]
    assert rows["samples", "end"].excess.value == pytest.approx(np.mean(each))
    assert rows["samples", "end"].diverges == 0


def test_a_setting_tells_its_points_and_what_is_proved(tmp_path, few, monkeypatch):
    known = linear_points.run(Store(tmp_path), show, few, draws=2)
    monkeypatch.setattr(linear_points, "at_draw", pytest.fail)
    assert linear_points.run(Store(tmp_path), show, few, draws=2) == known
    known[CANCER, 0]["one"]["bound"] = None
    known[CANCER, 1]["one"]["points"] += [{"index": 1, "length": 3.0}] * 2
    rows = {r.beta: r for r in linear_points.responses(known)}
    assert (rows["samples"].n, rows["samples"].proved, rows["samples"].found) == (2, 2, "0:1; 0:1")
    assert rows["one"].proved == int(known[CANCER, 1]["one"]["bound"] > 0)
    assert rows["one"].least_curvature == -np.inf
    assert rows["one"].found.endswith("0:1 1:2")
