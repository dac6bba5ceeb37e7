"""The slow search for a cover, and where covers are kept. Only `replay` is trusted."""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from flint import arb

from ascentcheck.theory.check.replay import (
    BITS,
    Box,
    Certificate,
    Margin,
    digest,
    halves,
    margin,
    replay,
    whole_box,
)
from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.expression import precision

FOLDER = Path(__file__).resolve().parent.parent / "certificates"
MOST_BOXES = 200_000


class NotCoveredError(Exception):
    """The search gave up, or found a box on which the relation is certainly false."""


def search(
    proposition: Proposition, most_boxes: int = MOST_BOXES, progress: Callable[[float], None] | None = None
) -> Certificate:
    """Return a cover that proves lhs > rhs on the whole domain.

    `progress` is told the share of the domain's volume that is covered. Raises NotCoveredError when the
    relation is false somewhere or the boxes run out.
    """
    claim = margin(proposition)
    cuts: list[int] = []
    waiting = [(whole_box(proposition), 1.0)]
    covered, leaves = 0.0, 0
    with precision(BITS):
        while waiting:
            box, share = waiting.pop()
            if claim.positive_on(box):
                cuts.append(-1)
                leaves += 1
                covered += share
                if progress and leaves % 64 == 0:
                    progress(covered)
                continue
            middle = claim.value({s: arb((a + b) / 2) for s, (a, b) in zip(claim.symbols, box, strict=True)})
            if middle <= 0:
                raise NotCoveredError(f"false at the middle of {box}")
            if leaves + len(waiting) >= most_boxes:
                raise NotCoveredError(f"{most_boxes} boxes cover {covered:.1%} only; next was {box}")
            k = _steepest(claim, box)
            cuts.append(k)
            first, second = halves(box, k)
            waiting += [(second, share / 2), (first, share / 2)]
    return Certificate(digest(proposition), tuple(cuts))


def _steepest(claim: Margin, box: Box) -> int:
    """Return the coordinate along which the margin may change most over the box; the widest if unknown."""
    point = {s: arb(a).union(arb(b)) for s, (a, b) in zip(claim.symbols, box, strict=True)}
    widths = [int((b - a).p) / int((b - a).q) for a, b in box]
    sizes = [abs(slope) for slope in claim.slopes(point)]
    spreads = [
        width * float(size.upper()) if size.is_finite() else float("inf")
        for width, size in zip(widths, sizes, strict=True)
    ]
    return max(range(len(box)), key=lambda k: (spreads[k], widths[k]))


def path(name: str) -> Path:
    """Return where the certificate of that name is kept."""
    return FOLDER / f"{name}.json"


def save(name: str, certificate: Certificate) -> None:
    """Store a certificate with the versions that made it."""
    text = zlib.compress(",".join(map(str, certificate.cuts)).encode(), 9)
    record = {
        "digest": certificate.digest,
        "boxes": certificate.boxes,
        "cuts": b85encode(text).decode(),
        "made with": {p: version(p) for p in ("python-flint", "sympy")},
    }
    path(name).parent.mkdir(exist_ok=True)
    path(name).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def load(name: str) -> Certificate:
    """Return a stored certificate. Raises FileNotFoundError where there is none, ValueError where it is torn."""
    try:
        record = json.loads(path(name).read_text(encoding="utf-8"))
        cuts = zlib.decompress(b85decode(record["cuts"])).decode()
        return Certificate(record["digest"], tuple(int(cut) for cut in cuts.split(",")))
    except (KeyError, TypeError, json.JSONDecodeError, zlib.error) as error:
        raise ValueError(f"{path(name)} cannot be read: {error}") from error


def check_stored(proposition: Proposition) -> tuple[str, int]:
    """Replay the stored certificate of a proposition. Return what is wrong ("" if nothing) and the boxes."""
    if proposition.certificate is None:
        return "the proposition names no certificate", 0
    try:
        certificate = load(proposition.certificate)
    except (FileNotFoundError, ValueError) as error:
        return str(error), 0
    return replay(certificate, proposition), certificate.boxes
