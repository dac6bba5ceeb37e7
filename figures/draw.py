"""Drawing figures to files, each with its caption beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from ascentcheck import __version__
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import (
    figure1,
    figure2,
    figure3,
    figure4,
    figure5,
    figure6,
    figure7,
    figure8,
    figure9,
    figure10,
    figure11,
    style,
)
from ascentcheck.theory.disk import write_text, written

FIGURES: dict[int, ModuleType] = {
    1: figure1,
    2: figure2,
    3: figure3,
    4: figure4,
    5: figure5,
    6: figure6,
    7: figure7,
    8: figure8,
    9: figure9,
    10: figure10,
    11: figure11,
}
OURS = "The paper has no figure of this number; it is one of this project."


@dataclass(frozen=True)
class Drawn:
    """A figure on disk: its number, title, caption and files.

    `claim` is the claim that it belongs to, `paper` what the paper's figure of that number shows, or that there is none;
    `table` holds numbers of the figure, the first row being the head.
    """

    number: int
    title: str
    caption: str
    files: tuple[Path, ...]
    claim: str = ""
    paper: str = ""
    table: tuple[tuple[str, ...], ...] = ()


def draw(number: int, rows: Sequence[Row], study: str, out: Path, formats: Sequence[str]) -> Drawn:
    """Draw one figure into `out`, in the formats asked for, with its caption as text."""
    module = FIGURES[number]
    out.mkdir(parents=True, exist_ok=True)
    with style.paper():
        data = module.data(rows)
        figure = module.draw(data)
        files = []
        for kind in formats:
            path = out / f"figure{number}.{kind}"
            metadata = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {"Software": None}}[kind]
            with written(path) as file:
                figure.savefig(file, format=kind, metadata=metadata)
            files.append(path)
    text = f"Figure {number}. {module.TITLE}. {module.caption(data)} {provenance(module, data, rows, study)}"
    numbers = module.table(data) if hasattr(module, "table") else ()
    lines = [text, *(["", *aligned(numbers)] if numbers else [])]
    write_text(out / f"figure{number}.txt", "\n".join(lines) + "\n")
    return Drawn(number, module.TITLE, text, tuple(files), *belongs(module), numbers)


def belongs(module: ModuleType) -> tuple[str, str]:
    """Return the claim that a figure belongs to, or none, and what the paper's figure of its number shows."""
    return getattr(module, "CLAIM", ""), getattr(module, "PAPER", OURS)


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table as plain text."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in table]


def provenance(module: ModuleType, data: object, rows: Sequence[Row], study: str) -> str:
    """Return where a figure comes from: study, N and estimator if it needs one, version, a digest of the data drawn."""
    digest = hashlib.sha256(repr(data).encode()).hexdigest()[:12]
    parts = [f"ascentcheck {__version__}", f"data {digest}"]
    if rows and getattr(module, "NEEDS_STUDY", True):
        parts = [f"study {study}", f"N = {rows[0].n_oracle}", f"estimator {rows[0].estimator}", *parts]
    return "[" + ", ".join(parts) + "]"
