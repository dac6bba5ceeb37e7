"""The contract. `method` is a class of settings: see `ascentcheck.pytest_plugin`."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import torch

from ascentcheck.empirics.contract import OPTION
from ascentcheck.empirics.contract.bench import FORGET, MODELS, RETAIN, SEEDS, TRAIN, bench, example, last
from ascentcheck.empirics.contract.plain import alone, as_module
from ascentcheck.empirics.contract.watched import Watched
from ascentcheck.empirics.ensemble import member_seeds
from ascentcheck.empirics.methods import Method, Snapshot, unlearn
from ascentcheck.empirics.models import State
from ascentcheck.empirics.study.settings import METHODS
from ascentcheck.theory.console import UserError

on_networks = pytest.mark.parametrize("network", MODELS)
Kind = type[Method]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hold each method that was named to the contract."""
    if "method" in metafunc.fixturenames:
        metafunc.parametrize("method", methods(metafunc.config), ids=lambda kind: kind.__name__)


def methods(config: pytest.Config) -> list[Any]:
    """Return the classes that were named. Raises UsageError, in one line, for what is no method."""
    try:
        return [METHODS.find(name, OPTION, Path.cwd()) for name in config.getoption(OPTION, [])]
    except UserError as error:
        raise pytest.UsageError(str(error)) from None


def tensors(state: State) -> dict[str, torch.Tensor]:
    """Return all tensors of a state by name."""
    return {**state.parameters, **state.statistics}


def differ(one: Snapshot, other: Snapshot) -> bool:
    """Return whether two snapshots are not the same but for rounding."""
    pairs = zip(tensors(one.state).values(), tensors(other.state).values(), strict=True)
    return any(not torch.allclose(a, b, rtol=1e-6, atol=1e-7) for a, b in pairs)


def variants(method: Kind) -> list[str]:
    """Return the values of `batch_norm` that a method has."""
    return list(get_args(method.model_fields["batch_norm"].annotation))


