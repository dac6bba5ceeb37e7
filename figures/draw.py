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
FORMATS = ("pdf", "png", "svg")


@dataclass(frozen=True)
class Drawn:
    """A figure on disk: its number, title, caption and files."""

    number: int
    title: str
    caption: str
    files: tuple[Path, ...]


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
            figure.savefig(path, metadata=metadata)
            files.append(path)
    text = f"Figure {number}. {module.TITLE}. {module.caption(data)} {provenance(module, data, rows, study)}"
    (out / f"figure{number}.txt").write_text(text + "\n", encoding="utf-8")
    return Drawn(number, module.TITLE, text, tuple(files))


def provenance(module: ModuleType, data: object, rows: Sequence[Row], study: str) -> str:
    """Return where a figure comes from: study, N and estimator if it needs one, version, a digest of the data drawn."""
    digest = hashlib.sha256(repr(data).encode()).hexdigest()[:12]
    parts = [f"ascentcheck {__version__}", f"data {digest}"]
    if rows and getattr(module, "NEEDS_STUDY", True):
        parts = [f"study {study}", f"N = {rows[0].n_oracle}", f"estimator {rows[0].estimator}", *parts]
    return "[" + ", ".join(parts) + "]"
