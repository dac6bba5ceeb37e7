r"""Where gradient flow ends, proved by trapping: it cannot leave the part of a sublevel set in which it starts.

The loss falls along the flow and grows without bound far away, so the flow stays in one component of {L < c} and ends
at a stationary point there. Let c be the lowest loss of any stationary point that is no minimum. A component of
{L < c} holds exactly one minimum (two would need a saddle between them, by the mountain pass theorem). So if the straight way
from the start to a minimum lies below c, the flow ends at that minimum, whatever path it takes.
"""

from __future__ import annotations

from flint import arb, fmpq

from ascentcheck.theory.expression import precision
from ascentcheck.theory.toy.problem import Toy
from ascentcheck.theory.toy.stationary import Cover, StationaryPoint

BITS = 96
PIECES = 64
DEPTH = 12


def flow_end(problem: Toy, points: Cover, start: StationaryPoint) -> int | None:
    """Return the number (from 1, lowest loss first) of the minimum at which the flow ends; None where not proved.

    `points` are all stationary points of `problem`; `start` may be a stationary point of another problem.
    """
    if len(points.points) == 1:
        return 1
    barrier = min(
        (point.loss for point in points.points if point.kind != "minimum"), key=lambda loss: float(loss.mid())
    )
    with precision(BITS):
        for number, minimum in enumerate(points.minima, 1):
            if _below(problem, start, minimum, barrier):
                return number
    return None


def _below(problem: Toy, start: StationaryPoint, end: StationaryPoint, barrier: arb) -> bool:
    """Whether the loss is below the barrier all the way along the straight line between two points."""
    pending = [(fmpq(k, PIECES), fmpq(k + 1, PIECES), 0) for k in range(PIECES)]
    while pending:
        first, last, depth = pending.pop()
        share = arb(first).union(arb(last))
        a, b = start.a + share * (end.a - start.a), start.b + share * (end.b - start.b)
        if problem.loss(a, b) < barrier:
            continue
        if depth == DEPTH:
            return False
        middle = (first + last) / 2
        pending += [(first, middle, depth + 1), (middle, last, depth + 1)]
    return True