def other_value(method: Kind, name: str) -> Any:
    """Return another value of a setting, that of `others` if there is one."""
    if name in method.others:
        return method.others[name]
    value, annotation = getattr(example(method), name), method.model_fields[name].annotation
    if get_origin(annotation) is Literal:
        return next(one for one in get_args(annotation) if one != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value / 2 if value else 0.1
    pytest.fail(f"{method.__name__}.others: give another value of {name}, which changes the result")


def settings(method: Kind) -> list[str]:
    """Return the settings that have a choice."""
    fixed = {
        name
        for name, field in method.model_fields.items()
        if get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1
    }
    return [name for name in method.model_fields if name not in fixed]


def test_it_has_a_kind_and_an_example(method: Kind) -> None:
    """Its `kind` is a name of its own, and `example` makes one."""
    assert method.model_fields["kind"].default == example(method).kind
    assert isinstance(example(method).kind, str)


def test_it_leaves_what_it_is_given_as_it_was(method: Kind) -> None:
    """Points, labels, both sets, and what it starts from or is led by are read and not written to.

    It stands before all others, whose data it shares: what is written twice may be the same.
    """
    given, sets = deepcopy(bench("mlp")), {"retain": RETAIN.clone(), "forget": FORGET.clone()}
    config, data = example(method), given.data
    resources = given.resources(config)
    start = {"pretrained": given.pretrained}
    if resources.checkpoint is not None:
        start["checkpoint"] = resources.checkpoint.state
    watched = sets | {"points": data.train_x, "labels": data.train_y, "margins": given.wanted}
    watched |= {
        f"{name}, {part}": value for name, state in start.items() for part, value in tensors(state).items()
    }
    before = {name: value.clone() for name, value in watched.items()}
    list(unlearn(given.model, data, *sets.values(), given.pretrained, config, SEEDS, (1,), resources))
    for name, value in watched.items():
        assert torch.equal(value, before[name]), f"{name} is written to"


def test_every_parameter_of_every_member_moves(method: Kind) -> None:
    """What the method says that it moves, moves; the rest stays."""
    before = bench("mlp").pretrained
    for batch_norm in variants(method):
        (found,) = bench("mlp").run(example(method, batch_norm=batch_norm), [min(2, last(example(method)))])
        for name, value in before.parameters.items():
            moved = (found.state.parameters[name] - value).flatten(1).abs().amax(1)
            assert (moved > 1e-6).all() if method.moves == "parameters" else (moved == 0).all(), name


def test_running_statistics_move_and_frozen_ones_stay(method: Kind) -> None:
    """With `batch_norm` "frozen" statistics are those of the start."""
    given = bench("mlp").resources(example(method))
    start = bench("mlp").pretrained if given.checkpoint is None else given.checkpoint.state
    for batch_norm in variants(method):
        (found,) = bench("mlp").run(example(method, batch_norm=batch_norm))
        for name, value in start.statistics.items():
            same = found.state.statistics[name] == value
            if batch_norm == "frozen" or method.moves == "nothing":
                assert same.all(), name
            else:
                assert not same.all(1).any(), name


def test_what_it_raises_rises_and_what_it_lowers_falls(method: Kind) -> None:
    """In the first pass in which it can: what is flat at the start is looked at in the second."""
    promised = example(method).promises()
    assert promised or method.moves != "parameters", "promises() names nothing that rises or falls"
    for batch_norm in variants(method):
        config = example(method, batch_norm=batch_norm)
        run = Watched(bench("mlp"), config)
        for number in range(1, 1 + min(2, last(config))):
            config.epoch(run, number)
        for promise in config.promises():
            seen = [one for one in run.passes if one.part == promise.during]
            assert seen, f"no pass over {promise.during}"
            changes = [promise.sign * (promise.of(one.after) - promise.of(one.before)) for one in seen]
            flat = bool((promise.of(seen[0].before).abs() < 1e-6).all())
            assert len(changes) > flat, "is flat at the start, and there is no second pass"
            assert (changes[flat] > 0).all(), (promise.during, promise.sign, batch_norm)


def test_each_setting_acts(method: Kind) -> None:
    """Another value of any setting gives another result."""
    (usual,) = bench("mlp").run(example(method))
    for name in settings(method):
        (changed,) = bench("mlp").run(example(method, **{name: other_value(method, name)}))
        assert differ(usual, changed), f"{name} changes nothing"


@on_networks
def test_members_are_what_one_model_after_the_other_is(method: Kind, network: str) -> None:
    """The method's own epochs, on an ordinary module with PyTorch's optimiser."""
    for batch_norm in variants(method):
        config = example(method, batch_norm=batch_norm)
        (found,) = bench(network).run(config)
        for member, seed in enumerate(SEEDS):
            module = alone(bench(network), config, member, seed, last(config))
            together = as_module(bench(network).model, found.state, member)
            for name, value in module.state_dict().items():
                if not name.endswith("num_batches_tracked"):
                    torch.testing.assert_close(
                        together.state_dict()[name], value, rtol=1e-3, atol=1e-4, msg=_named(name, member)
                    )


def _named(name: str, member: int) -> Callable[[str], str]:
    return lambda message: f"{name} of member {member}: {message}"


def test_it_costs_what_it_says(method: Kind) -> None:
    """`passes` are the samples that are counted, after any number of epochs."""
    config = example(method)
    for epochs in range(last(config) + 1):
        (found,) = bench("mlp").run(config, [epochs])
        counted = (found.forward_samples, found.backward_samples)
        assert config.passes(len(RETAIN), len(FORGET), epochs, TRAIN) == counted, f"{epochs} epochs"


def test_seeds_decide_every_bit(method: Kind) -> None:
    """The same seeds give the same members, others give others."""
    first, again = bench("mlp").run(example(method))[0], bench("mlp").run(example(method))[0]
    for name, value in tensors(first.state).items():
        assert torch.equal(value, tensors(again.state)[name]), name
    (other,) = bench("mlp").run(example(method), seeds=member_seeds(0, "others", len(SEEDS)))
    assert method.moves == "nothing" or differ(first, other)


def test_snapshots_are_passed_by_on_one_trajectory(method: Kind) -> None:
    """What is seen on the way is what is seen at an end; the pretrained members are left alone."""
    end, before = last(example(method)), bench("mlp").pretrained.copy()
    for snapshot in bench("mlp").run(example(method), sorted({0, 1, end})):
        (direct,) = bench("mlp").run(example(method), [snapshot.epoch])
        for name, value in tensors(snapshot.state).items():
            assert torch.equal(value, tensors(direct.state)[name]), name
            assert not value.requires_grad
            if snapshot.epoch == 0:
                assert torch.equal(value, tensors(before)[name]), name
    for name, value in tensors(before).items():
        assert torch.equal(tensors(bench("mlp").pretrained)[name], value), name
