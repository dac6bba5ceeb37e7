"""What became of the models of one snapshot, told from its rows by fixed bounds, or left open by their intervals.

Scores are mean energy scores in spreads of the oracles, by which bounds do not depend on the number of models. Each question has
three answers: yes and no where the whole 95% interval is on one side of its bound, and None where it is not, or where there is no
interval. The bounds, and what had been seen when they were written, are kept in `docs/explanation/rules.md`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ascentcheck.empirics.findings.answer import UNKNOWN, Answer, Interval, above, every, negated, some
from ascentcheck.empirics.scores.whole_models import paired_interval
from ascentcheck.empirics.study.choice import Choice, afterwards, in_advance, on_size, scored
from ascentcheck.empirics.study.table import Row

WRITTEN = "26 November 2026"
NEAR = 0.1
"""A score is near oracles up to this many spreads: what a shift of all margins by half a standard deviation scores."""
MOVED = 0.2
"""A forget score has moved when it differs from doing nothing by more than this share of it."""
HARMED = 0.5
"""A model is broken whose validation score is this many spreads above doing nothing: a shift by a standard deviation."""
LOST = 0.02
"""A model is broken that loses more than this in accuracy on validation points, against the held-out oracles."""
WORST = 10.0
"""The merit of broken models, and the worst that any has, in spreads."""

BOUNDS = (
    f"Broken: a model has diverged, or the validation score is more than {HARMED:g} spreads above that of doing nothing, or "
    f"validation accuracy is more than {LOST:g} below that of held-out oracles. Moved: the forget score is more than "
    f"{MOVED:.0%} off that of doing nothing, either way. Success: not broken, and forget and validation scores at most "
    f"{NEAR:g} spreads. Scores are mean energy scores in spreads of the oracles, and a bound is passed when the whole 95% "
    f"interval has, of a difference the paired one. A set on which doing nothing does not clearly score above {NEAR:g} on "
    "forget points has nothing to forget and is left out. Where nothing else is said, the statistics of batch norm run, as "
    "in the paper."
)
"""The bounds in words, for the rules that use them."""


@dataclass(frozen=True)
class Snapshot:
    """One configuration of a method after one epoch on one set: its rows by split, and the answers about it.

    `forgotten` and `intact` are whether it is near oracles on forget and on validation points; `gain` is how much
    lower its forget score is than that of doing nothing, in spreads.
    """

    method: str
    forget_set: str
    choice: Choice
    rows: Mapping[str, Row] = field(repr=False)
    broken: Answer
    moved: Answer
    gain: float

    @property
    def run(self) -> tuple[str, str, str]:
        """What it shares with the other stops of one training: the set, the method and its configuration."""
        return self.forget_set, self.method, self.choice[0]

    @property
    def cost(self) -> float:
        """Passes relative to retraining."""
        return self.rows["forget"].cost

    @property
    def forgotten(self) -> Answer:
        """Whether it is near oracles on forget points."""
        return near(self.rows["forget"])

    @property
    def intact(self) -> Answer:
        """Whether it is near oracles on validation points."""
        return near(self.rows["validation"])

    @property
    def either_or(self) -> Answer:
        """Whether the models stay near the pretrained ones or are broken, one or the other."""
        return some((self.broken, negated(self.moved)))

    @property
    def stays(self) -> Answer:
        """Whether the models are near the pretrained ones: not moved and not broken."""
        return every((negated(self.broken), negated(self.moved)))

    @property
    def succeeds(self) -> Answer:
        """Whether the models are near oracles on forget and validation points, and not broken."""
        return every((negated(self.broken), self.forgotten, self.intact))

    @property
    def succeeds_on_odd(self) -> Answer:
        """The same, judged by the odd members alone, for what was chosen by the even ones."""
        odd = [
            negated(above((row.energy_odd_low, row.energy_odd_high), NEAR))
            for row in (self.rows["forget"], self.rows["validation"])
        ]
        return every((negated(self.broken), *odd))

    @property
    def worse_row(self) -> Row:
        """The row, forget or validation, with the larger score; one without a score is the worse."""
        return max((self.rows["forget"], self.rows["validation"]), key=lambda row: or_inf(row.energy))

    @property
    def merit(self) -> float:
        """The larger of forget and validation score, in spreads, WORST at most; of broken models, or without a score, WORST."""
        return WORST if self.broken is True else min(or_inf(self.worse_row.energy), WORST)

    @property
    def even_merit(self) -> float:
        """The same by the even members."""
        even = (or_inf(self.rows[split].energy_even) for split in ("forget", "validation"))
        return WORST if self.broken is True else min(max(even), WORST)


@dataclass(frozen=True)
class SetOutcome:
    """A forget set with its controls and the snapshots of all methods on it."""

    name: str
    size: int
    do_nothing: Snapshot
    snapshots: tuple[Snapshot, ...]

    @property
    def to_forget(self) -> Answer:
        """Whether doing nothing is clearly not near oracles."""
        return negated(self.do_nothing.forgotten)

    def of(self, *methods: str) -> tuple[Snapshot, ...]:
        """Return the snapshots of some methods, in all variants."""
        return tuple(s for s in self.snapshots if s.method in methods)

    def as_printed(self, *methods: str) -> tuple[Snapshot, ...]:
        """Return those of them in which the statistics of batch norm run, as the paper's do."""
        return tuple(s for s in self.of(*methods) if s.rows["forget"].batch_norm == "running")


