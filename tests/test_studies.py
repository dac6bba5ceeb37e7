"""The studies that come with the project: every one can be planned, and says what is the paper's."""

from pathlib import Path

import pytest

from ascentcheck.empirics.study import load_study
from ascentcheck.empirics.study.cost import cost, lines
from ascentcheck.empirics.study.session import open_session

STUDIES = sorted((Path(__file__).parents[1] / "studies").glob("*.toml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_study_can_be_planned_without_its_data(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = open_session(path, tmp_path / "store", to_plan=True)
    assert session.study.name == path.stem
    assert not (tmp_path / "store").exists()
    text = list(lines(session, cost(session)))
    assert any(line.startswith("FLOPs") for line in text)


def grid(study, kind):
    """Every setting of a method with the epochs looked at."""
    return {
        (
            method.learning_rate,
            getattr(method, "ascent_epochs", None),
            getattr(method, "forget_batch", None),
            tuple(trajectory.epochs),
        )
        for trajectory in study.trajectories
        if (method := trajectory.method).kind == kind and method.batch_norm == "running"
    }


def test_cifar10_is_the_paper_s_grid():
    """Appendix K: GA over 7 rates and 5 epochs; GDA and SCRUB over 4 rates, 2 ascent epochs, 2 batch sizes, 3 epochs."""
    study = load_study(next(path for path in STUDIES if path.stem == "cifar10"))
    assert (study.n_models, len(study.forget_sets), study.train.epochs) == (100, 9, 24)
    assert {rate for rate, *_ in grid(study, "ga")} == {1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 1e-2, 5e-2}
    assert {epochs for *_, epochs in grid(study, "ga")} == {(1, 3, 5, 7, 10)}
    rates, expected = (5e-5, 5e-4, 1e-3, 5e-3), (5, 7, 10)
    for kind in ("gda", "scrub"):
        assert grid(study, kind) == {
            (rate, ascent, batch, expected) for rate in rates for ascent in (3, 5) for batch in (32, 64)
        }
