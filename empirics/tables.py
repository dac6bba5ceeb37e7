"""Tables of numbers, CSV and Parquet: their rows are those of an array. A header is passed over. Words are one column."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np

from ascentcheck.empirics.npy import RATIO, Unusable, most
from ascentcheck.theory.disk import opened

LONGEST = 2**26
"""Bytes that a first line may have."""


def read_csv(path: Path, several: bool, words: bool = False) -> dict[str, np.ndarray]:
    """Return the numbers of a text, separated by commas, or by tabs in a `.tsv`; integers where all of them are.

    A first line of words, or of 0, 1, 2, …, is a header. With `words`, one column of them is text [rows], whose first line
    is taken as it is. Raises Unusable for anything but numbers, rows of different lengths, and an index, which would be
    taken for numbers: a column without a name, or a first one that counts the rows.
    """
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = next(csv.reader([file.readline(LONGEST)], delimiter=delimiter), [])
        if delimiter == "," and ";" in "".join(first):
            raise Unusable("is separated by semicolons; commas are needed, or tabs in a .tsv")
        skipped = int(_is_header(first))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an empty file, which is told below
            table = np.loadtxt(
                path,
                delimiter=delimiter,
                skiprows=skipped,
                ndmin=2,
                comments=None,
                quotechar='"',
                encoding="utf-8-sig",
            )
    except UnicodeDecodeError:
        raise Unusable("is not UTF-8 text") from None
    except (ValueError, csv.Error) as error:
        if words and (column := _words(path, delimiter)) is not None:
            return {path.stem: column}
        reason = str(error).partition(";")[0].rstrip(".")
        raise Unusable(f"is no table of numbers{' after its header' * skipped}: {reason}") from None
    if not table.size:
        raise Unusable("has no numbers")
    if _counts_rows(table):
        raise Unusable("has a first column that counts the rows, as an index does; write it without")
    whole = np.isfinite(table).all() and (np.mod(table, 1) == 0).all() and np.abs(table).max() < 2**53
    return {path.stem: table.astype(np.int64) if whole else table}


def _is_header(first: list[str]) -> bool:
    """Return whether a first line is one of names: all words, or 0, 1, 2, …; a line of both is refused."""
    if len(first) > 1 and not first[0].strip():
        raise Unusable("has a column without a name, as an index has; write it without")
    numbers = [value for cell in first if (value := _number(cell)) is not None]
    if 0 < len(numbers) < len(first):
        raise Unusable("has a first line of words and numbers; names for all columns, or none, are needed")
    return not numbers or (len(numbers) > 2 and numbers == list(range(len(numbers))))


def _counts_rows(table: np.ndarray) -> bool:
    """Return whether the first of several columns is 0, 1, 2, … or 1, 2, 3, …; two rows of whole numbers may be so by chance."""
    rows, columns = table.shape
    if rows < 2 or columns < 2 or (rows == 2 and (table == np.floor(table)).all()):
        return False
    return any(np.array_equal(table[:, 0], np.arange(start, start + rows)) for start in (0, 1))


def _words(path: Path, delimiter: str) -> np.ndarray | None:
    """Return the lines of a text of one column that has no number, or None for any other."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file, delimiter=delimiter) if row]
    except (UnicodeDecodeError, csv.Error):
        return None
    if any(len(row) > 1 or _number(row[0]) is not None for row in rows):
        return None
    return _as_text([row[0].strip() for row in rows], path)


def _as_text(words: list[str], path: Path) -> np.ndarray:
    """Return an array of text, in which each word takes as much as the longest. Raises Unusable where that is too much."""
    claimed = 4 * len(words) * max(map(len, words), default=0)
    if claimed > most(path.stat().st_size):
        raise Unusable(f"takes {claimed:,} bytes as text, more than {RATIO} times its size; it is refused")
    return np.array(words)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def read_parquet(path: Path, several: bool, words: bool = False) -> dict[str, np.ndarray]:
    """Return the columns of a Parquet file side by side; with `words`, a single one of text as [rows].

    Raises Unusable for a damaged file, columns of anything but numbers, empty cells, and an index.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        with (
            opened(path) as plain,  # which any name has, and pyarrow opens none that is not UTF-8
            parquet.ParquetFile(plain, page_checksum_verification=True) as file,
        ):
            described = file.metadata
            claimed = 8 * described.num_rows * described.num_columns
            if claimed > most(path.stat().st_size):
                raise Unusable(f"claims {claimed:,} bytes, more than {RATIO} times its size; it is refused")
            table = file.read()
        table.validate(full=True)
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise Unusable("is damaged, or not a Parquet file") from None
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name.startswith("__index_level_"):
            raise Unusable("has an index beside its columns; write it without")
        kinds = [pyarrow.types.is_integer, pyarrow.types.is_floating, pyarrow.types.is_boolean]
        if words and table.num_columns == 1:
            kinds += [pyarrow.types.is_string, pyarrow.types.is_large_string]
        if not any(is_kind(column.type) for is_kind in kinds):
            raise Unusable(f"column {name}: holds {column.type}; real numbers are needed")
        if column.null_count:
            raise Unusable(f"column {name}: has empty cells")
    if not table.num_columns or not table.num_rows:
        raise Unusable("has no numbers")
    columns = [column.to_numpy() for column in table.columns]
    if columns[0].dtype.kind == "O":
        return {path.stem: _as_text(columns[0].tolist(), path)}
    return {path.stem: np.column_stack(columns)}
