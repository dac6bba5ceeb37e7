r"""Every stationary point of a toy problem, with proof.

The ridge bounds them all (`Toy.reach`). That square is cut into boxes. A box is left out when the derivative of the loss along
one of six directions has no zero on it; it is settled when the Krawczyk operator maps a slightly larger box into itself, which
proves that the larger box holds exactly one stationary point, and empty when it maps it away; otherwise it is halved.

`search` says what to do with each box, in the order in which they come; nothing in it need be trusted. `replay` cuts the square
again and checks what was said, once for each box. What comes back is complete: if a box can be neither left out nor settled, that
is an error and not an omission.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
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
ASPECT = 2
"""A box is cut across b as long as it is more than 1/ASPECT as wide in b as in a: z = ax + bx² feels b more."""
SETTLED_BELOW = 0.25
"""A box wider than this is not tried to be settled."""
INFLATED = fmpq(9, 8)
DIRECTIONS = {
    "a": (1, 0),
    "b": (0, 1),
    **{str(k): (-x, 1) for k, x in enumerate(PLACES)},
}
"""Letters for the directions along which a box may be left out; along the last ones a place has no say."""
SETTLED, EMPTY, CUT_A, CUT_B = "*", "-", "|", "/"
"""The other letters: one stationary point, none by Krawczyk's operator, and halves across a and across b."""

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
    return replay(problem, search(problem, most_boxes))


def search(problem: Toy, most_boxes: int = MOST_BOXES) -> str:
    """Return a letter for each box of a cover. Raises ArithmeticError where `most_boxes` are too few, or a point degenerate."""
    letters: list[str] = []
    with precision(BITS):
        pending = [_square(problem)]
        while pending:
            if len(letters) >= most_boxes:
                raise ArithmeticError(f"more than {most_boxes} boxes are needed")
            box = pending.pop()
            letters.append(_letter(problem, box))
            if letters[-1] in (CUT_A, CUT_B):
                pending += _halves(box, letters[-1])
    return "".join(letters)


def _letter(problem: Toy, box: Box) -> str:
    """Return what can be shown of a box, or how to cut it."""
    slopes = problem.slopes(*box)
    for letter, direction in DIRECTIONS.items():
        if not problem.along(direction, *box, slopes).contains(0):
            return letter
    a, b = box
    if max(a.rad(), b.rad()) < SETTLED_BELOW:
        settled = _settle(problem, box)
        if settled is not None:
            return SETTLED if settled else EMPTY
    return CUT_B if b.rad() * ASPECT >= a.rad() else CUT_A


@lru_cache(maxsize=512)
def replay(problem: Toy, letters: str) -> Cover:
    """Return every stationary point, by what is said of each box. Raises ArithmeticError where that is not so."""
    with precision(BITS):
        found: list[tuple[Box, Box]] = []
        pending = [_square(problem)]
        for number, letter in enumerate(letters):
            if not pending:
                raise ArithmeticError(f"boxes are left over after {number}")
            box = pending.pop()
            if letter in (CUT_A, CUT_B):
                pending += _halves(box, letter)
                continue
            settled = _settle(problem, box) if letter in (SETTLED, EMPTY) else None
            if letter == SETTLED and settled:
                room = settled[1]
                root = _sharpen(problem, *settled)
                known = any(_within(other, room) or _within(root, place) for other, place in found)
                if _overlap(root, box) and not known:
                    found.append((root, room))
            elif not (settled == () if letter == EMPTY else _left_out(problem, box, letter)):
                raise ArithmeticError(f"box {number} is not what is said of it, {letter!r}")
        if pending:
            raise ArithmeticError(f"{len(pending)} boxes are not covered")
    with precision(SHARP_BITS):
        points = [_describe(problem, root) for root, _ in found]
    points.sort(key=lambda point: float(point.loss.mid()))
    for first, second in pairwise(points):
        if not first.loss < second.loss:
            raise ArithmeticError("two stationary points have losses too close to be ordered")
    return Cover(tuple(points), len(letters))


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


def _square(problem: Toy) -> Box:
    side = arb(0, problem.reach().upper())
    return side, side


def _halves(box: Box, cut: str) -> list[Box]:
    a, b = box
    if cut == CUT_B:
        return [(a, half) for half in _split(b)]
    return [(half, b) for half in _split(a)]


def _split(side: arb) -> tuple[arb, arb]:
    """Return two balls that hold a ball between them."""
    middle, radius = arb(side.mid()), arb(side.rad())
    if radius < NARROWEST:
        raise ArithmeticError(
            f"a stationary point near {float(side.mid()):.6g} is degenerate or too close to another"
        )
    half = radius / 2
    low, high = middle - half, middle + half
    return arb(low.mid(), (half + low.rad()).upper()), arb(high.mid(), (half + high.rad()).upper())


def _left_out(problem: Toy, box: Box, letter: str) -> bool:
    """Whether the loss changes along a direction, which is one of DIRECTIONS, everywhere on a box."""
    direction = DIRECTIONS.get(letter)
    return direction is not None and not problem.along(direction, *box, problem.slopes(*box)).contains(0)


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
        side = problem.argument(*root, x)
        if side.contains(0):
            raise ArithmeticError(f"the boundary of the classes passes through x = {x}")
        signs.append("+" if side > 0 else "-")
    return StationaryPoint(*root, problem.loss(*root), kind, "".join(signs))
