"""The slow search for a cover, and where covers are kept. Only `replay` is trusted."""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from flint import fmpq

from ascentcheck.theory import disk, kept
from ascentcheck.theory.check.replay import (
    BITS,
    Certificate,
    digest,
    halves,
    margin,
    replay,
    whole_box,
)
from ascentcheck.theory.claim import Proposition
from ascentcheck.theory.console import one_line
from ascentcheck.theory.expression import ball_function, precision

FOLDER = Path(__file__).resolve().parent.parent / "certificates"
MOST_BOXES = 200_000
MOST_BYTES = 16 * 2 * MOST_BOXES
"""Of the cuts as text."""


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
            form = next((form for form in claim.forms if claim.positive_on(box, form)), None)
            if form is not None:
                cuts.append(-1 - form)
                leaves += 1
                covered += share
                if progress and leaves % 64 == 0:
                    progress(covered)
                continue
            if (
                ball_function(proposition.relation.lhs - proposition.relation.rhs, box=True)(
                    claim.middle(box)
                )
                <= 0
            ):
                raise NotCoveredError(f"false at the middle of {box}")
            if leaves + len(waiting) >= most_boxes:
                raise NotCoveredError(f"{most_boxes} boxes cover {covered:.1%} only; next was {box}")
            k = max(range(len(box)), key=lambda k: _width(*box[k]))
            cuts.append(k)
            first, second = halves(box, k)
            waiting += [(second, share / 2), (first, share / 2)]
    return Certificate(digest(proposition), tuple(cuts))


def _width(low: fmpq, high: fmpq) -> fmpq:
    """Return how wide a side is beside the numbers on it: formulas turn on ratios."""
    return (high - low) / max(abs(low), abs(high), fmpq(1, 1 << 20))


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
    disk.write_text(path(name), json.dumps(record, indent=1) + "\n")


def load(name: str) -> Certificate:
    """Return a stored certificate. Raises FileNotFoundError where there is none, TornError where it is torn."""
    record = kept.read(path(name))
    try:
        unpacked = zlib.decompressobj()
        cuts = unpacked.decompress(b85decode(record["cuts"]), MOST_BYTES).decode()
        if not unpacked.eof:
            raise ValueError(f"more than {MOST_BYTES:,} bytes, or cut short")
        return Certificate(str(record["digest"]), tuple(int(cut) for cut in cuts.split(",")))
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise kept.TornError(f"{path(name)} cannot be read: {one_line(str(error))[:200]}") from error


def objection(proposition: Proposition, anew: bool = False) -> str:
    """Return "" where the stored cover of a proposition holds and, if `anew`, one is found as well; else why not."""
    try:
        if anew:
            search(proposition)
    except NotCoveredError as error:
        return str(error)
    return check_stored(proposition)[0]


def check_stored(proposition: Proposition) -> tuple[str, int]:
    """Replay the stored certificate of a proposition. Return what is wrong ("" if nothing) and the boxes."""
    if proposition.certificate is None:
        return "the proposition names no certificate", 0
    try:
        certificate = load(proposition.certificate)
    except (FileNotFoundError, ValueError) as error:
        return str(error), 0
    return replay(certificate, proposition), certificate.boxes
