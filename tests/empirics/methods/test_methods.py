"""What holds for any method on any trajectory: seeds, snapshots, cost, members that break, settings."""

from typing import Literal, get_args

import pytest
import torch
from pydantic import TypeAdapter, ValidationError

from ascentcheck.empirics.methods import DoNothingConfig, GaConfig, Method, MethodConfig, RewindConfig
from ascentcheck.empirics.methods.promises import passed_beside


def test_every_method_is_tested_here(all_methods):
    tested = {type(config) for config in all_methods}
    assert tested == set(get_args(get_args(MethodConfig)[0]))


def test_a_broken_member_harms_no_other(any_method, kind, go, tensors):
    (sound,), (beside,) = go(any_method, kind=kind), go(any_method, kind=kind, broken=1)
    for name, value in tensors(sound.state).items():
        assert torch.equal(value[[0, 2]], tensors(beside.state)[name][[0, 2]]), name
    assert beside.state.parameters["weight0"][1].isnan().all()


def test_divergence_is_a_result(go):
    (snapshot,) = go(GaConfig(learning_rate=1e30, batch_size=10))
    assert not snapshot.state.parameters["head_weight"].isfinite().all(dim=(1, 2)).any()


def test_passes_are_counted_per_member(any_method, go, forget, retain, recipe):
    f, r = len(forget), len(retain)
    forward, backward = {
        "ga": (3 * f, 3 * f),
        "gda": (2 * f + 3 * r, 2 * f + 3 * r),
        "descent-ascent": (3 * (r + 2 * f), 3 * (r + 2 * f)),  # six steps an epoch beside six batches of F
        "scrub": (2 * (2 * f + 3 * r), 2 * f + 3 * r),  # the teacher sees every batch too
        "fine-tune": (3 * r, 3 * r),
        "neg-grad-plus": (3 * (r + 2 * f), 3 * (r + 2 * f)),  # six steps an epoch, three batches of F
        "npo": (2 * 3 * f, 3 * f),  # the reference sees every batch too
        "rewind": (3 * 160, 3 * 160),  # of 175 points, 8 whole batches of 20, as in pretraining
        "noisy-descent": (3 * r, 3 * r),
        "oracle-matching": (
            3 * (140 + 45),
            3 * (140 + 45),
        ),  # 0.8 r in five batches; of F 10, 10, 5, 10 and 10
        "do-nothing": (0, 0),
        "statistics-only": (2 * f + 3 * r, 0),
    }[any_method.kind]
    start, end = go(any_method, epochs=[0, 3])
    assert (start.forward_samples, start.backward_samples) == (0, 0)
    assert (end.forward_samples, end.backward_samples) == (forward, backward)
    assert any_method.passes(r, f, 3, recipe) == (forward, backward)


@pytest.mark.parametrize("noise", [0.0, 0.01])
@pytest.mark.parametrize("retake", [True, False])
@pytest.mark.parametrize("batch_norm", ["running", "frozen"])
def test_a_rewind_costs_what_it_says_with_and_without_statistics_taken_again(
    go, recipe, forget, retain, noise, retake, batch_norm
):
    config = RewindConfig(rewind_epochs=2, noise=noise, retake_statistics=retake, batch_norm=batch_norm)
    (end,) = go(config, epochs=[2])
    again = bool(noise) and retake and batch_norm == "running"
    assert (end.forward_samples, end.backward_samples) == ((2 + again) * 160, 2 * 160)
    said = config.passes(len(retain), len(forget), 2, recipe)
    assert said == (end.forward_samples, end.backward_samples)


