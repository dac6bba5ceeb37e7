"""The metric of torchmetrics: what it says of batches is what the function says of all points."""

import subprocess
import sys

import numpy as np
import pytest
import torch

import ascentcheck

pytest.importorskip("torchmetrics")
from ascentcheck.metric import Klom

DRAW = np.random.default_rng(0)
ORACLE, UNLEARNED = torch.from_numpy(DRAW.standard_normal((2, 12, 60)))
LOGITS = torch.from_numpy(DRAW.standard_normal((2, 12, 60, 4))).float()
LABELS = torch.from_numpy(DRAW.integers(0, 4, 60))


@pytest.mark.parametrize("estimator", ["paper", "energy"])
def test_batches_are_scored_as_the_whole(estimator):
    metric = Klom(estimator)
    for some in torch.arange(60).split(17):
        metric.update(ORACLE[:, some], UNLEARNED[:, some] + 1)
    expected = ascentcheck.klom(ORACLE, UNLEARNED + 1, estimator=estimator)
    found = metric.compute()
    assert set(found) == {"p95", "mean", "null_p95", "null_mean", "energy", "p_value"}
    assert float(found["p95"]) == expected.scored.result.p95
    assert float(found["null_p95"]) == expected.scored.floor.p95
    assert float(found["energy"]) == expected.energy
    assert float(found["p_value"]) == expected.inference.p_value
    assert metric.score().to_dict() == expected.to_dict()
    metric.reset()
    assert metric.oracle == []


def test_logits_with_labels():
    metric = Klom()
    for some in torch.arange(60).split(20):
        metric.update(LOGITS[0][:, some].requires_grad_(), LOGITS[1][:, some], LABELS[some])
    assert metric.score().to_dict() == ascentcheck.klom(*LOGITS, labels=LABELS).to_dict()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="of the same points are needed"):
        Klom().update(ORACLE, UNLEARNED[:, :5])
    with pytest.raises(ValueError, match="'papre' is unknown; allowed are paper"):
        Klom("papre")
    with pytest.raises(ValueError, match="no batch has been seen"):
        Klom().score()
    metric = Klom()
    metric.update(ORACLE[:, :9], UNLEARNED[:, :9])
    with pytest.raises(ValueError, match="unlearned: 5 models, and 12 in the batches before"):
        metric.update(ORACLE[:, 9:], UNLEARNED[:5, 9:])
    assert len(metric.oracle) == len(metric.unlearned) == 1
    with pytest.raises(TypeError, match="oracle: holds <U2; real numbers are needed"):
        metric.update("ab", UNLEARNED)


def test_arrays_of_numpy_are_taken():
    metric = Klom()
    metric.update(ORACLE.numpy(), UNLEARNED.numpy().tolist())
    assert metric.score().to_dict() == ascentcheck.klom(ORACLE, UNLEARNED).to_dict()


def test_metrics_of_processes_are_joined_along_their_points():
    parts = [Klom(), Klom()]
    for metric, some in zip(parts, torch.arange(60).split(30), strict=True):
        metric.update(ORACLE[:, some], UNLEARNED[:, some])
    parts[0].merge_state(parts[1])
    whole = Klom()
    whole.update(ORACLE, UNLEARNED)
    joined = {name: float(value) for name, value in parts[0].compute().items()}
    assert joined == pytest.approx({name: float(value) for name, value in whole.compute().items()})


def test_without_the_package_its_extra_is_named():
    from ascentcheck.theory.console import EXTRAS

    assert EXTRAS["torchmetrics"] == "torchmetrics"
    code = (
        "import sys; sys.modules['torchmetrics'] = None; import ascentcheck; ascentcheck.klom; print('fine')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "fine\n"
