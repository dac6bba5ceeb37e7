"""The table: its rows against scores and costs worked out by hand, controls, partial studies, and its cache."""

import csv
import io
import json
import math
import sys
from dataclasses import replace

import numpy as np
import pytest

from ascentcheck.empirics.klom import WORST, null_floor, scores
from ascentcheck.empirics.scores.energy import energy_scores
from ascentcheck.empirics.scores.whole_models import distances
from ascentcheck.empirics.study import snapshots
from ascentcheck.empirics.study.drain import drain, workshop
from ascentcheck.empirics.study.scoring import Split, energy_record
from ascentcheck.empirics.study.session import open_session
from ascentcheck.empirics.study.table import COLUMNS, SPLITS, as_csv, write_parquet
from ascentcheck.theory.console import UserError
from tests.small_study import study_text

STUDY = study_text("""
[[forget_set]]
kind = "neighbours"
name = "near"
size = 20
point = 3

[[method]]
kind = "ga"
learning_rate = [1e-2, 1e30]
epochs = [1, 3]

[[method]]
kind = "gda"
learning_rate = 1e-2
ascent_epochs = 2
epochs = [3]

[[method]]
kind = "scrub"
learning_rate = 1e-3
ascent_epochs = 1
epochs = [1]

[[method]]
kind = "do-nothing"
epochs = [0]
""")


