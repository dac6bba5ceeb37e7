"""What benchmarks count rather than time: the bytes and the operations of a call."""

import sys
from pathlib import Path

import pytest
import torch
from torch.nn import functional

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def floors(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import floors

    yield floors
    sys.modules.pop("floors")


def test_a_product_reads_both_factors_and_writes_one(floors):
    a, b = torch.ones(3, 5), torch.ones(5, 7)
    found = floors.traffic(lambda: a @ b)
    assert (found.operations, found.bytes, found.fused) == (1, 4 * (15 + 35 + 21), 4 * (15 + 35 + 21))


def test_views_move_nothing_and_what_is_between_products_is_not_fused(floors):
    a = torch.ones(4, 6)
    found = floors.traffic(lambda: a.T.reshape(4, 6).unbind())
    assert (found.operations, found.bytes) == (1, 2 * 4 * 24)  # the copy that the reshape needs
    assert floors.traffic(lambda: a.T[1:].detach()).operations == 0
    found = floors.traffic(lambda: torch.relu(a))
    assert (found.operations, found.bytes, found.fused) == (1, 2 * 4 * 24, 0)


def test_the_way_back_of_a_convolution_counts(floors):
    x, w = torch.ones(2, 3, 8, 8, requires_grad=True), torch.ones(5, 3, 3, 3, requires_grad=True)
    points, weights, out = 2 * 3 * 64, 5 * 27, 2 * 5 * 64
    found = floors.traffic(lambda: functional.conv2d(x, w, padding=1).backward(torch.ones(2, 5, 8, 8)))
    assert found.fused == 4 * (points + weights + out) + 4 * (2 * points + 2 * weights + out)


def test_floors_are_work_over_rates(floors):
    rates = floors.Rates(product=1e3, convolution=2e3, copy=4e3, launch=0.5)
    assert rates.floors(4e3, 2e3, 3) == {"FLOPs": 2.0, "bytes": 0.5, "launches": 1.5}


def test_rates_are_measured(floors):
    found = floors.rates(torch.device("cpu"), torch.float32, rounds=0)
    assert min(found.product, found.convolution) > 1e8
    assert found.copy > 1e7
    assert 0 < found.launch < 1
