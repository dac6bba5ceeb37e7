"""TRAK on the digits' network: gradients, and scores that find what a point was trained on."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.ensemble import TrainConfig, member_seeds, train
from ascentcheck.empirics.influence import READINGS, TrakConfig, estimate_trak, trak
from ascentcheck.empirics.influence.trak import _Gradients, _module
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import Mlp
from ascentcheck.theory.console import UserError

CONFIG = TrakConfig(checkpoints=4, projection=40, components=2, splits=2, ridge=1e-3, batch=50)


@pytest.fixture(scope="module")
def small(digits):
    """120 digits, of which the last 60 are the first 60 once more, and 4 models trained on them."""
    x, y = digits.train_x[:60].repeat(2, 1, 1, 1), digits.train_y[:60].repeat(2)
    data = Dataset("twins", x, y, digits.val_x[:5], digits.val_y[:5], n_classes=10)
    model = Mlp((8,), (1, 8, 8), 10)
    config = TrainConfig(epochs=10, peak_epoch=2)
    state = train(model, data, torch.arange(120), config, member_seeds(0, "pretrained", 4))
    return data, model, state


def test_gradients_are_those_of_single_points_by_finite_differences(small):
    data, model, state = small
    member = state.members(slice(1, 2))
    gradients = _Gradients(model)
    gradients.load_model_params(_module(member))
    x, y = data.train_x[:5], data.train_y[:5]
    found = gradients.compute_per_sample_grad((x, y))
    assert found.shape == (5, sum(p.numel() for p in member.parameters.values()))
    start, step = 0, 1e-2
    for name in gradients.member.parameters:
        tensor = member.parameters[name]
        kept = tensor.view(-1)[0].item()
        sides = []
        for moved in (kept + step, kept - step):
            tensor.view(-1)[0] = moved
            sides.append(margins(model, member, x, y)[0])
        tensor.view(-1)[0] = kept
        np.testing.assert_allclose(found[:, start], (sides[0] - sides[1]) / (2 * step), atol=2e-2)
        start += tensor.numel()


def test_the_loss_s_gradient_is_one_minus_the_probability_of_the_right_class(small):
    data, model, state = small
    gradients = _Gradients(model)
    gradients.load_model_params(_module(state.members(slice(0, 1))))
    logits = model.forward(state.members(slice(0, 1)), data.train_x, "eval")[0][0]
    expected = 1 - logits.softmax(1).gather(1, data.train_y[:, None])
    found = gradients.compute_loss_grad((data.train_x, data.train_y))
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


def test_a_point_s_twin_is_what_influences_it_most(small, capfd):
    pytest.importorskip("trak")
    arrays, notes = estimate_trak(CONFIG, *small[1::-1], small[2], 0, lambda share: None)
    matrix = arrays["influence"]
    assert matrix.shape == (120, 120)
    assert np.isfinite(matrix).all()
    assert notes["influence"]["models"] == 4
    both = np.stack([np.diag(matrix, 60), np.diag(matrix, -60)]).mean()
    assert both > 5 * np.abs(matrix).mean()
    np.testing.assert_allclose(matrix[:60], matrix[60:], atol=1e-3 * np.abs(matrix).max())
    for reading in READINGS:
        assert arrays[f"projection_{reading}"].shape == (2, 120)
        assert arrays[f"halves_{reading}"].shape == (2, 2, 2, 120)
    again, _ = estimate_trak(CONFIG, *small[1::-1], small[2], 0, lambda share: None)
    np.testing.assert_array_equal(matrix, again["influence"])
    assert capfd.readouterr().err == ""


def test_halves_are_other_checkpoints(small):
    pytest.importorskip("trak")
    arrays, _ = estimate_trak(CONFIG, *small[1::-1], small[2], 0, lambda share: None)
    one, other = arrays["halves_target"][0, :, 0]
    assert not np.allclose(one, other)
    assert not np.allclose(one, arrays["projection_target"][0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"checkpoints": 5}, r"\[influence\] checkpoints 5: the study has 4 models"),
        ({"projection": 120}, r"\[influence\] projection 120: allowed is 1 to 119"),
    ],
)
def test_what_cannot_be_done_is_told(small, change, message):
    with pytest.raises(UserError, match=message):
        estimate_trak(CONFIG.model_copy(update=change), *small[1::-1], small[2], 0, lambda share: None)


def test_a_disk_too_small_is_refused_before_anything_is_computed(small, monkeypatch):
    monkeypatch.setattr(trak.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(
        UserError, match=r"kind trak needs 0\.\d GB in .*, where 0\.0 GB are free; set TMPDIR"
    ):
        estimate_trak(CONFIG, *small[1::-1], small[2], 0, lambda share: None)


def test_the_missing_package_is_named(small, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "trak", None)
    with pytest.raises(UserError, match=r"needs the package traker: pip install 'ascentcheck\[trak\]'"):
        estimate_trak(CONFIG, *small[1::-1], small[2], 0, lambda share: None)
