"""The made part of the page on dependence: its verdicts, and the tables that they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from PIL import Image

from ascentcheck.empirics.dependence.evidence import Tables, load
from ascentcheck.empirics.dependence.verdict import decide
from ascentcheck.empirics.findings.finding import Verdict
from ascentcheck.figures.dependence.doses import doses
from ascentcheck.figures.dependence.sets import explained, fashion, sets
from ascentcheck.figures.dependence.words import told
from ascentcheck.figures.draw import draw
from ascentcheck.figures.results import COLOURS
from ascentcheck.theory.disk import write_text, written

FOLDER = Path("results/dependence")
PAGE = Path("explanation/dependence.md")
MARKS = ("<!-- made by `python -m figures dependence` -->", "<!-- end of what is made -->")
NOTHING_YET = "Nothing has been run yet."
FASHION = "fashion"
"""The folder, within the results, of the tables of Fashion-MNIST."""


def part(docs: Path) -> str:
    """Return the made part, from the tables under docs. Raises UserError for a table that cannot be read."""
    tables = load(docs / FOLDER)
    if not tables.linear_doses:
        return NOTHING_YET
    on_fashion = load(docs / FOLDER / FASHION)
    parts = (_verdicts(tables), doses(tables), sets(tables), explained(tables), fashion(on_fashion, tables))
    return "\n\n".join(line for part in parts for line in part)


def in_short(docs: Path, page: str) -> str:
    """Return the counts of the verdicts on the paper's sentences, in Markdown; `page` is where the page is."""
    found = [one for one in decide(load(docs / FOLDER)) if one.printed]
    now, before = (
        ", ".join(f"{words.count(word)} {word}" for word in get_args(Verdict))
        for words in (
            [one.verdict for one in found],
            [one.verdict if one.written is None else one.written[0] for one in found],
        )
    )
    changed = "" if now == before else f" ({before} by the rules of 26 November 2026)"
    return (
        f"- **Is dependence why?** [Measured]({page}) by near-copies, by dependence taken away, and over many forget sets "
        f"(linear models and small networks, SIMULATED): of {len(found)} printed sentences {now}{changed}."
    )


def picture(docs: Path) -> Path:
    """Draw figure 10 of the tables under docs beside them; return its path. Raises OSError where it cannot be written."""
    from tempfile import TemporaryDirectory

    target = docs / FOLDER / "figure10.png"
    with TemporaryDirectory() as aside:
        drawn = draw(10, (), "", Path(aside), ("png",))
        with Image.open(drawn.files[0]) as image, written(target) as file:
            image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "png", optimize=True)
    write_text(target.with_suffix(".txt"), drawn.caption + "\n")
    return target


def _verdicts(tables: Tables) -> Iterator[str]:
    found = decide(tables)
    lines = ["| verdict | sentence | where | by the rules of 26 November 2026 |", "|---|---|---|---|"]
    lines += [
        f"| {one.verdict} | {one.sentence} | {one.where} | {'the same' if one.written is None else one.written[0]} |"
        for one in found
    ]
    yield "\n".join(lines)
    yield (
        "What was measured, all of it SIMULATED. Where a [rule](rules.md) was changed on 27 November, after the results, and the "
        "verdict with it, what the one before said stands there too:"
    )
    yield "\n".join(told(one) for one in found)
