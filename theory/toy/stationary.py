r"""Every stationary point of a toy problem, with proof.

The ridge bounds them all (`Toy.reach`). That square is cut into boxes. A box is left out when a component of the
gradient has no zero on it; it is settled when the Krawczyk operator maps a slightly larger box into itself, which
proves that the larger box holds exactly one stationary point; otherwise it is halved. What comes back is complete:
if a box can be neither excluded nor settled, that is an error and not an omission.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from flint import arb, fmpq

from ascentcheck.theory.expression import precision
from ascentcheck.theory.toy.problem import PLACES, SIGNS, Name, Reading, Toy, toy, weights

BITS = 64
SHARP_BITS = 128
MOST_BOXES = 400_000
NARROWEST = 2.0**-40
NEWTON_STEPS = 12
SHARP_RADIUS = 2.0**-70
ASPECT = 4
"""A box is cut across b as long as it is more than 1/ASPECT as wide in b as in a: z = ax + bx² feels b more."""
INFLATED = fmpq(9, 8)

Kind = Literal["minimum", "maximum", "saddle"]
Box = tuple[arb, arb]


@dataclass(frozen=True)
class StationaryPoint:
    """An enclosure of the one stationary point in a box, its character, loss, and the side on which each place falls."""

    a: arb
    b: arb
    loss: arb
    kind: Kind
    signs: str


@dataclass(frozen=True)
class Cover:
    """All stationary points, lowest loss first, and how many boxes it took to prove that there are no others."""

    points: tuple[StationaryPoint, ...]
    boxes: int

    @property
    def minima(self) -> tuple[StationaryPoint, ...]:
        """The local minima, lowest loss first: the first is the global minimum."""
        return tuple(point for point in self.points if point.kind == "minimum")


def cover(problem: Toy, most_boxes: int = MOST_BOXES) -> Cover:
    """Return every stationary point. Raises ArithmeticError where two are too close, or one is degenerate."""
    with precision(BITS):
        found: list[tuple[Box, Box]] = []
        side = arb(0, problem.reach().upper())
        boxes, pending = 0, [(side, side)]
        while pending:
            box = pending.pop()
            boxes += 1
            if boxes > most_boxes:
                raise ArithmeticError(f"more than {most_boxes} boxes are needed")
            if _excluded(problem, box):
                continue
            settled = _settle(problem, box)
            if settled is None:
                pending += _halves(box)
            elif settled:
                room = settled[1]
                root = _sharpen(problem, *settled)
                known = any(_within(other, room) or _within(root, place) for other, place in found)
                if _overlap(root, box) and not known:
                    found.append((root, room))
    with precision(SHARP_BITS):
        points = [_describe(problem, root) for root, _ in found]
    points.sort(key=lambda point: float(point.loss.mid()))
    for first, second in pairwise(points):
        if not first.loss < second.loss:
            raise ArithmeticError("two stationary points have losses too close to be ordered")
    return Cover(tuple(points), boxes)


def solve(name: Name, reading: Reading, ridge: fmpq, forgotten: int, most_boxes: int = MOST_BOXES) -> Cover:
    """Return the stationary points of one of the problems of §5.2. Raises as `toy` and `cover` do."""
    return cover(toy(name, reading, ridge, forgotten), most_boxes)


def correct(signs: str, name: Name, forgotten: int) -> tuple[int, int]:
    """Return the weights in force that are classified rightly and wrongly."""
    right = wrong = 0
    for sign, label, weight in zip(signs, SIGNS, weights(name, forgotten), strict=True):
        if (sign == "+") == (label > 0):
            right += weight
        else:
            wrong += weight
    return right, wrong


def _halves(box: Box) -> list[Box]:
    a, b = box
    if b.rad() * ASPECT >= a.rad():
        return [(a, half) for half in _split(b)]
    return [(half, b) for half in _split(a)]


def _split(side: arb) -> tuple[arb, arb]:
    middle, radius = arb(side.mid()), arb(side.rad())
    if radius < NARROWEST:
        raise ArithmeticError(
            f"a stationary point near {float(side.mid()):.6g} is degenerate or too close to another"
        )
    half = radius / 2
    return arb((middle - half).mid(), half.upper()), arb((middle + half).mid(), half.upper())


def _excluded(problem: Toy, box: Box) -> bool:
    first, second = problem.gradient(*box)
    return not (first.contains(0) and second.contains(0))


def _settle(problem: Toy, box: Box) -> tuple[Box, Box] | tuple[()] | None:
    """Return (enclosure, the box in which it is the only one), () if the box holds none, None if undecided."""
    middle = (arb(box[0].mid()), arb(box[1].mid()))
    room = (_inflated(box[0]), _inflated(box[1]))
    aa, ab, bb = problem.hessian(*room)
    at = problem.hessian(*middle)
    determinant = float((at[0] * at[2] - at[1] ** 2).mid())
    if determinant == 0:
        return None
    # Any preconditioner is allowed; floats are exact balls.
    inverse = (
        arb(float(at[2].mid()) / determinant),
        arb(-float(at[1].mid()) / determinant),
        arb(float(at[0].mid()) / determinant),
    )
    gradient = problem.gradient(*middle)
    step = (
        inverse[0] * gradient[0] + inverse[1] * gradient[1],
        inverse[1] * gradient[0] + inverse[2] * gradient[1],
    )
    rest = (
        (1 - inverse[0] * aa - inverse[1] * ab, -inverse[0] * ab - inverse[1] * bb),
        (-inverse[1] * aa - inverse[2] * ab, 1 - inverse[1] * ab - inverse[2] * bb),
    )
    offset = (room[0] - middle[0], room[1] - middle[1])
    image = (
        middle[0] - step[0] + rest[0][0] * offset[0] + rest[0][1] * offset[1],
        middle[1] - step[1] + rest[1][0] * offset[0] + rest[1][1] * offset[1],
    )
    if not _overlap(image, room):
        return ()
    if room[0].contains_interior(image[0]) and room[1].contains_interior(image[1]):
        return image, room
    return None


def _inflated(side: arb) -> arb:
    return arb(side.mid(), (side.rad() * INFLATED).upper())


def _overlap(first: Box, second: Box) -> bool:
    return all(bool(a.overlaps(b)) for a, b in zip(first, second, strict=True))


def _within(inner: Box, outer: Box) -> bool:
    return all(bool(b.contains(a)) for a, b in zip(inner, outer, strict=True))


def _sharpen(problem: Toy, root: Box, room: Box) -> Box:
    """Return a narrow enclosure of the one root in `room`, proved afresh round the limit of Newton's method."""
    with precision(SHARP_BITS):
        a, b = arb(root[0].mid()), arb(root[1].mid())
        for _ in range(NEWTON_STEPS):
            first, second = problem.gradient(a, b)
            aa, ab, bb = problem.hessian(a, b)
            determinant = aa * bb - ab**2
            if determinant.contains(0):
                return root
            a, b = (
                arb((a - (bb * first - ab * second) / determinant).mid()),
                arb((b - (aa * second - ab * first) / determinant).mid()),
            )
        settled = _settle(problem, (arb(a, SHARP_RADIUS), arb(b, SHARP_RADIUS)))
        return settled[0] if settled and _within(settled[1], room) else root


def _describe(problem: Toy, root: Box) -> StationaryPoint:
    aa, ab, bb = problem.hessian(*root)
    determinant = aa * bb - ab**2
    kind: Kind
    if determinant < 0:
        kind = "saddle"
    elif determinant > 0 and aa > 0:
        kind = "minimum"
    elif determinant > 0 and aa < 0:
        kind = "maximum"
    else:
        raise ArithmeticError(f"the stationary point near {float(root[0].mid()):.6g} is degenerate")
    signs = []
    for x in PLACES:
        side = root[0] * x + root[1] * x * x + 1
        if side.contains(0):
            raise ArithmeticError(f"the boundary of the classes passes through x = {x}")
        signs.append("+" if side > 0 else "-")
    return StationaryPoint(*root, problem.loss(*root), kind, "".join(signs))
