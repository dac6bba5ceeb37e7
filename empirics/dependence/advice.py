"""What the diagnosis means, in sentences that each carry their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ascentcheck.theory.level import Level
from ascentcheck.theory.linear.problem import LinearProblem

if TYPE_CHECKING:
    from ascentcheck.empirics.dependence.diagnosis import Followed


@dataclass(frozen=True)
class Advice:
    """A sentence and how it is known: EXACT (a theorem of `theory`) or SIMULATED (solved on these data, or in a study named)."""

    says: str
    evidence: str


UNSEEN = (
    "Nearer is not better on samples that nobody has seen: in the study of dependence (docs/explanation/dependence.md) the best "
    "stop has more held-out loss than doing nothing on 32 of 32 courses of linear models."
)
"""What is not looked at on the user's own data; the counts are those of the study's table of held-out losses."""


def advise(problem: LinearProblem, courses: Sequence[Followed]) -> tuple[Advice, ...]:
    """Return the advice for a linear head, and what of it carries over to a network."""
    found = [Advice(says, Level.SIMULATED.name) for course in courses for says in _on_course(course)]
    if any(course.best_stop_time for course in courses):
        found.append(Advice(UNSEEN, Level.SIMULATED.name))
    found.append(
        Advice(
            "The retrained head itself was solved here: where only the head is to forget, use it.",
            Level.SIMULATED.name,
        )
    )
    ratio = problem.n_total / problem.n_forget
    theorems = [
        f"The first step of descent-ascent (beta = 1) from a model at rest is {ratio:.4g} times that of fine-tuning on R, "
        "plus a shrinkage of the weights. This holds for networks with weight decay too; what comes after the first step is "
        "not proved for them."
    ]
    if any(course.first_step == "away" for course in courses):
        theorems.append(
            "The first step away is the shrinkage's: fine-tuning on R alone never starts away from the retrained head."
        )
    return (*found, *(Advice(says, Level.EXACT.name) for says in theorems))


def _on_course(course: Followed) -> Iterator[str]:
    name, weights = f"beta = {course.beta:.4g}", course.weights
    if weights.do_nothing == 0:
        yield f"{name}: the pretrained head is the retrained one already; any step does harm."
        return
    if weights.end is None:
        yield f"{name}: left running it diverges; it must be stopped."
    else:
        times = weights.end / weights.do_nothing
        word = "do not run it to its end" if times > 1 else "its end is nearer than doing nothing"
        yield f"{name}: its end is {times:.3g} times as far from the retrained head as doing nothing; {word}."
    if course.best_stop_time == 0:
        yield f"{name}: no stop is nearer to the retrained head, in weights, than doing nothing."
    elif course.best_stop_time is not None:
        yield (
            f"{name}: the best stop, at time {course.best_stop_time:.3g} (learning rate times steps), leaves "
            f"{weights.best_stop / weights.do_nothing:.0%} of the distance; to find it took the retrained head."
        )
