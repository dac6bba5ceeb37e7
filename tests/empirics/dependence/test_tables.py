"""The tables of the dependence study are read whole or not at all, and those that belong together are of one run."""

import shutil
from pathlib import Path

import pytest

from ascentcheck.empirics.dependence.evidence import load
from ascentcheck.empirics.dependence.tables import FILES, SUMS, read, write, write_all
from ascentcheck.theory import disk
from ascentcheck.theory.console import UserError

KEPT = Path(__file__).parents[3] / "docs" / "results" / "dependence"
ROWS = [{"name": f"near, {number}", "ratio": number / 8, "place": None} for number in range(1, 9)]


@pytest.fixture
def table(tmp_path):
    write(tmp_path / "sets.csv", ROWS)
    return tmp_path / "sets.csv"


def test_what_was_written_is_read(table):
    assert read(table) == ROWS


@pytest.mark.parametrize("kept", [True, False], ids=["with checksums", "of an older version"])
def test_a_table_cut_short_anywhere_is_refused(table, kept):
    """Without checksums, as older versions left it, a cut at the end of a line cannot be told."""
    whole = table.read_bytes()
    if not kept:
        (table.parent / SUMS).unlink()
    for length in range(len(whole)):
        table.write_bytes(whole[:length])
        if kept or whole[:length][-1:] != b"\n":
            with pytest.raises(UserError, match=r"sets\.csv: "):
                read(table)


@pytest.mark.parametrize("line", ["near,1", "near,1,,2", ""])
def test_a_row_of_another_length_is_told_with_its_number(table, line):
    (table.parent / SUMS).unlink()
    lines = table.read_text().splitlines()
    table.write_text("\n".join([*lines[:3], line, *lines[3:], ""]))
    with pytest.raises(UserError, match=r"sets\.csv: row 4 has [024] cells, and the header 3"):
        read(table)


def test_a_changed_number_is_told(table):
    table.write_text(table.read_text().replace("0.125", "0.126"))
    with pytest.raises(UserError, match=r"is not the table that tables\.sha256 beside it is of"):
        read(table)


def test_line_ends_of_another_system_are_the_same_table(table):
    table.write_bytes(table.read_bytes().replace(b"\n", b"\r\n"))
    assert read(table) == ROWS


@pytest.mark.parametrize("stopped", [FILES.sets, SUMS])
def test_a_stop_between_two_tables_that_belong_together_is_told(tmp_path, monkeypatch, stopped):
    old, new = ({name: [{"name": "a", "x": x}] for name in (FILES.courses, FILES.sets)} for x in (1, 2))
    write_all(tmp_path, old)
    assert load(tmp_path).sets == [{"name": "a", "x": 1}]

    def stop(path, text):
        if path.name == stopped:
            raise KeyboardInterrupt
        disk.write_text(path, text)

    with monkeypatch.context() as patched:
        patched.setattr("ascentcheck.empirics.dependence.tables.write_text", stop)
        with pytest.raises(KeyboardInterrupt):
            write_all(tmp_path, new)
    with pytest.raises(UserError, match="run the study again"):
        load(tmp_path)
    write_all(tmp_path, new)
    assert load(tmp_path).sets == [{"name": "a", "x": 2}]


def test_sets_and_courses_of_two_runs_are_told_without_checksums(tmp_path):
    for name in (FILES.sets, FILES.courses):
        shutil.copy(KEPT / name, tmp_path)
    assert len(load(tmp_path).sets) == 128
    lines = (tmp_path / FILES.sets).read_text().splitlines(keepends=True)
    (tmp_path / FILES.sets).write_text("".join(lines[:86]))
    with pytest.raises(UserError, match=r"sets\.csv and set-courses\.csv are not of one run"):
        load(tmp_path)


def test_the_kept_tables_have_checksums_of_their_own():
    for folder in (KEPT, KEPT / "fashion"):
        named = {line.split("  ")[1] for line in (folder / SUMS).read_text().splitlines()}
        assert named == {path.name for path in folder.glob("*.csv")}
        load(folder)
