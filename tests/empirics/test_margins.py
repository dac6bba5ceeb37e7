import numpy as np
import pytest
import torch

from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.models import Cnn, Mlp


@pytest.mark.parametrize("model", [Mlp((9,), (1, 8, 8), 10), Cnn((4,), (1, 8, 8), 10)], ids=repr)
def test_margins_are_those_of_the_definition(model, digits, as_module):
    state = model.init([1, 2])
    x, y = digits.val_x[:30], digits.val_y[:30]
    found = margins(model, state, x, y)
    assert found.shape == (2, 30)
    assert found.dtype == np.float32
    for member in range(2):
        with torch.no_grad():
            z = as_module(model, state, member).eval()(x).double()
        for point in range(30):
            others = [z[point, c] for c in range(10) if c != y[point]]
            expected = z[point, y[point]] - torch.stack(others).exp().sum().log()
            assert found[member, point] == pytest.approx(float(expected), abs=1e-5)


@pytest.mark.parametrize("batch", [1, 7, 30, 1000])
def test_batches_do_not_matter(digits, batch):
    model = Mlp((9,), (1, 8, 8), 10)
    state, x, y = model.init([1, 2]), digits.val_x[:30], digits.val_y[:30]
    np.testing.assert_allclose(margins(model, state, x, y, batch), margins(model, state, x, y), atol=1e-5)


def test_a_positive_margin_of_two_classes_is_a_right_answer(digits):
    model = Mlp((9,), (1, 8, 8), 2)
    state, x, y = model.init([1]), digits.val_x, digits.val_y % 2
    right = model.forward(state, x, "eval")[0].argmax(2) == y
    np.testing.assert_array_equal(margins(model, state, x, y) > 0, right.numpy())


def test_large_logits_do_not_overflow(digits):
    model = Mlp((9,), (1, 8, 8), 10)
    state = model.init([1])
    state.parameters["head_bias"][:, 3] = 1e30
    found = margins(model, state, digits.val_x, digits.val_y)
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[0] > 0, digits.val_y.numpy() == 3)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_a_diverged_member_is_seen_and_harms_no_other(digits, value):
    model = Mlp((9,), (1, 8, 8), 10)
    state = model.init([1, 2, 3])
    sound = margins(model, state, digits.val_x, digits.val_y)
    state.parameters["weight0"][1] = value
    beside = margins(model, state, digits.val_x, digits.val_y)
    np.testing.assert_array_equal(beside[[0, 2]], sound[[0, 2]])
    assert not np.isfinite(beside[1]).any()
