"""What `evaluate` prints wrongly, by the claim's own `prints`: all points, all cases."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ascentcheck.theory.check.branches import Branch, branches, conclusions, conditions
from ascentcheck.theory.check.prints import by_name, equations, misprinted_at, parts, shown_at, unsolved_at
from ascentcheck.theory.check.tried import FROM, at_equality, at_thresholds, further, tried_points
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.expression import Place, Places, Point


def misprinted(claim: Claim, places: Places | None = None) -> Iterator[str]:
    """Yield what is printed wrongly, and the cases of what is printed that no point is.

    With `places` what was computed for other claims at the same points is used again.
    """
    if not claim.prints:
        return
    places = places or Places()
    told, solved = parts(claim), equations(claim)
    named, waiting = by_name(told), list(branches(told, bool(claim.tried)))
    points = [places.at(point) for point in tried_points(claim)]
    answered, seen = False, set[int]()
    for point in points:
        if not claim.inputs.contains(point):
            yield f"evaluate is tried at {', '.join(f'{s} = {v}' for s, v in point.items())}, which it does not accept"

    def compared(point: Place) -> Iterator[str]:
        nonlocal answered, waiting
        if id(point) in seen:
            return
        seen.add(id(point))
        shown = shown_at(claim, point)
        if shown is not None:
            answered = True
            waiting = [branch for branch in waiting if not _taken(branch, point)]
            yield from misprinted_at(named, point, shown)
        yield from unsolved_at(solved, point)

    for point in points:
        yield from compared(point)
    if not claim.tried:
        thresholds = at_thresholds(conditions(told), points[:FROM], claim.inputs)
        equal = at_equality(conclusions(told), points, claim.inputs)
        for found in chain(thresholds, equal):
            yield from compared(places.at(found))
    if not answered:
        yield "evaluate answers at none of the points at which it is tried"
        return
    for found in further(claim.inputs) if waiting and not claim.tried else ():
        point = places.at(found)
        if any(_taken(branch, point) for branch in waiting):
            yield from compared(point)
        if not waiting:
            return
    for branch in waiting:
        yield f"at no point at which evaluate is tried is it so that {branch.says}"


def _taken(branch: Branch, point: Point) -> bool:
    try:
        return branch.taken(point)
    except ZeroDivisionError:
        return False