@pytest.mark.parametrize("points", [1, 20, 30, 31, 90])
@pytest.mark.parametrize("n_forget", [1, 9, 10, 11, 25, 30])
def test_samples_of_a_pass_beside_another_are_counted_batch_by_batch(points, n_forget):
    batches = list(range(0, n_forget, 10))
    beside = sum(min(10, n_forget - batches[step % len(batches)]) for step in range(-(-points // 20)))
    assert passed_beside(points, 20, n_forget, 10) == points + beside


def test_a_forget_set_of_one_point_gives_finite_numbers(any_method, go, tensors, forget):
    (snapshot,) = go(any_method, forget=forget[:1])
    assert all(value.isfinite().all() for value in tensors(snapshot.state).values())


class TowardZero(Method):
    """A method of a user's own: what stands in the module's description is all that it takes."""

    kind: Literal["toward-zero"] = "toward-zero"
    learning_rate: float

    def epoch(self, run, number):
        for batch in run.batches("retain", 50):
            run.descend(run.logits(batch).square().mean((1, 2)), self.learning_rate)


def test_a_new_method_is_one_class(go, retain):
    start, end = go(TowardZero(learning_rate=0.1), epochs=[0, 5])
    norms = [snapshot.state.parameters["head_weight"].norm(dim=(1, 2)) for snapshot in (start, end)]
    assert end.backward_samples == 5 * len(retain)
    assert torch.all(norms[1] < norms[0])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "ga"},
        {"kind": "ga", "learning_rate": 0.0},
        {"kind": "ga", "learning_rate": "0.1"},
        {"kind": "ga", "learning_rate": 0.1, "ascent_epochs": 3},
        {"kind": "ga", "learning_rate": 0.1, "batch_norm": "train"},
        {"kind": "gda", "learning_rate": 0.1, "ascent_epochs": 0},
        {"kind": "gda", "learning_rate": 0.1, "ascent_epochs": 1.5},
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "decay_epochs": [0]},
        {"kind": "neg-grad-plus", "learning_rate": 0.1, "retain_weight": 1.1},
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "gamma": -0.1},
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "alpha": -0.1},
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "momentum": -0.1},
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "momentum": 1.0},
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "weight_decay": -0.1},
        {"kind": "statistics-only", "ascent_epochs": 1, "batch_norm": "frozen"},
        {"kind": "descent-ascent", "learning_rate": 0.1, "beta": -1.0},
        {"kind": "descent-ascent", "learning_rate": 0.1, "beta": "sets"},
        {"kind": "npo", "learning_rate": 0.1, "beta": 0.0},
        {"kind": "rewind"},
        {"kind": "rewind", "rewind_epochs": 0},
        {"kind": "rewind", "rewind_epochs": 1, "noise": -0.1},
        {"kind": "rewind", "rewind_epochs": 1, "learning_rate": 0.1},
        {"kind": "noisy-descent", "learning_rate": 0.1},
        {"kind": "noisy-descent", "learning_rate": 0.1, "noise": 0.1, "clip": 0.0},
        {"kind": "noisy-descent", "learning_rate": 0.1, "noise": -0.1},
        {"kind": "oracle-matching", "learning_rate": 0.1, "retain_share": 0.0},
        {"kind": "oracle-matching", "learning_rate": 0.1, "retain_share": 1.1},
        {"kind": "forget-everything"},
    ],
)
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValidationError):
        TypeAdapter(MethodConfig).validate_python(wrong)


@pytest.mark.parametrize(
    "edge",
    [
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "gamma": 0.0, "alpha": 0.0, "momentum": 0.0,
         "weight_decay": 0.0},
        {"kind": "scrub", "learning_rate": 0.1, "ascent_epochs": 1, "gamma": 2.0, "alpha": 2.0, "weight_decay": 2.0},
        {"kind": "descent-ascent", "learning_rate": 0.1, "beta": 0.01},
        {"kind": "noisy-descent", "learning_rate": 0.1, "noise": 0.0},
        {"kind": "rewind", "rewind_epochs": 1, "noise": 0.0},
        {"kind": "oracle-matching", "learning_rate": 0.1, "retain_share": 0.01},
        {"kind": "oracle-matching", "learning_rate": 0.1, "retain_share": 1.0},
    ],
)  # fmt: skip
def test_settings_at_their_edges_are_taken(edge):
    read = TypeAdapter(MethodConfig).validate_python(edge)
    assert {name: getattr(read, name) for name in edge} == edge


def test_settings_are_read_by_kind(any_method):
    read = TypeAdapter(MethodConfig).validate_python
    assert read(any_method.model_dump(mode="json")) == any_method
    assert read({"kind": "ga", "learning_rate": 1}) == GaConfig(learning_rate=1.0)


def test_what_a_study_leaves_out_never_changes():
    """A file of old must mean the same, and jobs keep their keys."""
    own = {
        "descent-ascent": {"beta": 1.0},
        "scrub": {
            "temperature": 4.0,
            "gamma": 0.99,
            "alpha": 0.1,
            "decay_epochs": (3, 5, 9),
            "momentum": 0.9,
            "weight_decay": 5e-4,
        },
        "neg-grad-plus": {"retain_weight": 0.95},
        "npo": {"beta": 0.1},
        "rewind": {"noise": 0.0, "retake_statistics": True},
        "noisy-descent": {"clip": 1.0},
        "oracle-matching": {"retain_share": 1.0},
        "do-nothing": {"batch_norm": "frozen"},
    }
    for method in get_args(get_args(MethodConfig)[0]):
        fields = {
            name: field.default for name, field in method.model_fields.items() if not field.is_required()
        }
        kind = fields.pop("kind")
        everywhere = {"batch_norm": "running", "batch_size": 64, "forget_batch": 64} | own.get(kind, {})
        assert fields == {name: everywhere[name] for name in fields}
        assert set(own.get(kind, {})) <= set(fields)


@pytest.mark.parametrize("epochs", [[], [-1, 2]])
def test_impossible_snapshots_are_an_error(go, epochs):
    with pytest.raises(ValueError, match="snapshots at epochs"):
        go(DoNothingConfig(), epochs=epochs)


def test_seeds_and_members_must_match(go, seeds):
    with pytest.raises(ValueError, match="2 seeds for 3 members"):
        go(DoNothingConfig(), seeds=seeds[:2])
    with pytest.raises(ValueError, match="4 seeds for 3 members"):
        go(DoNothingConfig(), seeds=[*seeds, 7])
