"""What a study costs in FLOPs and time: of what kinds of jobs, and at what rate, measured or assumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ascentcheck.empirics.models import build
from ascentcheck.empirics.models.flops import forward_flops
from ascentcheck.empirics.study.plan import Estimate, Taken, by_kind, estimate, taken
from ascentcheck.empirics.study.session import Session

TFLOPS = 0.03
"""10¹² FLOPs per second that are assumed before anything has run: one slow core."""

HEAD = (
    f"{'':<16}{'jobs':>6}{'models':>9}{'forward':>10}{'backward':>10}{'scored':>10}{'FLOPs':>10}{'share':>7}"
)


@dataclass(frozen=True)
class Cost:
    """FLOPs `by_kind` of job, of the `whole` study and `left`, with the work that they come from.

    `each` is the FLOPs of one sample forward in one model, as it is trained on and as it is scored. `rate` is in FLOPs
    per second of one worker, and `known` says where it comes from.
    """

    each: tuple[int, int]
    by_kind: dict[str, Estimate]
    whole: Estimate
    now: Taken
    left: int
    rate: float
    known: str


def cost(session: Session, tflops: float | None = None) -> Cost:
    """Return what a study takes, at `tflops` if given, else at the rate of what is done, else at TFLOPS.

    Raises UserError where the network does not fit the data.
    """
    study, data = session.study, session.dataset
    model = build(study.model, data.shape, data.n_classes)
    trained = data.shape if data.train_size is None else (data.shape[0], data.train_size, data.train_size)
    each = forward_flops(model, trained), forward_flops(model, data.shape)
    now = taken(study, data, session.plan, session.store)
    whole = estimate(study, data, session.plan)
    done = now.worked.flops(*each)
    if tflops is not None:
        rate, known = tflops * 1e12, "as given"
    elif now.seconds > 0 and done:
        rate, known = done / now.seconds, "measured in the jobs done"
    else:
        rate, known = TFLOPS * 1e12, "assumed; --tflops sets it"
    left = max(whole.flops(*each) - done, 0)
    return Cost(each, by_kind(study, data, session.plan), whole, now, left, rate, known)


def lines(session: Session, found: Cost) -> Iterator[str]:
    """Yield the plan as text."""
    data, total = session.dataset, found.whole.flops(*found.each)
    if session.data_absent:
        yield (
            f"The data are not there; they are counted as {data.n_train:,} training points and "
            f"{data.n_validation:,} validation points."
        )
    yield HEAD
    for kind, part in (*found.by_kind.items(), ("all", found.whole)):
        flops = part.flops(*found.each)
        passes = "".join(f"{n:>10.2e}" for n in (part.forward, part.backward, part.scored, flops))
        yield f"{kind:<16}{part.jobs:>6}{part.models:>9,}{passes}{flops / total:>7.1%}"
    for name, value in (
        ("jobs", f"{found.whole.jobs}, of which {found.now.done} are done"),
        ("models", f"{found.whole.models:,}"),
        ("sample passes", f"{found.whole.passes:.3g}, of which {found.whole.scored:.3g} for margins"),
        (
            "FLOPs",
            f"{total:.3g}, {found.left:.3g} left; {found.each[0]:.3g} for a sample forward in one model",
        ),
        ("margins stored", f"{found.whole.bytes / 2**20:,.{0 if found.whole.bytes > 2**24 else 2}f} MiB"),
        ("time left", f"about {_spell(found.left / found.rate)} of one worker"),
        ("at a rate of", f"{found.rate / 1e12:.3g} · 10¹² FLOPs per second ({found.known})"),
    ):
        yield f"{name:<15} {value}"


def _spell(seconds: float) -> str:
    for size, unit in ((86400.0, "days"), (3600.0, "hours")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds / 60:.1f} min"
