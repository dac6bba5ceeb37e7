"""Which steps are launched and which are captured and replayed, by a card that is played; the real one has tests of its own."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import torch

from ascentcheck.empirics.models import Mlp, State
from ascentcheck.empirics.step import Sgd, Step


class Stream:
    def __init__(self, name, log):
        self.name, self.log = name, log

    def wait_stream(self, other):
        self.log.append(("wait", self.name, other.name))


class Card:
    """What a step asks of torch.cuda, noted in its order."""

    def __init__(self):
        self.log, self.mode = [], "at once"
        self.default = Stream("default", self.log)

    def Stream(self, device):  # noqa: N802 - PyTorch's name
        return Stream("side", self.log)

    def CUDAGraph(self):  # noqa: N802 - PyTorch's name
        return SimpleNamespace(replay=lambda: self.log.append(("replay", self.seen())))

    def current_stream(self):
        return self.default

    def synchronize(self):
        self.log.append("synchronize")

    @contextmanager
    def within(self, mode):
        self.mode, before = mode, self.mode
        yield
        self.mode = before

    def stream(self, stream):
        return self.within(stream.name)

    def graph(self, graph, stream):
        return self.within(f"capture on {stream.name}")

    def seen(self):
        """What lies in the memory that the last capture was of."""
        parts, rate = self.captured
        return [(index.tolist(), weight) for index, weight in parts], round(float(rate), 6)

    def launch(self, parts, rate):
        if "capture" in self.mode:
            self.captured = parts, rate
        self.log.append(
            (self.mode, [(index.tolist(), weight) for index, weight in parts], round(float(rate), 6))
        )


@pytest.fixture
def made(monkeypatch):
    """Return a function that makes a step, and the card's notes."""

    def make(kind="cuda", **options):
        card = Card()
        monkeypatch.setattr(torch, "cuda", card)
        images = SimpleNamespace(device=SimpleNamespace(type=kind))
        step = Step(None, SimpleNamespace(train_x=images, device="cpu"), None, None, **options)
        step._launch = card.launch
        return step, card.log

    return make


def parts(*places, weight=1.0):
    return [(torch.tensor([places]), weight)]


def told(mode, places, rate, weight=1.0):
    return mode, [([places], weight)], rate


def launched(places, rate, weight=1.0):
    """A launch of its own waits for what was launched before, and what comes after waits for it."""
    return [("wait", "side", "default"), told("side", places, rate, weight), ("wait", "default", "side")]


@pytest.mark.parametrize("options", [{"kind": "cpu"}, {"capture": False}])
def test_without_a_card_every_step_is_launched_at_once(made, options):
    step, log = made(**options)
    for rate in range(20):
        step(parts(1, 2), rate)
    assert log == [told("at once", [1, 2], rate) for rate in range(20)]
    assert step.captured == 0


def test_on_a_card_the_seventeenth_step_of_a_kind_is_captured_and_replayed_from_then_on(made):
    step, log = made()
    for number in range(16):
        step(parts(number, 7), 0.1)
    assert log == [note for number in range(16) for note in launched([number, 7], 0.1)]
    assert step.captured == 0
    log.clear()
    step(parts(3, 4), 0.2)
    step(parts(5, 6), 0.3)
    assert log == [
        "synchronize",
        told("capture on side", [3, 4], 0.1),
        ("replay", ([([[3, 4]], 1.0)], 0.2)),
        ("replay", ([([[5, 6]], 1.0)], 0.3)),
    ]
    assert step.captured == 1


def test_steps_of_other_sizes_or_weights_are_of_another_kind(made):
    step, log = made()
    for _ in range(16):
        step(parts(1, 2), 0.1)
    log.clear()
    step(parts(1, 2, 3), 0.1)
    step(parts(1, 2, weight=-1.0), 0.1)
    assert log == launched([1, 2, 3], 0.1) + launched([1, 2], 0.1, -1.0)
    for _ in range(16):
        step(parts(1, 2, 3), 0.1)
    assert step.captured == 1
    step(parts(1, 2), 0.1)
    assert step.captured == 2


def test_a_step_goes_down_the_weighted_sum_of_plain_cross_entropies(digits):
    model, parts = (
        Mlp((8,), (1, 8, 8), 10),
        [(torch.arange(12).expand(2, -1), 1.0), (torch.arange(20, 25).expand(2, -1), -0.5)],
    )
    start = model.init([1, 2])
    state, other = (
        State({n: v.clone().requires_grad_() for n, v in start.parameters.items()}, start.copy().statistics)
        for _ in range(2)
    )
    step = Step(model, digits, state, Sgd(state.parameters.values(), 0.0, 0.0))
    step(parts, 0.1)
    loss = 0.0
    for index, weight in parts:
        x, y = digits.batch(index)
        logits, _ = model.forward(other, x, "train")
        loss += weight * sum(torch.nn.functional.cross_entropy(*pair) for pair in zip(logits, y, strict=True))
    slopes = torch.autograd.grad(loss, list(other.parameters.values()))
    for (name, value), slope in zip(start.parameters.items(), slopes, strict=True):
        torch.testing.assert_close(state.parameters[name].detach(), value - 0.1 * slope)
