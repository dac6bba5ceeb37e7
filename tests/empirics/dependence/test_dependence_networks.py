"""Networks: gradients against a plain module, responses against the scores, and the commands on a small study."""

import math

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from torch.nn import functional

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.dependence import networks, study_command
from ascentcheck.empirics.dependence.doses import MAIN, NONE
from ascentcheck.empirics.dependence.network_doses import responses
from ascentcheck.empirics.dependence.network_predictors import Looked, look, network_predictors
from ascentcheck.empirics.dependence.ratio import HIGHEST
from ascentcheck.empirics.dependence.tables import read
from ascentcheck.empirics.models import Mlp
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.study.job import Unlearned
from ascentcheck.theory.console import UserError

STUDY = """
name = "small-copies"
n_models = 4
data = { kind = "digits", copies = { points = 8, aside = 4 } }
model = { kind = "mlp", hidden = [8] }
train = { epochs = 2, peak_epoch = 1, batch_size = 64 }

[[forget_set]]
kind = "copied"
name = "copied"
size = 8

[[method]]
kind = "ga"
learning_rate = [1e-2, 1e30]
batch_norm = "frozen"
epochs = [1, 2]
"""


def test_gradients_are_those_of_a_plain_module(digits, as_module):
    model = Mlp((12,), (1, 8, 8), 10)
    state = model.init([1, 2])
    found = look(model, state, digits, 1)
    module = as_module(model, state, 1).eval()
    gradients = []
    for point in (0, 7, 900):
        module.zero_grad()
        loss = functional.cross_entropy(module(digits.train_x[point][None]), digits.train_y[point][None])
        loss.backward()
        gradients.append(torch.cat([p.grad.flatten() for p in module.parameters()]).double())
        assert found.losses[point] == pytest.approx(loss.item(), rel=1e-4)
    expected = torch.stack([torch.stack([a @ b for b in gradients]) for a in gradients])
    np.testing.assert_allclose(
        found.products[np.ix_([0, 7, 900], [0, 7, 900])], expected, rtol=1e-3, atol=1e-6
    )
    weights = torch.cat([p.detach().flatten() for p in module.parameters()]).double()
    np.testing.assert_allclose(
        found.along[[0, 7, 900]], [g @ weights for g in gradients], rtol=1e-3, atol=1e-6
    )
    assert found.squared == pytest.approx(float(weights @ weights), rel=1e-5)


def looked(gradients, labels):
    g = np.asarray(gradients, dtype=float)
    along, lengths = np.zeros(len(g)), np.arange(float(len(g)))
    return Looked(g @ g.T, along, 0.0, lengths, g, np.asarray(labels))


def test_predictors_of_twins_are_one_and_of_orthogonal_gradients_zero():
    draw = np.random.default_rng(0)
    g = draw.normal(size=(20, 3))
    twins = network_predictors(looked(np.concatenate([g, g]), [0, 1] * 20), np.arange(20))
    assert twins.gradient_cka == pytest.approx(1)
    assert twins.gradient_cosine == pytest.approx(1)
    assert twins.forget_gradient == pytest.approx(np.linalg.norm(g.mean(axis=0)))
    assert twins.forget_loss == pytest.approx(9.5)
    apart = np.zeros((40, 6))
    apart[:20, :3], apart[20:, 3:] = g, g
    other = network_predictors(looked(apart, [4] * 20 + [5] * 20), np.arange(20))
    assert other.gradient_cka == pytest.approx(0, abs=1e-12)
    assert other.gradient_cosine == pytest.approx(0, abs=1e-12)
    assert (other.neighbour_agreement, other.class_concentration) == (0, 1)
    assert twins.entanglement > other.entanglement


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    path = tmp_path_factory.mktemp("dependence") / "small-copies.toml"
    path.write_text(STUDY)
    return path


@pytest.fixture(scope="module")
def found(study, tmp_path_factory):
    """The courses at no dose and at the main one."""
    store = tmp_path_factory.mktemp("dosed")
    courses = {}
    for dose in (NONE, MAIN):
        session = networks.dose_session(study, store, 0, dose)
        assert not any(job.kind == "held-out" for job in session.plan)
        assert networks.run(session, lambda what, share: None) == 0
        courses[0, dose] = list(networks.courses(session))
    return courses, store


def test_a_course_is_the_ratio_of_the_larger_scores(study, found):
    courses, store = found
    session = networks.dose_session(study, store, 0, NONE)
    arrays = {job.kind: session.store.get(job.digest) for job in session.plan if job.kind != "unlearn"}
    oracle, pretrained = arrays["oracle"], arrays["pretrained"]
    inside = np.array(oracle.array("forget"))

    def distance(train, validation):
        scores = [
            energy_scores(oracle.array("train")[:, inside], train[:, inside]).mean(),
            energy_scores(oracle.array("validation"), validation).mean(),
        ]
        return max(*scores, 0.01)

    nothing = distance(pretrained.array("train"), pretrained.array("validation"))
    course = next(c for c in courses[0, NONE] if c.setting == ("ga", 0.01, "frozen", 2))
    job = next(j for j in session.plan if isinstance(j, Unlearned) and j.method.learning_rate == 0.01)
    result = session.store.get(job.digest)
    expected = np.log(distance(result.array("train_2"), result.array("validation_2")) / nothing)
    assert course.nothing[0] == pytest.approx(nothing)
    assert course.log_ratio[0] == pytest.approx(expected)
    assert course.log_ratio.shape == (5,)


