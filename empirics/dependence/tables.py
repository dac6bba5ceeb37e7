"""The results as small tables, CSV with a header: what the page, its figure and its verdicts are made from."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from ascentcheck.theory.console import UserError

DIGITS = 5
"""Significant digits that are kept."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Files:
    """The names of the tables in a folder of results."""

    linear_doses: str = "linear-doses.csv"
    linear_apart: str = "linear-apart.csv"
    linear_sets: str = "linear-sets.csv"
    linear_sweep: str = "linear-sweep.csv"
    linear_held_out: str = "linear-held-out.csv"
    linear_points: str = "linear-points.csv"
    sets: str = "sets.csv"
    courses: str = "set-courses.csv"

    @staticmethod
    def doses(study: str) -> str:
        """Return the name of the table of a study's doses."""
        return f"doses-{study}.csv"


FILES = Files()


def flat(record: Any, prefix: str = "") -> Row:
    """Return a dataclass or mapping with its parts in one level: `effect.value` is `effect`, `effect.low` `effect_low`."""
    parts = asdict(record) if is_dataclass(record) and not isinstance(record, type) else record
    found: Row = {}
    for name, value in parts.items():
        key = f"{prefix}_{name}" if prefix and name != "value" else prefix or name
        if isinstance(value, Mapping):
            found |= flat(value, "" if name in ("dose", "predictors") else key)
        else:
            found[key] = value
    return found


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write rows that have the same keys. Raises UserError where the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows({key: _written(value) for key, value in row.items()} for row in rows)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror or error}") from None


def read(path: Path) -> list[Row]:
    """Return the rows, numbers as floats and what is empty as None; none where there is no such file.

    Raises UserError for a file that cannot be read.
    """
    if not path.exists():
        return []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [{key: _read(value) for key, value in row.items()} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None


def _written(value: object) -> object:
    if value is None or value != value:  # nan
        return ""
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else value


def _read(text: str) -> object:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return text
