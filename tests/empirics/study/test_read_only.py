"""A finished study on a disk that cannot be written, by every command that reads it and by a run that has nothing to do."""

import errno
import os
import sys
from pathlib import Path

import pytest

from ascentcheck.empirics import store
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.store import Store
from ascentcheck.figures.__main__ import figures
from ascentcheck.theory import console


@pytest.fixture(scope="module")
def finished(small_study, tmp_path_factory, computed):
    """The session of the small study, all of it computed, and none of it scored."""
    return computed(small_study.read_text(), tmp_path_factory.mktemp("finished"))


def files(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def unwritable(finished, monkeypatch):
    """Return a function that makes everything that would change the store fail with an error of the disk's."""
    root = os.fspath(finished.store.root)

    def make(number):
        def guarded(real, writes=lambda *_: True):
            def call(path, *more, **named):
                if os.fspath(path).startswith(root) and writes(*more, *named.values()):
                    raise OSError(number, os.strerror(number), os.fspath(path))
                return real(path, *more, **named)

            return call

        opens = guarded(Path.open, lambda *given: given and set(str(given[0])) & set("wax+"))
        monkeypatch.setattr(Path, "open", opens)
        for name in ("mkdir", "unlink", "rename", "replace", "touch", "write_text", "write_bytes"):
            monkeypatch.setattr(Path, name, guarded(getattr(Path, name)))

    return make


@pytest.fixture
def command(monkeypatch, capsys):
    def call(group, *arguments):
        monkeypatch.setattr(sys, "argv", ["command", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            console.run(group, "command")
        out, err = capsys.readouterr()
        return stop.value.code, out, err

    return call


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES], ids=errno.errorcode.get)
def test_every_command_that_reads(finished, unwritable, command, tmp_path, number):
    before = files(finished.store.root)
    unwritable(number)
    with pytest.raises(OSError, match=os.strerror(number)):
        (finished.store.root / "new").write_text("")
    study = finished.path, "--store", finished.store.root
    code, out, err = command(empirics, "table", *study, "--csv")
    assert (code, err, out.count("\n")) == (0, "", 1 + 3 * 2 * (2 + 2 * 2 + 1))
    for name in ("status", "plan", "sets", "findings"):
        code, out, err = command(empirics, name, *study)
        assert (code, err) == (0, "")
        assert out
    assert "done        11" in command(empirics, "status", *study)[1]
    chosen = "--study", finished.path, "--store", finished.store.root
    code, out, err = command(figures, "1", *chosen, "--out", tmp_path / "figures", "--format", "png")
    assert (code, err) == (0, "")
    assert (tmp_path / "figures" / "figure1.png").stat().st_size > 10_000
    assert files(finished.store.root) == before


def test_a_run_that_has_nothing_to_do(finished, unwritable, command):
    before = files(finished.store.root)
    unwritable(errno.EROFS)
    arguments = "run", finished.path, "--store", finished.store.root, "--workers", 2, "--device", "cpu"
    code, out, err = command(empirics, *arguments)
    assert (code, err) == (0, "")
    assert "0 jobs computed here, 11 by others or before, 0 failed" in out
    assert files(finished.store.root) == before


def test_a_run_that_has_something_to_do_says_why_it_cannot(finished, unwritable, command):
    digest = finished.plan[-1].digest
    record = finished.store.folder(digest) / "record.json"
    kept = record.read_bytes()
    record.unlink()
    unwritable(errno.EROFS)
    arguments = "run", finished.path, "--store", finished.store.root, "--workers", 1, "--device", "cpu"
    code, out, err = command(empirics, *arguments)
    assert (code, out) == (2, "")
    assert err == f"command: store {finished.store.root}: cannot be written: Read-only file system\n"
    with open(record, "wb") as file:  # noqa: PTH123 - Path.open is still guarded
        file.write(kept)


def test_what_the_user_may_not_read_is_no_missing_result(finished, command, monkeypatch):
    record, real = finished.store.folder(finished.plan[0].digest) / "record.json", store.read_text

    def read_text(path):
        if path == record:
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return real(path)

    monkeypatch.setattr(store, "read_text", read_text)
    code, out, err = command(empirics, "table", finished.path, "--store", finished.store.root)
    assert (code, out, err) == (2, "", f"command: {record}: cannot be read: Permission denied\n")


def test_a_disk_without_maps_to_memory(finished, monkeypatch):
    from ascentcheck.empirics import store as module

    job, real = finished.plan[0], module.np.load

    def load(path, mmap_mode=None, **named):
        if mmap_mode is not None:
            raise OSError(errno.ENODEV, "No such device")
        return real(path, **named)

    wanted = Store(finished.store.root).get(job.digest).array("train").copy()
    monkeypatch.setattr(module.np, "load", load)
    assert (Store(finished.store.root).get(job.digest).array("train") == wanted).all()


def test_a_store_whose_folder_cannot_be_looked_into(finished, command, monkeypatch):
    real = Path.stat

    def stat(path, **named):
        if path == Path("/locked/store"):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return real(path, **named)

    monkeypatch.setattr(Path, "stat", stat)
    code, out, err = command(empirics, "status", finished.path, "--store", "/locked/store")
    assert (code, out, err) == (2, "", "command: store /locked/store: cannot be read: Permission denied\n")
    code, out, err = command(empirics, "status", finished.path, "--store", "x" * 300)
    assert (code, out) == (2, "")
    assert err.endswith("cannot be read: File name too long\n")


@pytest.mark.parametrize(
    ("harm", "how"), [(None, ""), (b"{}", ", 1 of them damaged")], ids=["removed", "damaged"]
)
def test_what_is_left_out_is_said(finished, command, harm, how):
    """By every command that shows a part of a study as if it were the whole."""
    last = finished.plan[-1]
    record = finished.store.folder(last.digest) / "record.json"
    kept = record.read_bytes()
    record.unlink()
    if harm is not None:
        record.write_bytes(harm)
    try:
        for name in ("table", "findings", "peers"):
            code, out, err = command(empirics, name, finished.path, "--store", finished.store.root)
            assert code == 0
            assert out
            assert err == (
                f"small: 1 of 11 jobs have no result{how}, and what needs them is left out: {last.label}; "
                "`run` computes them\n"
            )
    finally:
        record.write_bytes(kept)
    assert command(empirics, "table", finished.path, "--store", finished.store.root)[2] == ""