def outcomes(rows: Sequence[Row]) -> tuple[SetOutcome, ...]:
    """Return each forget set that has both controls, in the table's order, with all that was run on it."""
    found = []
    by_set: dict[str, list[Row]] = {}
    for row in rows:
        by_set.setdefault(row.forget_set, []).append(row)
    for name, own in by_set.items():
        methods = dict.fromkeys(row.method for row in own)
        of = {method: scored(own, name, method) for method in methods}
        if not of.get("do-nothing") or not of.get("held-out"):
            continue
        still = next(iter(of["do-nothing"].values()))
        oracles = next(iter(of["held-out"].values()))
        judged = {
            method: [
                _judged(method, name, choice, splits, still, oracles) for choice, splits in of[method].items()
            ]
            for method in methods
        }
        snapshots = tuple(
            s for m, each in judged.items() if m not in ("do-nothing", "held-out") for s in each
        )
        found.append(SetOutcome(name, still["forget"].forget_size, judged["do-nothing"][0], snapshots))
    return tuple(found)


def worth_forgetting(sets: Iterable[SetOutcome]) -> tuple[SetOutcome, ...]:
    """Return the sets on which doing nothing is clearly not enough."""
    return tuple(s for s in sets if s.to_forget is True)


def by_run(snapshots: Iterable[Snapshot], asked: Callable[[Snapshot], Answer]) -> list[list[Answer]]:
    """Return the answers about snapshots, those of a run together."""
    runs: dict[tuple[str, str, str], list[Answer]] = {}
    for snapshot in snapshots:
        runs.setdefault(snapshot.run, []).append(asked(snapshot))
    return list(runs.values())


def select(
    own: Iterable[Snapshot], others: Sequence[Iterable[Snapshot]]
) -> tuple[Snapshot | None, Snapshot | None]:
    """Return the snapshot of least merit on the set itself, and the one of those that is best on the other sets.

    The first is chosen after the fact, by the even members, the second by a rule fixed in advance. None where there is none to
    choose from; the second also where no configuration was run on every other set. A configuration that was not run on a set
    since another is the same there is stood for by that.
    """
    sets = [tuple(some) for some in (own, *others)]
    keys = dict.fromkeys((s.method, s.choice) for some in sets for s in some)
    tried, *elsewhere = (_with_the_same(some, keys) for some in sets)
    keys = afterwards(tried, lambda s: s.even_merit), in_advance(tried, elsewhere, lambda s: s.merit)
    picked, ruled = (None if key is None else tried[key] for key in keys)
    return picked, ruled


def _with_the_same(
    snapshots: Sequence[Snapshot], keys: Iterable[tuple[str, Choice]]
) -> dict[tuple[str, Choice], Snapshot]:
    """Return the snapshots of a set by method and choice, for each of the keys that was run there or is the same there."""
    size = snapshots[0].rows["forget"].forget_size if snapshots else 0
    run = {(s.method, s.choice): s for s in snapshots}
    same = {(s.method, on_size(s.choice, size)): s for s in snapshots}
    found = {(m, c): run.get((m, c)) or same.get((m, on_size(c, size))) for m, c in keys}
    return {key: snapshot for key, snapshot in found.items() if snapshot is not None}


def or_inf(score: float) -> float:
    """Return a score, infinity for nan: whether Python's max and min keep a nan depends on where it stands."""
    return math.inf if math.isnan(score) else score


def near(row: Row) -> Answer:
    """Return whether a row's score is at most NEAR."""
    return negated(above((row.energy_low, row.energy_high), NEAR))


def apart(one: Row, other: Row, share: float = 1.0) -> Interval:
    """Return the paired interval of one score less a share of another; (nan, nan) where margins are missing."""
    if not one.shares or len(one.shares) != len(other.shares):
        return UNKNOWN
    shares = [a - share * b for a, b in zip(one.shares, other.shares, strict=True)]
    return paired_interval(one.energy - share * other.energy, shares)


def _judged(
    method: str,
    name: str,
    choice: Choice,
    splits: Mapping[str, Row],
    still: Mapping[str, Row],
    oracles: Mapping[str, Row],
) -> Snapshot:
    forget, validation = splits["forget"], splits["validation"]
    before = still["forget"]
    broken = some(
        (
            forget.diverged_unlearned > 0,
            above(apart(validation, still["validation"]), HARMED),
            above(_lost(validation, oracles["validation"]), LOST),
        )
    )
    moved = some(
        (
            above(apart(forget, before, 1 + MOVED), 0.0),
            negated(above(apart(forget, before, 1 - MOVED), 0.0)),
        )
    )
    return Snapshot(method, name, choice, splits, broken, moved, before.energy - forget.energy)


def _lost(row: Row, oracles: Row) -> Interval:
    """Return the interval of the accuracy that is lost against held-out oracles, which are independent."""
    reach = 1.96 * math.hypot(row.accuracy_error, oracles.accuracy_error)
    lost = oracles.accuracy - row.accuracy
    return lost - reach, lost + reach
