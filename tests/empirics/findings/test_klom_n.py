"""The findings about N: their verdicts follow from the figures, and turn when the figures do."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from ascentcheck.empirics import klom
from ascentcheck.empirics.findings import findings, klom_n
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.klom import NullFloor
from ascentcheck.empirics.store import Store
from ascentcheck.empirics.study import load_study


def test_each_finding_is_complete_and_simulated_figures_have_n_and_interval():
    found = klom_n.findings()
    assert [one.verdict for one in found] == ["not decided", "confirmed", "refuted"]
    for one in found:
        assert one.claim == "klom-n"
        assert "n = " in one.measured
        assert "–" in one.measured
    _, differences, stable = (re.findall(r"at N = (\d+)", one.measured) for one in found)
    assert differences == ["20", "50", "100"]
    assert stable == ["80", "100", "200", "400", "80", "100", "200"]


def test_every_study_tells_them():
    study = load_study(Path("studies/digits-small.toml"))
    assert findings(study, [])[-3:] == klom_n.findings()


def test_a_store_keeps_them_until_the_code_is_another(tmp_path, monkeypatch):
    one = Finding("klom-n", "A sentence.", "App. J", "A rule.", "refuted", "n = 3")
    store = Store(tmp_path)
    monkeypatch.setattr(klom_n, "_simulated", lambda: (one,))
    assert klom_n.findings(store) == (one,)
    monkeypatch.setattr(klom_n, "_simulated", lambda: ())
    assert klom_n.findings(store) == (one,)
    monkeypatch.setattr(klom_n, "_key", lambda: "of other code")
    assert klom_n.findings(store) == klom_n.findings() == ()


def test_other_code_is_other_findings():
    code = hashlib.sha256()
    for module in (Path(klom_n.__file__), *sorted(Path(klom.__file__).parent.glob("*.py"))):
        code.update(module.read_bytes())
    assert json.loads(klom_n._key()) == ["klom-n", code.hexdigest(), np.__version__]


def floors(by_n):
    def null_floor(n_oracle, n_unlearned, estimator="paper"):
        p95 = by_n(n_oracle)
        return NullFloor(p95, (0.99 * p95, 1.01 * p95), p95 / 2, 20_000)

    return null_floor


@pytest.mark.parametrize(
    ("by_n", "stable", "large"),
    [
        (lambda n: 0.5, "confirmed", "refuted"),
        (lambda n: 66 / n, "refuted", "not decided"),
        (lambda n: 1e4 / n**2, "refuted", "confirmed"),
        (lambda n: 0.5 if n <= 80 else 0.455, "not decided", "refuted"),
        (lambda n: 2.0 if n < 80 else 0.5, "confirmed", "confirmed"),
    ],
)
def test_verdicts_follow_the_floors(monkeypatch, by_n, stable, large):
    monkeypatch.setattr(klom_n, "null_floor", floors(by_n))
    assert klom_n.stable().verdict == stable
    assert klom_n.differences().verdict == large


def test_the_bounds_are_those_that_were_written():
    assert (klom_n.LARGE, klom_n.STABLE, klom_n.POINTS) == (2.0, 0.1, 5000)


def test_floors_are_of_as_many_oracles_as_unlearned_models(monkeypatch):
    asked, laws, floor, law = [], [], floors(lambda n: 66 / n), klom_n.floor_law(20)
    monkeypatch.setattr(
        klom_n, "null_floor", lambda n, m, *rest: asked.append((n, m, *rest)) or floor(n, m, *rest)
    )
    monkeypatch.setattr(klom_n, "floor_law", lambda n: laws.append(n) or law)
    klom_n.differences()
    assert asked == [(20, 20), (50, 50), (100, 100)]
    assert laws == [20, 50, 100]
    asked.clear()
    klom_n.stable()
    assert asked == [*((n, n) for n in (80, 100, 200, 400)), *((n, n, "robust") for n in (80, 100, 200))]


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ({"shift": (0.9, 0.95), "scale": (0.9, 0.9)}, "refuted"),
        ({"shift": (0.95, 0.9), "scale": (0.9, 0.9)}, "confirmed"),
        ({"shift": (0.95, 0.9), "scale": (0.9, 0.95)}, "not decided"),
        ({"shift": (0.9, 0.9)}, "not decided"),
    ],
)
def test_needed_follows_the_power_over_all_changes(monkeypatch, shares, verdict):
    asked = []

    def power(n_models, points, estimators):
        asked.append((n_models, points, estimators))
        for change, given in {"none": (0.05, 0.9), **shares}.items():
            share = given[("paper", "robust").index(estimators[0])]
            yield klom_power(n_models[0], estimators[0], points, share, change)

    monkeypatch.setattr(klom_n, "power", power)
    found = klom_n.needed()
    assert asked == [((100,), 5000, ("paper",)), ((50,), 5000, ("robust",))]
    assert found.verdict == verdict
    more, less = (", ".join(c for c, (p, r) in shares.items() if s * r > s * p) or "none" for s in (1, -1))
    assert found.measured.startswith(f"At more points: {more}; at fewer: {less}. shift: ")
    assert "none: " not in found.measured
    paper, robust = shares["shift"]
    assert f"shift: {robust:.1%} (" in found.measured
    assert f" against {paper:.1%} (" in found.measured


def klom_power(n, estimator, points, share, change):
    from ascentcheck.empirics.klom.power import Power, wilson

    return Power(n, estimator, change, points, 0.1, 0.2, share, wilson(round(share * points), points))
