"""What methods use beside the pretrained models, from study file to store: checkpoints and held-out oracles."""

import numpy as np
import pytest
import torch

from ascentcheck.empirics.ensemble import member_seeds
from ascentcheck.empirics.methods import Resources, unlearn
from ascentcheck.empirics.study import members
from ascentcheck.empirics.study.drain import Drained, drain, workshop
from ascentcheck.empirics.study.packing import unpack
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory.console import UserError
from tests.small_study import study_text

REWIND = """
[[method]]
kind = "rewind"
rewind_epochs = [1, 3]
epochs = [1]
"""
REWIND_1 = "rewind random rewind_epochs=1"
MATCHING = """
[[method]]
kind = "oracle-matching"
learning_rate = 1e-3
epochs = [1]
"""


@pytest.fixture
def opened(tmp_path):
    def open_(text, store="store"):
        (tmp_path / "study.toml").write_text(study_text(text, epochs=3, size=30))
        return open_session(tmp_path / "study.toml", tmp_path / store)

    return open_


def run(session):
    return drain(workshop(session.study, session.dataset, session.store), session.plan)


def job(session, label):
    (found,) = [job for job in session.plan if job.label.startswith(label)]
    return found


def arrays(session, label):
    result = session.store.get(job(session, label).digest)
    return {name: np.array(result.array(name)) for name in result.names()}


def test_each_checkpoint_is_one_job_and_methods_need_what_they_use(opened):
    session = opened(REWIND + MATCHING)
    labels = [job.label for job in session.plan]
    assert labels == [
        "pretrained",
        "checkpoint epoch 0",
        "checkpoint epoch 2",
        "oracle random",
        "held-out random",
        "rewind random rewind_epochs=1",
        "rewind random rewind_epochs=3",
        "oracle-matching random learning_rate=0.001",
    ]
    digests = [job.digest for job in session.plan]
    assert len(set(digests)) == len(digests)
    needed = {label: job(session, label).needs for label in labels}
    assert needed["checkpoint epoch 2"] == (digests[0],)
    assert needed["rewind random rewind_epochs=1"] == (digests[0], digests[2])
    assert needed["rewind random rewind_epochs=3"] == (digests[0], digests[1])
    assert needed["oracle-matching random learning_rate=0.001"] == (digests[0], digests[4])


def test_other_jobs_keep_their_digests(opened):
    before = {job.label: job.digest for job in opened(MATCHING).plan}
    after = {job.label: job.digest for job in opened(REWIND + MATCHING).plan}
    assert {label: after[label] for label in before} == before


def test_pretraining_keeps_the_checkpoints_and_they_are_made_again_if_asked_for_later(opened):
    together = opened(REWIND)
    assert run(together) == Drained(computed=5, present=2)  # the checkpoints came with pretraining
    later = opened(MATCHING, "later")
    run(later)
    later = opened(REWIND, "later")
    assert run(later) == Drained(computed=4, present=3)
    for label in ("checkpoint epoch 0", "checkpoint epoch 2", "rewind random rewind_epochs=3"):
        one, other = arrays(together, label), arrays(later, label)
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one), label


def test_a_rewind_starts_at_its_checkpoint(opened):
    session = opened(REWIND)
    shop = workshop(session.study, session.dataset, session.store)
    run(session)
    wanted, kept = (session.store.get(job(session, name).digest) for name in (REWIND_1, "checkpoint epoch 2"))
    velocities = {
        n[9:]: torch.from_numpy(np.array(kept.array(n))) for n in kept.names() if n[:9] == "velocity."
    }
    assert velocities.keys() == unpack(kept).parameters.keys()
    forget = wanted.array("forget")
    chosen = job(session, REWIND_1)
    (snapshot,) = unlearn(
        shop.model,
        session.dataset,
        torch.from_numpy(np.setdiff1d(np.arange(1437), forget)),
        torch.from_numpy(np.array(forget)),
        unpack(session.store.get(session.plan[0].digest)),
        chosen.method,
        member_seeds(0, f"unlearn/{chosen.digest}", 3),
        [1],
        Resources(session.study.train, members.Checkpoint(2, unpack(kept), velocities)),
    )
    found = members._margins(shop, snapshot.state)
    np.testing.assert_array_equal(found["train"], wanted.array("train_1"))
    pretrained = session.store.get(session.plan[0].digest)
    assert not np.array_equal(found["train"], pretrained.array("train"))


def test_matching_is_against_the_held_out_oracles(opened, monkeypatch):
    session, given = opened(MATCHING), []
    whole = members.methods.unlearn
    monkeypatch.setattr(members.methods, "unlearn", lambda *a: given.append(a[8]) or whole(*a))
    run(session)
    held_out = arrays(session, "held-out")["train"]
    np.testing.assert_array_equal(given[0].margins.numpy(), held_out)
    assert not np.array_equal(held_out, arrays(session, "oracle random")["train"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("rewind_epochs = [1, 3]", "rewind_epochs = [1, 4]"), "rewind_epochs 4: pretraining has 3 epochs"),
        (
            ("epochs = [1]", "epochs = [1, 2]"),
            r"\[\[method\]\] 1: epochs: 2 is after the last epoch of rewind, 1",
        ),
    ],
)
def test_more_than_there_was_cannot_be_rewound(opened, change, message):
    with pytest.raises(UserError, match=message):
        opened(REWIND.replace(*change))
