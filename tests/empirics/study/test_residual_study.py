"""The path of the CIFAR-10 study on generated images: a narrow ResNet-9 in mixed precision, in pieces, to the table."""

import numpy as np
import pytest

from ascentcheck.empirics.engines import Placement, run_locally
from ascentcheck.empirics.study.session import open_session

STUDY = """
name = "shaped"
n_models = 3
data = { kind = "cifar-shaped", n_train = 120, n_validation = 40 }
model = { kind = "resnet9", width = 2 }
train = { epochs = 2, peak_epoch = 1, batch_size = 40, learning_rate = 0.1, precision = "PRECISION" }

[[forget_set]]
kind = "random"
name = "random"
size = 10
seed = 0

[[method]]
kind = "ga"
learning_rate = [1e-3, 1e30]
batch_norm = ["running", "frozen"]
epochs = [1, 2]

[[method]]
kind = "rewind"
rewind_epochs = 1
epochs = [1]
"""


@pytest.fixture
def run(tmp_path):
    def study(precision, at_once):
        path = tmp_path / "shaped.toml"
        path.write_text(STUDY.replace("PRECISION", precision))
        session = open_session(path, tmp_path / f"{precision}-{at_once}")
        drained = run_locally(
            session, lambda what, share: None, Placement(workers=1, device="cpu", at_once=at_once)
        )
        assert (drained.failed, session.missing()) == (0, [])
        return session

    return study


def pretrained(session):
    return session.store.get(session.plan[0].digest)


def test_pieces_are_those_members_of_the_whole(run):
    whole, pieces = (pretrained(run("float32", at_once)) for at_once in (3, 2))
    assert (whole.record["members_at_once"], pieces.record["members_at_once"]) == (3, 2)
    for name in whole.names():
        np.testing.assert_allclose(whole.array(name), pieces.array(name), rtol=1e-3, atol=1e-4, err_msg=name)


def test_mixed_precision_differs_by_its_rounding_and_divergence_is_a_result(run):
    full, mixed = (run(precision, 3) for precision in ("float32", "bfloat16"))
    one, other = (pretrained(session).array("train") for session in (full, mixed))
    assert other.dtype == np.float32
    assert 0 < np.abs(one - other).max() < 0.2
    rows = mixed.rows()
    (diverged,) = {
        r.diverged_unlearned for r in rows if '"learning_rate": 1e+30' in r.hyperparameters and r.epoch == 2
    }
    assert diverged == 3
    assert all(np.isfinite(r.p95) for r in rows)