@pytest.fixture(scope="module")
def session(computed, tmp_path_factory):
    return computed(STUDY, tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def rows(session):
    return session.rows()


def pick(rows, **wanted):
    found = [row for row in rows if all(getattr(row, key) == value for key, value in wanted.items())]
    assert len(found) == 1
    return found[0]


def test_every_configuration_snapshot_set_and_split_has_a_row(rows):
    per_set = 2 + 2 * 2 + 1 + 1 + 1
    assert len(rows) == 2 * per_set * len(SPLITS)
    assert [row.forget_set for row in rows] == ["random"] * per_set * 3 + ["near"] * per_set * 3
    assert [row.method for row in rows[:6]] == ["do-nothing"] * 3 + ["held-out"] * 3
    assert len({(r.forget_set, r.method, r.hyperparameters, r.epoch, r.split, r.job) for r in rows}) == len(
        rows
    )


def test_a_row_is_the_score_of_its_split(session, rows):
    oracle = session.store.get(session.plan[3].digest)
    forget = oracle.array("forget")
    retain = np.setdiff1d(np.arange(1437), forget)
    (job,) = [j for j in session.plan if j.label.startswith("gda near")]
    unlearned = session.store.get(job.digest)
    for split, name, points in (
        ("forget", "train", forget),
        ("retain", "train", retain),
        ("validation", "validation", np.arange(360)),
    ):
        row = pick(rows, forget_set="near", method="gda", split=split)
        first, second = oracle.array(name)[:, points], unlearned.array(f"{name}_3")[:, points]
        expected = scores(first, second, misses=True)
        assert row.p95 == np.percentile(expected, 95)
        assert row.mean == expected.mean()
        assert row.points == len(points)
        assert row.accuracy == pytest.approx((second > 0).mean())
        held_out = pick(rows, forget_set="near", method="held-out", split=split)
        assert (row.null_p95, row.null_of) == (held_out.p95, "held-out")
        assert (held_out.null_p95, held_out.null_of) == (null_floor(3, 3).p95, "simulated")
        assert row.energy == pytest.approx(energy_scores(first, second).mean())
        assert row.energy_even == pytest.approx(energy_scores(first[::2], second[::2]).mean())
        assert (row.n_oracle, row.n_unlearned, row.forget_size) == (3, 3, 20)
        assert (row.learning_rate, row.ascent_epochs, row.batch_norm, row.epoch) == (1e-2, 2, "running", 3)


def test_shares_give_paired_differences():
    """What is kept of each row is enough for the difference of two: by leaving out a member at a time."""
    draw = np.random.default_rng(0)
    oracle, start = draw.normal(size=(2, 30, 40))
    start += 0.8
    moved = 0.9 * start
    one, other = (energy_record(Split(oracle, sample)) for sample in (start, moved))
    difference = np.subtract(one["shares"], other["shares"])
    left = [
        distances(*(np.delete(s, i, 0) for s in (oracle, start))).estimate.value
        - distances(*(np.delete(s, i, 0) for s in (oracle, moved))).estimate.value
        for i in range(30)
    ]
    jackknife = math.sqrt(29 / 30 * ((left - np.mean(left)) ** 2).sum())
    assert difference.std(ddof=1) / math.sqrt(30) == pytest.approx(jackknife, rel=0.05)
    assert one["energy_low"] < one["energy"] < one["energy_high"]


def test_missing_margins_have_scores_and_no_shares():
    draw = np.random.default_rng(1)
    oracle, unlearned = draw.normal(size=(2, 40, 10))
    unlearned[3] = math.nan
    record = energy_record(Split(oracle, unlearned))
    assert record["shares"] == []
    assert record["energy"] == energy_scores(oracle, unlearned).mean() > 1e4
    assert record["energy_even"] < 1 < 1e4 < record["energy_odd"]
    assert record["energy_low"] < record["energy"] < record["energy_high"]


def test_costs_are_passes_relative_to_retraining(rows):
    gda = pick(rows, forget_set="random", method="gda", split="forget")
    passes = 3 * 1427 + 2 * 10
    retrained = 2 * 22 * 64  # two epochs of whole batches: the last 19 points are dropped
    assert gda.cost == gda.cost_forward == gda.cost_backward == pytest.approx(passes / retrained)
    assert gda.cost_public == pytest.approx(passes / (2 * (1437 + 360)))
    held_out = pick(rows, forget_set="random", method="held-out", split="forget")
    assert held_out.cost == held_out.cost_forward == held_out.cost_backward == 1
    assert held_out.cost_public == pytest.approx(1408 / 1797)
    assert {row.cost for row in rows if row.method == "do-nothing"} == {0}


def test_forward_and_backward_passes_are_charged_apart(rows):
    scrub = pick(rows, forget_set="random", method="scrub", split="forget")
    assert scrub.cost_forward == pytest.approx(2 * 1437 / 2816)  # the teacher sees each point too
    assert scrub.cost_backward == pytest.approx(1437 / 2816)
    assert scrub.cost == pytest.approx(1.5 * 1437 / 2816)


@pytest.mark.parametrize(
    ("low", "high", "flagged"), [(0.1, 0.6, True), (0.1, 0.7, False), (math.nan, math.nan, False)]
)
def test_a_score_that_is_better_than_the_floor_is_flagged(rows, low, high, flagged):
    row = replace(rows[0], p95=0.3, p95_low=low, p95_high=high, null_p95=0.66)
    assert row.below_floor is flagged
    assert f",{flagged}\n" in as_csv([row])


def test_parquet_holds_what_the_csv_holds(rows, tmp_path):
    pandas_like = pytest.importorskip("pyarrow.parquet")
    write_parquet(rows, tmp_path / "table.parquet")
    read = pandas_like.read_table(tmp_path / "table.parquet").to_pylist()
    assert len(read) == len(rows)
    for record, row in zip(read, rows, strict=True):
        expected = row.as_record()
        assert list(record) == list(COLUMNS)
        assert record == {k: None if v != v else v for k, v in expected.items()}
    with pytest.raises(UserError, match="cannot be written"):
        write_parquet(rows, tmp_path / "absent" / "table.parquet")
    write_parquet([], tmp_path / "table.parquet")
    assert pandas_like.read_table(tmp_path / "table.parquet").column_names == list(COLUMNS)


def test_without_pyarrow_parquet_is_refused_in_one_line(rows, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserError, match=r"^--parquet needs pyarrow: pip install 'ascentcheck\[parquet\]'$"):
        write_parquet(rows, tmp_path / "table.parquet")
    assert not list(tmp_path.iterdir())


def test_the_control_is_the_method_that_does_nothing(rows):
    for split in SPLITS:
        control, method = (
            row
            for row in rows
            if row.method == "do-nothing" and row.split == split and row.forget_set == "near"
        )
        assert (control.p95, control.mean, control.epoch) == (method.p95, method.mean, method.epoch)


def test_diverged_models_are_a_total_miss(rows):
    broken = [row for row in rows if row.learning_rate == 1e30 and row.epoch == 3]
    assert len(broken) == 6
    assert {row.diverged_unlearned for row in broken} == {3}
    assert [row.p95 for row in broken] == pytest.approx([WORST] * 6)
    assert [row.mean for row in broken] == pytest.approx([WORST] * 6)
    assert all(math.isfinite(row.p95) and math.isfinite(row.energy) for row in rows)
    assert min(row.energy for row in broken) > 1e5


def test_the_other_direction_can_be_had(session, rows):
    reversed_rows = session.rows(estimator="paper-reversed")
    assert {row.estimator for row in reversed_rows} == {"paper-reversed"}
    assert [row.p95 for row in reversed_rows] != [row.p95 for row in rows]
    assert as_csv(session.rows()) == as_csv(rows)


def test_the_robust_estimator_can_be_had(session):
    scored = session.rows(estimator="robust")
    assert {row.estimator for row in scored} == {"robust"}
    broken = [row for row in scored if row.diverged_unlearned == 3]
    assert broken
    assert [row.p95 for row in broken] == pytest.approx([WORST] * len(broken))
    simulated = {row.null_p95 for row in scored if row.null_of == "simulated"}
    assert simulated == {null_floor(3, 3, "robust").p95}
    assert {row.method for row in scored if row.null_of == "simulated"} == {"held-out"}


def test_scores_are_kept_and_a_damaged_one_is_made_again(session, rows, monkeypatch):
    monkeypatch.setattr(snapshots, "klom_record", None)
    monkeypatch.setattr(snapshots, "energy_record", None)
    assert as_csv(session.rows()) == as_csv(rows)
    monkeypatch.undo()
    for path in (session.store.root / "values").iterdir():
        path.write_text("{")
    assert as_csv(session.rows()) == as_csv(rows)


def test_a_partial_study_has_the_rows_of_what_is_done(session, rows, tmp_path):
    later = open_session(session.path, tmp_path / "store")
    assert later.rows() == []
    shop = workshop(later.study, later.dataset, later.store)
    drain(shop, later.plan[:1])
    assert later.rows() == []  # no oracle to compare with
    drain(shop, later.plan[:2])
    assert [(row.forget_set, row.method) for row in later.rows()] == [("random", "do-nothing")] * 3
    partial = later.rows()
    assert {row.null_of for row in partial} == {"simulated"}  # no held-out oracles yet
    assert [row.energy for row in partial] == [row.energy for row in rows[:3]]
    assert [row.p95 for row in partial] == [row.p95 for row in rows[:3]]


def test_csv_has_every_column_and_blanks_where_there_is_nothing(rows):
    read = list(csv.DictReader(io.StringIO(as_csv(rows))))
    assert len(read) == len(rows)
    assert read[0]["learning_rate"] == read[0]["p95_low"] == ""
    assert float(read[-1]["p95"]) == rows[-1].p95
    assert json.loads(read[-7]["hyperparameters"])["ascent_epochs"] == 2
    assert all(None not in row.values() and None not in row for row in read)


def test_half_broken_models_look_bad_to_robust(tmp_path):
    """The margins of held-out oracles, a perfect result, with those of half of the models replaced by NaN or by noise."""
    path = tmp_path / "study.toml"
    path.write_text(STUDY.replace("n_models = 3", "n_models = 20"))
    session = open_session(path, tmp_path / "store")
    wanted = [
        j for j in session.plan if j.kind in ("pretrained", "oracle", "held-out") and "near" not in j.label
    ]
    drain(workshop(session.study, session.dataset, session.store), wanted)
    (held_out,) = [session.store.get(j.digest) for j in wanted if j.kind == "held-out"]
    (gda,) = [job for job in session.plan if job.label.startswith("gda random")]
    rows = {}
    for kind in ("whole", "diverged", "noise"):
        arrays = {f"{part}_3": held_out.array(part).copy() for part in ("train", "validation")}
        for array in arrays.values():
            if kind == "diverged":
                array[::2] = np.nan
            if kind == "noise":
                array[::2] = np.random.default_rng(0).normal(0, 30, array[::2].shape)
        arrays["forget"] = held_out.array("forget").copy()
        session.store.put(gda.digest, arrays, {"label": gda.label, "passes": {"3": [1, 1]}})
        rows[kind] = pick(session.rows(estimator="robust"), method="gda", split="validation")
        session.store.discard(gda.digest)
        for value in (session.store.root / "values").iterdir():
            value.unlink()
    floor = null_floor(20, 20, "robust").p95
    assert rows["whole"].p95 == rows["whole"].null_p95 < 1.5 * floor
    assert abs(rows["whole"].energy) < 0.05
    assert min(rows[kind].energy for kind in ("diverged", "noise")) > 1
    assert rows["diverged"].diverged_unlearned == 10
    assert min(rows[kind].p95 for kind in ("diverged", "noise")) > 2 * floor


def test_a_job_that_forgot_other_points_than_the_oracles_is_refused(computed, tmp_path):
    """As a set of neighbours may be, where a tie is broken otherwise on another device."""
    session = computed(STUDY, tmp_path)
    (job,) = [job for job in session.plan if job.label.startswith("gda near")]
    result = session.store.get(job.digest)
    arrays = {name: result.array(name).copy() for name in result.names()}
    arrays["forget"][-1] += 1
    session.store.put(job.digest, arrays, {**result.record, "device": "cuda (a card)"})
    with pytest.raises(
        UserError, match=r"gda near .*: forgot other points .* on cuda \(a card\) and cpu; remove"
    ):
        session.rows()
