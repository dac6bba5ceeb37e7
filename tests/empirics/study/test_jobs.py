"""Jobs and their digests: everything that determines a result is in, and nothing else."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest

from ascentcheck.empirics.data import DigitsConfig, load
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.forget_sets import ComponentConfig, FileConfig, NeighboursConfig, RandomConfig
from ascentcheck.empirics.influence import DatamodelsConfig, TrakConfig
from ascentcheck.empirics.methods import DoNothingConfig, GaConfig, GdaConfig
from ascentcheck.empirics.models import CnnConfig, MlpConfig
from ascentcheck.empirics.study import Study, Trajectory
from ascentcheck.empirics.study import jobs as jobs_module
from ascentcheck.empirics.study.job import HeldOut, Oracle, Pretrained, TrakMatrix, Unlearned, oracle_of
from ascentcheck.empirics.study.jobs import jobs
from ascentcheck.theory.console import UserError

RANDOM = RandomConfig(kind="random", name="random", size=10, seed=0)
NEAR = NeighboursConfig(kind="neighbours", name="near", size=10, point=3)
TOP = ComponentConfig(kind="component", name="top", component=1, highest=10)
DATAMODELS = DatamodelsConfig(n_models=100, test_subsets=10, test_repeats=3, batch=60, components=2, splits=2)
GA = Trajectory(method=GaConfig(learning_rate=1e-2), epochs=(1, 3))


def study(**changes):
    settings = {
        "name": "small",
        "n_models": 4,
        "data": DigitsConfig(),
        "model": MlpConfig(hidden=(8,)),
        "train": TrainConfig(epochs=2, peak_epoch=1),
        "forget_sets": (RANDOM, NEAR),
        "trajectories": (GA,),
    }
    return Study(**{**settings, **changes})


def digests(digits, **changes):
    return {job.label: job.digest for job in jobs(study(**changes), digits)}


def test_a_study_s_jobs_come_after_what_they_need(digits):
    plan = jobs(study(), digits)
    assert [(type(job), getattr(job, "forget_set", None)) for job in plan] == [
        (Pretrained, None),
        (Oracle, RANDOM),
        (HeldOut, RANDOM),
        (Oracle, NEAR),
        (HeldOut, NEAR),
        (Unlearned, RANDOM),
        (Unlearned, NEAR),
    ]
    assert len({job.digest for job in plan}) == len(plan)
    assert [job.needs for job in plan] == [(), *[(plan[0].digest,)] * 6]


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 1},
        {"n_models": 5},
        {"model": MlpConfig(hidden=(9,))},
        {"model": CnnConfig()},
        *(
            {"train": TrainConfig(**{"epochs": 2, "peak_epoch": 1, **change})}
            for change in (
                {"epochs": 3},
                {"peak_epoch": 2},
                {"batch_size": 17},
                {"learning_rate": 0.04},
                {"momentum": 0.8},
                {"weight_decay": 1e-4},
                {"label_smoothing": 0.1},
                {"decayed": "weights"},
                {"precision": "bfloat16"},
            )
        ),
    ],
    ids=str,
)
def test_what_all_results_depend_on_changes_all_digests(digits, changes):
    before, after = set(digests(digits).values()), set(digests(digits, **changes).values())
    assert not before & after


def test_settings_that_came_later_leave_older_results_their_keys(digits):
    settings = json.loads(jobs(study(), digits)[0].settings)
    assert set(settings["train"]) == {
        "epochs",
        "batch_size",
        "learning_rate",
        "peak_epoch",
        "momentum",
        "weight_decay",
        "last_batch",
    }


def test_a_network_s_and_a_set_s_later_settings_leave_older_results_their_keys(digits):
    plan = jobs(study(model=CnnConfig()), digits)
    assert set(json.loads(plan[0].settings)["model"]) == {"kind", "channels"}
    near = oracle_of(plan, NEAR)
    assert set(json.loads(near.settings)["forget_set"]) == {"kind", "size", "point"}


@pytest.mark.parametrize("change", [{"first_kernel": 5}, {"first_stride": 2}, {"head": "flatten"}])
def test_a_network_s_settings_change_every_job(digits, change):
    before, after = digests(digits, model=CnnConfig()), digests(digits, model=CnnConfig(**change))
    assert not set(before.values()) & set(after.values())


def test_files_of_forget_sets_are_not_needed_to_plan_where_the_data_are_absent(digits):
    absent = FileConfig(kind="file", name="f", path="absent.npy", size=10)
    plan = jobs(study(forget_sets=(absent,)), digits, data_absent=True)
    assert [job.label for job in plan][:3] == ["pretrained", "oracle f", "held-out f"]
    with pytest.raises(UserError, match=r"absent\.npy: cannot be read"):
        jobs(study(forget_sets=(absent,)), digits)


def test_other_data_other_digests(digits):
    other = load(DigitsConfig(split_seed=1))
    assert not set(digests(digits).values()) & set(digests(other).values())


def test_other_torch_or_code_other_digests(digits, monkeypatch):
    before = digests(digits)
    with monkeypatch.context() as patch:
        patch.setattr(jobs_module, "version", lambda package: "0")
        assert not set(before.values()) & set(digests(digits).values())
    monkeypatch.setattr(Oracle, "code", 99)
    assert {k for k, v in digests(digits).items() if v != before[k]} == {"oracle random", "oracle near"}


@pytest.mark.parametrize(
    ("sets", "changed"),
    [
        ((RANDOM.model_copy(update={"seed": 1}), NEAR), "random"),
        ((RANDOM.model_copy(update={"size": 11}), NEAR), "random"),
        ((RANDOM, NEAR.model_copy(update={"point": 4})), "near"),
        ((RANDOM, NEAR.model_copy(update={"size": 11})), "near"),
        ((RANDOM, NEAR.model_copy(update={"space": "pixels"})), "near"),
        ((RANDOM, NEAR.model_copy(update={"same_class": True})), "near"),
    ],
)
def test_a_forget_set_changes_its_own_jobs(digits, sets, changed):
    before, after = digests(digits), digests(digits, forget_sets=sets)
    assert all((before[label] != after[label]) == (changed in label) for label in before)


def changed_by(digits, influence):
    """The kinds of jobs whose digests another [influence] changes, among those of a study with a component."""
    sets = (RANDOM, TOP)
    before = jobs(study(forget_sets=sets, influence=DATAMODELS), digits)
    known = {job.digest for job in before}
    after = jobs(study(forget_sets=sets, influence=DATAMODELS.model_copy(update=influence)), digits)
    return [job.label for job in after if job.digest not in known]


INFLUENCED = ["influence", "oracle top", "held-out top", "ga top learning_rate=0.01"]


def test_a_component_needs_the_influence_matrix_and_that_the_models_on_subsets(digits):
    plan = jobs(study(forget_sets=(RANDOM, TOP), influence=DATAMODELS), digits)
    labels = [job.label for job in plan]
    assert labels[:5] == [
        "pretrained", "datamodels fit 0 to 59", "datamodels fit 60 to 99", "datamodels test 0 to 29", "influence",
    ]  # fmt: skip
    assert plan[4].needs == tuple(job.digest for job in plan[1:4])
    for job in plan[5:]:
        needs = (plan[0].digest, plan[4].digest) if "top" in job.label else (plan[0].digest,)
        assert job.needs == needs
    assert len({job.digest for job in plan}) == len(plan)


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ({"n_models": 160}, ["datamodels fit 60 to 119", "datamodels fit 120 to 159"]),
        ({"test_subsets": 9}, ["datamodels test 0 to 26"]),
        ({"test_repeats": 2}, ["datamodels test 0 to 19"]),
        ({"share": 0.4}, ["datamodels fit 0 to 59", "datamodels fit 60 to 99", "datamodels test 0 to 29"]),
        ({"components": 3}, []),
        ({"splits": 3}, []),
        ({"self_influence": "drop"}, []),
    ],
    ids=str,
)
def test_what_the_influence_depends_on_changes_it_and_its_sets_alone(digits, change, first):
    assert changed_by(digits, change) == [*first, *INFLUENCED]


def test_trak_needs_the_pretrained_models_alone(digits):
    plan = jobs(study(forget_sets=(RANDOM, TOP), influence=TrakConfig(checkpoints=4)), digits)
    assert [type(job) for job in plan[:3]] == [Pretrained, TrakMatrix, Oracle]
    assert plan[1].needs == (plan[0].digest,)
    other = jobs(study(forget_sets=(TOP,), influence=TrakConfig(checkpoints=3)), digits)
    assert other[0].digest == plan[0].digest
    assert not {job.digest for job in other[1:]} & {job.digest for job in plan}


def test_influence_does_not_depend_on_n_and_other_sets_not_on_influence(digits):
    sets = (RANDOM, TOP)
    few, many = (jobs(study(forget_sets=sets, influence=DATAMODELS, n_models=n), digits) for n in (4, 5))
    assert [a.digest for a in few[1:5]] == [b.digest for b in many[1:5]]
    without = {job.digest for job in jobs(study(forget_sets=(RANDOM,)), digits)}
    assert without <= {job.digest for job in few}


def test_two_components_are_two_sets(digits):
    changes = ({"component": 2}, {"highest": 9}, {"lowest": 1}, {"reading": "source"})
    sets = (TOP, *(TOP.model_copy(update={"name": str(i), **c}) for i, c in enumerate(changes)))
    plan = jobs(study(forget_sets=sets, influence=DATAMODELS), digits)
    assert len({job.digest for job in plan if isinstance(job, Oracle)}) == 5


@pytest.mark.parametrize(
    ("chosen", "influence", "message"),
    [
        (TOP, None, r"forget set top: a component needs the table \[influence\]"),
        (
            TOP.model_copy(update={"component": 3}),
            DATAMODELS,
            r"forget set top: component 3: \[influence\] keeps components 1 to 2",
        ),
        (
            TOP.model_copy(update={"lowest": 1427}),
            DATAMODELS,
            "forget set top: size 1437: the training set has 1437 points: 1 to 1436",
        ),
        (
            RANDOM,
            DATAMODELS.model_copy(update={"components": 1436}),
            r"\[influence\] components 1436: allowed is 1 to 1435",
        ),
    ],
)
def test_a_component_that_cannot_be_is_told_before_anything_runs(digits, chosen, influence, message):
    with pytest.raises(UserError, match=message):
        jobs(study(forget_sets=(chosen,), influence=influence), digits)


@pytest.mark.parametrize(
    "trajectory",
    [
        Trajectory(method=GaConfig(learning_rate=2e-2), epochs=(1, 3)),
        Trajectory(method=GaConfig(learning_rate=1e-2, batch_size=32), epochs=(1, 3)),
        Trajectory(method=GaConfig(learning_rate=1e-2, batch_norm="frozen"), epochs=(1, 3)),
        Trajectory(method=GaConfig(learning_rate=1e-2), epochs=(1, 4)),
        Trajectory(method=DoNothingConfig(), epochs=(1, 3)),
    ],
    ids=str,
)
def test_each_hyperparameter_changes_the_digest_of_the_unlearning_alone(digits, trajectory):
    before, after = jobs(study(), digits), jobs(study(trajectories=(trajectory,)), digits)
    for one, other in zip(before, after, strict=True):
        assert (one.digest != other.digest) == isinstance(one, Unlearned)


def test_a_full_grid_has_as_many_digests_as_configurations(digits):
    grid = itertools.product((1e-4, 1e-3), (3, 5), (4, 8), ("running", "frozen"))
    trajectories = tuple(
        Trajectory(
            method=GdaConfig(learning_rate=r, ascent_epochs=a, forget_batch=b, batch_norm=n), epochs=(5,)
        )
        for r, a, b, n in grid
    )
    plan = jobs(study(trajectories=trajectories), digits)
    assert len({job.digest for job in plan}) == 1 + 4 + 2 * 16


def test_names_and_the_order_of_epochs_change_nothing(digits):
    before = {job.digest for job in jobs(study(), digits)}
    renamed = study(
        name="other",
        forget_sets=(RANDOM.model_copy(update={"name": "x"}), NEAR.model_copy(update={"name": "y"})),
        trajectories=(Trajectory(method=GA.method, epochs=(3, 1, 3)),),
        estimator="paper-reversed",
    )
    assert {job.digest for job in jobs(renamed, digits)} == before


def test_of_a_file_the_content_counts(digits, tmp_path):
    paths = [tmp_path / name for name in ("a.npy", "b.npy", "c.npy")]
    for path, first in zip(paths, (0, 0, 1), strict=True):
        np.save(path, np.arange(first, 10))
    found = [
        digests(digits, forget_sets=(FileConfig(kind="file", name="f", path=str(path)),)) for path in paths
    ]
    assert found[0] == found[1]
    assert found[0]["oracle f"] != found[2]["oracle f"]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (RANDOM.model_copy(update={"size": 1437}), "size 1437: .*1 to 1436"),
        (NEAR.model_copy(update={"size": 1437}), "size 1437: .*1 to 1436"),
        (NEAR.model_copy(update={"point": 1437}), "point 1437: .*0 to 1436"),
        (FileConfig(kind="file", name="near", path="absent.npy"), "absent.npy: cannot be read"),
    ],
)
def test_a_set_that_cannot_be_made_is_told_before_anything_runs(digits, chosen, message):
    with pytest.raises(UserError, match=f"forget set .*: {message}"):
        jobs(study(forget_sets=(chosen,)), digits)


def test_labels_tell_the_configurations_of_a_method_apart(digits):
    both = (GA, Trajectory(method=GaConfig(learning_rate=1e-2, batch_norm="frozen"), epochs=(1,)))
    labels = [job.label for job in jobs(study(trajectories=both), digits)]
    assert len(set(labels)) == len(labels)


def test_a_job_is_frozen(digits):
    job = jobs(study(), digits)[0]
    with pytest.raises(AttributeError):
        job.digest = "x"
    assert replace(job, digest="x").digest == "x"


def test_forget_batches_of_all_of_a_small_set_are_one_job(digits):
    """On 10 points batches of 32 and 64 are the same computation, on 40 they are not."""
    grid = tuple(
        Trajectory(method=GdaConfig(learning_rate=1e-2, ascent_epochs=2, forget_batch=batch), epochs=(3,))
        for batch in (5, 32, 64)
    )
    large = RandomConfig(kind="random", name="large", size=40, seed=0)
    plan = jobs(study(trajectories=grid, forget_sets=(RANDOM, large)), digits)
    kept = {
        chosen.name: [
            job.method.forget_batch for job in plan if isinstance(job, Unlearned) and job.forget_set == chosen
        ]
        for chosen in (RANDOM, large)
    }
    assert kept == {"random": [5, 32], "large": [5, 32, 64]}
    alone = jobs(study(trajectories=grid[:2], forget_sets=(RANDOM,)), digits)
    assert [job.digest for job in alone] == [
        job.digest for job in plan if isinstance(job, Pretrained) or job.forget_set != large
    ]
