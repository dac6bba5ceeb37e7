"""Why Rocq lacks a sentence, and what would be needed: said of the quantities that its formulas speak of."""

from __future__ import annotations

import re

COVER = (
    "it rests on a cover by boxes; needed: bounds of formulas on boxes (Bounds.v has them at points alone), and each "
    "box as a lemma"
)
_TOY = (
    (r"minima_\w+", "the number of the toy's minima"),
    (r"(in)?correct_\w+", "on which side of a minimum's plane samples lie"),
    (r"end_of_\w+", "at which minimum a gradient flow ends"),
    (r"moved_\w+", "how far one of the toy's minima is from another"),
)
_STATIONARY = (
    "all stationary points in the square are enclosed by a cover; needed: the same bounds on boxes, of two derivatives and of a "
    "Hessian's determinant, and a theorem that a Newton step into its own box finds the one zero there"
)
_FLOW = "; and of the flow, that it cannot leave the part of a sublevel set in which it starts"


def reason(head: str) -> str:
    """Return why there is no rule for a quantity, named as it is in a claim, and what one would need."""
    for pattern, says in _TOY:
        if re.fullmatch(pattern, head):
            return f"it tells {says} ({head}): {_STATIONARY}{_FLOW if head.startswith('end_of') else ''}"
    return f"no rule for {head}"