def test_models_that_diverged_are_far(found):
    courses, _ = found
    broken = [c for c in courses[0, NONE] if c.learning_rate == 1e30]
    assert all(2 < c.log_ratio[0] <= HIGHEST for c in broken)


def test_responses_are_differences_and_none_where_nothing_changes(found):
    courses, _ = found
    rows = list(responses(courses))
    assert {row.dose for row in rows} == {NONE, MAIN}
    for row in rows:
        now = [
            c
            for c in courses[0, row.dose]
            if c.setting == (row.method, row.learning_rate, row.batch_norm, row.epoch)
        ]
        before = [c for c in courses[0, NONE] if now and c.setting == now[0].setting]
        if now:
            assert row.effect.value == pytest.approx(now[0].log_ratio[0] - before[0].log_ratio[0])
        if row.dose == NONE:
            assert row.effect.value == 0
        assert row.effect.low <= row.effect.value <= row.effect.high
    nearest = [row for row in rows if row.place == "nearest" and row.dose == MAIN]
    assert len(nearest) == 1
    assert nearest[0].ratio.value == pytest.approx(min(c.log_ratio[0] for c in courses[0, MAIN]))
    assert all(math.isnan(row.over_sets.low) for row in rows)
    twice = courses | {(1, NONE): courses[0, NONE], (1, MAIN): courses[0, NONE]}
    for one, two in zip(rows, responses(twice), strict=True):
        assert two.over_sets.value == pytest.approx(one.effect.value / 2)
        assert two.over_sets.high - two.over_sets.value == pytest.approx(
            12.706 * abs(one.effect.value) / 2, rel=1e-3
        )
    assert list(responses({(0, MAIN): courses[0, MAIN]})) == []  # nothing to compare with


def test_the_commands_write_tables_and_go_on(study, found, tmp_path, monkeypatch):
    _, store = found
    monkeypatch.setattr(networks, "run_locally", lambda session, *_: Done(session))
    words = ["dependence", "doses", str(study), "--doses", "2", "--store", str(store), "--out", str(tmp_path)]
    result = CliRunner().invoke(empirics, words)
    assert result.exit_code == 0, result.output
    rows = read(tmp_path / "doses-small-copies.csv")
    assert {(row["per_point"], row["correlation"]) for row in rows} == {(0.0, 0.0), (4.0, 0.9)}
    assert {row["n_models"] for row in rows} == {4.0}


class Done:
    """What a run that finds everything in the store tells."""

    failed = 0

    def __init__(self, session):
        assert session.missing() == []


def test_the_sets_of_a_study_have_predictors_and_courses(tmp_path, small_study, monkeypatch):
    monkeypatch.setattr(study_command, "LOOKED_AT", 1)
    words = [
        "dependence",
        "sets",
        str(small_study),
        "--store",
        str(tmp_path / "s"),
        "--out",
        str(tmp_path / "t"),
    ]
    result = CliRunner().invoke(empirics, words)
    assert result.exit_code == 0, result.output
    sets, courses = read(tmp_path / "t" / "sets.csv"), read(tmp_path / "t" / "set-courses.csv")
    assert [row["name"] for row in sets] == ["random", "near"]
    assert all(0 <= row["gradient_cka"] <= 1 for row in sets)
    assert {row["name"] for row in courses} == {"random", "near"}
    assert all(row["ratio_low"] <= row["ratio"] <= row["ratio_high"] for row in courses)


OWN = STUDY.replace("copies = { points = 8, aside = 4 }", "mislabelled = { points = 8 }").replace(
    'kind = "copied"\nname = "copied"\nsize = 8', 'kind = "mislabelled"\nname = "wrong-{size}"\nsize = [4, 8]'
)


def test_sets_of_data_that_draw_points_are_of_every_draw(tmp_path, monkeypatch):
    monkeypatch.setattr(study_command, "LOOKED_AT", 1)
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace('"small-copies"', '"own"'))
    words = ["dependence", "sets", str(path), "--draws", "2", "--store", str(tmp_path / "s"), "--out"]
    result = CliRunner().invoke(empirics, [*words, str(tmp_path / "t")])
    assert result.exit_code == 0, result.output
    sets = read(tmp_path / "t" / "sets.csv")
    assert [row["name"] for row in sets] == ["wrong-4-0", "wrong-8-0", "wrong-4-1", "wrong-8-1"]
    assert {row["kind"] for row in sets} == {"mislabelled"}
    assert [row["memorisation_covered"] for row in sets] == [1, 0.5, 1, 0.5]
    assert sets[0]["gradient_cka"] != sets[2]["gradient_cka"]
    courses = read(tmp_path / "t" / "set-courses.csv")
    assert {row["name"] for row in courses} == {row["name"] for row in sets}


def test_a_study_without_copies_is_refused(small_study):
    with pytest.raises(UserError, match=r"\[data\] needs copies, which"):
        networks.dose_session(small_study, None, 0, NONE)
    result = CliRunner().invoke(empirics, ["dependence", "doses", str(small_study)])
    assert result.exit_code != 0
