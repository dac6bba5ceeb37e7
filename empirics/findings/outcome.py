"""What became of the models of one snapshot, told from its rows by fixed bounds, or left open by their intervals.

Each question has three answers: yes and no where the whole 95% interval of a score is on one side of its bound, and
None where it is not, or where there is no interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ascentcheck.empirics.klom import WORST
from ascentcheck.empirics.study.choice import Choice, afterwards, in_advance, merit, scored
from ascentcheck.empirics.study.table import Row

NEAR_FLOOR = 2.0
"""A score is near the floor up to this many times it."""
MOVED = 0.2
"""A forget score has moved when it differs from doing nothing by more than this share of it."""
LOST = 0.02
"""A model is broken that loses more than this in accuracy on validation points, against the held-out oracles."""

Answer = bool | None

BOUNDS = (
    f"Broken: a model has diverged, or validation KLoM is more than {NEAR_FLOOR:g} times the larger of the null "
    f"floor and doing nothing, or validation accuracy is more than {LOST:g} below that of held-out oracles. Moved: "
    f"forget KLoM is more than {MOVED:.0%} off that of doing nothing, either way. Success: not broken, and forget and "
    f"validation KLoM at most {NEAR_FLOOR:g} null floors. Scores are 95th percentiles, and a bound is passed when the "
    f"whole 95% interval has. A set on which doing nothing is not clearly above {NEAR_FLOOR:g} null floors has nothing "
    "to forget and is left out. Where nothing else is said, the statistics of batch norm run, as in the paper."
)
"""The bounds in words, for the rules that use them."""


@dataclass(frozen=True)
class Snapshot:
    """One configuration of a method after one epoch on one set: its rows by split, and the answers about it.

    `forgotten` and `intact` are whether it is near the floor on forget and on validation points; `gain` is how much
    lower its forget KLoM is than that of doing nothing, in nats.
    """

    method: str
    forget_set: str
    choice: Choice
    rows: Mapping[str, Row]
    broken: Answer
    moved: Answer
    forgotten: Answer
    intact: Answer
    gain: float

    @property
    def cost(self) -> float:
        """Passes relative to retraining."""
        return self.rows["forget"].cost

    @property
    def either_or(self) -> Answer:
        """Whether the models stay near the pretrained ones or are broken, one or the other."""
        if self.broken is True or self.moved is False:
            return True
        return False if self.broken is False and self.moved is True else None

    @property
    def stays(self) -> Answer:
        """Whether the models are near the pretrained ones: not moved and not broken."""
        if self.broken is True or self.moved is True:
            return False
        return True if self.broken is False and self.moved is False else None

    @property
    def succeeds(self) -> Answer:
        """Whether the models are near oracles on forget and validation points, and not broken."""
        if self.broken is True or False in (self.forgotten, self.intact):
            return False
        return True if self.broken is False and self.forgotten and self.intact else None

    @property
    def merit(self) -> float:
        """The larger of forget and validation KLoM; of broken models the worst there is, in nats."""
        return WORST if self.broken is True else merit(self.rows)

    @property
    def merit_interval(self) -> tuple[float, float]:
        """The 95% interval of the merit: that of the score which it is."""
        if self.broken is True:
            return WORST, WORST
        row = max((self.rows["forget"], self.rows["validation"]), key=lambda r: r.p95)
        return row.p95_low, row.p95_high


@dataclass(frozen=True)
class SetOutcome:
    """A forget set with its controls and the snapshots of all methods on it."""

    name: str
    size: int
    do_nothing: Snapshot
    snapshots: tuple[Snapshot, ...]

    @property
    def to_forget(self) -> Answer:
        """Whether doing nothing is clearly above the floor."""
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
    for name in dict.fromkeys(row.forget_set for row in rows):
        methods = dict.fromkeys(row.method for row in rows if row.forget_set == name)
        of = {method: scored(rows, name, method) for method in methods}
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


def select(
    own: Iterable[Snapshot], others: Sequence[Iterable[Snapshot]]
) -> tuple[Snapshot | None, Snapshot | None]:
    """Return the snapshot of least merit on the set itself, and the one of those that is best on the other sets.

    The first is chosen after the fact, the second by a rule fixed in advance. None where there is none to choose from;
    the second also where no configuration was run on every other set.
    """
    tried, *elsewhere = ({(s.method, s.choice): s for s in some} for some in (own, *others))
    keys = afterwards(tried, lambda s: s.merit), in_advance(tried, elsewhere, lambda s: s.merit)
    picked, ruled = (None if key is None else tried[key] for key in keys)
    return picked, ruled


def _judged(
    method: str,
    name: str,
    choice: Choice,
    splits: Mapping[str, Row],
    still: Mapping[str, Row],
    oracles: Mapping[str, Row],
) -> Snapshot:
    forget, validation = splits["forget"], splits["validation"]
    before = still["forget"].p95
    worse = NEAR_FLOOR * max(validation.null_p95, still["validation"].p95)
    lost = validation.accuracy < oracles["validation"].accuracy - LOST
    broken = True if forget.diverged_unlearned or lost else above(validation, worse)
    low, high = above(forget, (1 - MOVED) * before), above(forget, (1 + MOVED) * before)
    moved: Answer = None
    if low is False or high is True:
        moved = True
    elif low is True and high is False:
        moved = False
    forgotten, intact = (negated(above(row, NEAR_FLOOR * row.null_p95)) for row in (forget, validation))
    return Snapshot(method, name, choice, splits, broken, moved, forgotten, intact, before - forget.p95)


def negated(answer: Answer) -> Answer:
    """Return the opposite answer; None stays open."""
    return None if answer is None else not answer


def above(row: Row, bound: float) -> Answer:
    """Return whether a row's 95th percentile is above a bound, None where its interval holds the bound."""
    if row.p95_low > bound:
        return True
    return False if row.p95_high <= bound else None
