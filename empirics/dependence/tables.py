"""The results as small tables, CSV with a header: what the page, its figure and its verdicts are made from."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from ascentcheck.theory.console import UserError
from ascentcheck.theory.disk import read_text, write_text

DIGITS = 5
"""Significant digits that are kept."""
SUMS = "tables.sha256"
"""The file of checksums beside the tables, as `sha256sum` has them."""
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
    """Write rows that have the same keys, and the table's checksum. Raises UserError where the file cannot be written."""
    write_all(path.parent, {path.name: rows})


def write_all(folder: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Write tables that belong together, and last their checksums, so that a part of them is told from all.

    Raises UserError where a file cannot be written.
    """
    texts = {name: _text(rows) for name, rows in tables.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sums = _sums(folder)
        for name, text in texts.items():
            write_text(folder / name, text)
        sums |= {name: _sum(text) for name, text in texts.items()}
        write_text(folder / SUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))
    except OSError as error:
        raise UserError(f"{error.filename or folder}: cannot be written: {error.strerror or error}") from None


def read(path: Path) -> list[Row]:
    """Return the rows, numbers as floats and what is empty as None; none where there is no such file.

    Raises UserError for a file that cannot be read, or is not the whole table that was written.
    """
    if not path.exists():
        return []
    try:
        text = read_text(path)
        head, *lines = csv.reader(io.StringIO(text), strict=True) if text else [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    for number, line in enumerate(lines, 2):
        if len(line) != len(head):
            raise UserError(f"{path}: row {number} has {len(line)} cells, and the header {len(head)}")
    if not text.endswith("\n"):
        raise UserError(f"{path}: is cut short: its last line has no end")
    if _sums(path.parent).get(path.name, own := _sum(text)) != own:
        raise UserError(
            f"{path}: is not the table that {SUMS} beside it is of; run the study again, or copy both"
        )
    return [{key: _read(cell) for key, cell in zip(head, line, strict=True)} for line in lines]


def _text(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _written(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sums(folder: Path) -> dict[str, str]:
    """Return the checksums of tables by name; none of a folder of an older version. Raises UserError."""
    try:
        lines = read_text(folder / SUMS).splitlines()
        return {name: known for known, name in (line.split("  ", 1) for line in lines)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UserError(f"{folder / SUMS}: cannot be read: {error}") from None


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
