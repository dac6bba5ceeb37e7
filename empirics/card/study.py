"""The part of the study itself: trains ten members of each kind in turn, then unlearns as many as the time allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from ascentcheck.empirics.card import plan
from ascentcheck.empirics.card.results import Results
from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.ensemble import TrainConfig, member_seeds, train
from ascentcheck.empirics.margins import margins
from ascentcheck.empirics.methods import unlearn
from ascentcheck.empirics.models import ResNet9, State

if TYPE_CHECKING:
    from jaxtyping import Float16, Int64

Say = Callable[[str], None]
DUE = 15.0
"""Seconds after which results are written between two trajectories."""


@dataclass(frozen=True, eq=False)
class Points:
    """The points at which margins are kept: `split` names each, `index` is into the training or the validation set."""

    split: np.ndarray
    index: Int64[np.ndarray, " points"]

    @property
    def held(self) -> np.ndarray:
        """Which of them are validation points."""
        return self.split == "validation"


def choose(dataset: Dataset, sets: Mapping[str, np.ndarray], each: int, seed: int) -> Points:
    """Return all points of the forget sets, and `each` drawn from the points that are in none and from validation."""
    draw = np.random.default_rng(seed)
    others = np.setdiff1d(np.arange(len(dataset.train_y)), np.concatenate(list(sets.values())))
    retain = np.sort(draw.choice(others, min(each, len(others)), replace=False))
    held = np.sort(draw.choice(len(dataset.val_y), min(each, len(dataset.val_y)), replace=False))
    parts = {**sets, "retain": retain, "validation": held}
    split = np.concatenate([np.full(len(index), name) for name, index in parts.items()])
    return Points(split, np.concatenate(list(parts.values())).astype(np.int64))


@dataclass(eq=False)
class Run:
    """One run: what is fixed, and the margins so far by ensemble, a block of members after the other."""

    dataset: Dataset
    sets: Mapping[str, np.ndarray]
    points: Points
    model: ResNet9
    seed: int
    results: Results
    deadline: float
    say: Say
    margins: dict[str, list[Float16[np.ndarray, "block points"]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    pretrained: list[State] = field(default_factory=list)
    written: float = 0.0
    per_epoch: float = 0.0
    """Seconds of one epoch of training one model, once timed."""

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.deadline - time.monotonic()

    def look(self, name: str, state: State) -> None:
        """Add the margins of a block of members to those of an ensemble."""
        parts = []
        for x, y, chosen in (
            (self.dataset.train_x, self.dataset.train_y, ~self.points.held),
            (self.dataset.val_x, self.dataset.val_y, self.points.held),
        ):
            index = torch.from_numpy(self.points.index[chosen]).to(x.device)
            parts.append(
                margins(
                    self.model, state, x[index], y[index.to(y.device)], batch=700, ready=self.dataset.ready
                )
            )
        found = np.empty((state.n_members, len(self.points.index)), np.float16)
        found[:, ~self.points.held], found[:, self.points.held] = parts
        self.margins.setdefault(name, []).append(found)

    def spent(self, name: str, began: float) -> None:
        """Add to the time of an ensemble."""
        if self.dataset.device.type == "cuda":
            torch.cuda.synchronize()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - began

    def ensemble(self, name: str) -> np.ndarray:
        """Return the margins of an ensemble so far, [models, points]."""
        return np.concatenate(self.margins[name])

    def write(self, part: str) -> None:
        """Write what there is."""
        kinds: dict[str, dict[str, np.ndarray]] = {}
        for name in self.margins:
            kind = "trained" if name.split()[0] in ("pretrained", "oracle", "held-out") else "unlearned"
            kinds.setdefault(kind, {})[name] = self.ensemble(name)
        for kind, arrays in kinds.items():
            self.results.arrays(f"margins-{kind}", arrays)
        models = {name: sum(len(block) for block in blocks) for name, blocks in self.margins.items()}
        self.results.note("study", reached=part, models=models, seconds=self.seconds)
        self.written = time.monotonic()


def timed(run: Run, recipe: TrainConfig, model: ResNet9, steps: int) -> float:
    """Return the seconds of one epoch of one of ten models, from some steps of training them; the start does not count."""
    few = min(recipe.batch_size * steps, len(run.dataset.train_y))
    marks: list[float] = []

    def tick(done: int, total: int) -> None:
        if run.dataset.device.type == "cuda":
            torch.cuda.synchronize()
        marks.append(time.monotonic())

    index = torch.arange(few)
    seeds = member_seeds(run.seed, "timing", plan.AT_ONCE)
    train(model, run.dataset, index, recipe, seeds, progress=tick, stop=min(3, recipe.epochs))
    each = (marks[-1] - marks[0]) / (len(marks) - 1) / recipe.per_epoch(few)
    return each * recipe.per_epoch(len(run.dataset.train_y)) / plan.AT_ONCE


def train_all(run: Run, recipe: TrainConfig, model: ResNet9, blocks: int) -> int:
    """Train pretrained models, oracles and held-out oracles in turn; return how many blocks of each there are."""
    everything = np.arange(len(run.dataset.train_y))
    slowest = 0.0
    for block in range(blocks):
        if block and run.left < slowest:
            return block
        began = time.monotonic()
        which = slice(block * plan.AT_ONCE, (block + 1) * plan.AT_ONCE)
        kinds = [("pretrained", "pretrained", everything)]
        for name, forget in run.sets.items():
            retain, key = np.setdiff1d(everything, forget), forget.tobytes().hex()
            kinds += [(f"{kind} {name}", f"{kind}/{key}", retain) for kind in ("oracle", "held-out")]
        for name, role, index in kinds:
            if run.left < 0:
                return block
            seeds = member_seeds(run.seed, role, plan.MOST)[which]
            start = time.monotonic()
            state = train(model, run.dataset, torch.from_numpy(index), recipe, seeds)
            if name == "pretrained":
                run.pretrained.append(state)
            run.look(name, state)
            run.spent(name, start)
            run.write(f"{name}, block {block + 1} of {blocks}")
        slowest = max(slowest, time.monotonic() - began)
        run.say(f"{(block + 1) * plan.AT_ONCE} models of each kind trained, {run.left:.0f} s left")
    return blocks


def unlearn_all(run: Run, trials: list[plan.Trial], recipe: TrainConfig) -> list[str]:
    """Unlearn the pretrained members trial by trial while the time lasts; return the names of trials not reached."""
    everything = np.arange(len(run.dataset.train_y))
    missed, costs = [], {}
    first_guess = 2 * plan.AT_ONCE * run.per_epoch  # small batches take longer than those that were timed
    for trial in trials:
        for number, block in enumerate(run.pretrained):
            expected = costs.get(
                trial.method.kind, 0.0 if trial.method.kind == "ga" else first_guess * max(trial.epochs)
            )
            if run.left < 1.2 * expected:
                missed.append(f"{trial.name}, block {number + 1}")
                continue
            began = time.monotonic()
            forget = run.sets[trial.forget_set]
            which = slice(number * plan.AT_ONCE, (number + 1) * plan.AT_ONCE)
            seeds = member_seeds(run.seed, f"unlearn/{trial.name}", plan.MOST)[which]
            for snapshot in unlearn(
                run.model,
                run.dataset,
                torch.from_numpy(np.setdiff1d(everything, forget)),
                torch.from_numpy(forget),
                block,
                trial.method,
                seeds,
                trial.epochs,
                precision=recipe.precision,
            ):
                run.look(f"{trial.name} epoch={snapshot.epoch}", snapshot.state)
            run.spent(trial.name, began)
            costs[trial.method.kind] = max(expected, time.monotonic() - began)
        if time.monotonic() - run.written > DUE:
            run.write(trial.name)
            run.say(f"{trial.name}, {run.left:.0f} s left")
    run.write(trials[-1].name if trials else "nothing to unlearn")
    return missed


def study(
    run: Run,
    steps: int,
    compiled: bool | None,
    batch_size: int = 512,
    epochs: Sequence[int] = plan.EPOCHS,
) -> None:
    """Time ten models, choose the size by it, and run as much as the time allows."""
    began = time.monotonic()
    first = plan.recipe(epochs[0], batch_size)
    ways = {False: run.model, True: replace(run.model, compiled=True)}
    tried = {}
    for way in (False, True) if compiled is None else (compiled,):
        start = time.monotonic()
        tried[way] = timed(run, first, ways[way], steps)
        run.say(f"{'compiled' if way else 'as it is'}: {tried[way]:.3f} s an epoch of one model")
        words = {"seconds_per_epoch": tried[way], "seconds_with_start": time.monotonic() - start}
        run.results.note("timing", **{"compiled" if way else "as it is": words})
    way = min(tried, key=lambda w: tried[w])
    run.per_epoch = tried[way]
    chosen = plan.size(run.left, tried[way], 1 + 2 * len(run.sets), epochs)
    recipe = plan.recipe(chosen.epochs, batch_size)
    run.say(
        f"{chosen.epochs} epochs, {chosen.n_models} models of each kind, reckoned at {chosen.seconds:.0f} s"
    )
    run.results.note(
        "study",
        seed=run.seed,
        sets={name: index.tolist() for name, index in run.sets.items()},
        compiled=way,
        recipe=recipe.model_dump(),
        width=run.model.width,
        train_points=len(run.dataset.train_y),
        reckoned={"epochs": chosen.epochs, "models": chosen.n_models, "seconds": chosen.seconds},
    )
    run.results.arrays("points", {"split": run.points.split, "index": run.points.index})
    blocks = train_all(run, recipe, ways[way], chosen.n_models // plan.AT_ONCE)
    sets = tuple(run.sets)
    missed = unlearn_all(run, plan.ascents(sets), recipe)
    missed += unlearn_all(run, plan.descents(sets), recipe)
    run.results.note(
        "study", missed=missed, blocks=blocks, members_at_once=plan.AT_ONCE, whole=time.monotonic() - began
    )
