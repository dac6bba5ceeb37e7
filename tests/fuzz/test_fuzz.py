"""Changed files given to every parser: a sample, and in the nightly run as many as the properties of claims have. The guard
must see a reader that crashes, hangs, takes memory, runs code or writes.
"""

import json
import os
import pickle
import sys

import numpy as np
import pytest

from ascentcheck.theory.console import UserError
from tests.fuzz import changes, guided
from tests.fuzz.guard import CrashError, guarded
from tests.fuzz.parsers import PARSERS, Evil, Parser, npy_files
from tests.fuzz.tries import attempt, clean, tried

INPUTS = 20_000 if os.environ.get("HYPOTHESIS_PROFILE") == "nightly" else 40


@pytest.mark.parametrize("name", PARSERS)
def test_a_changed_file_is_read_or_refused(tmp_path, name):
    counts = tried(PARSERS[name], tmp_path, INPUTS)
    assert sum(counts.values()) >= INPUTS
    assert set(counts) <= {"value", "refused"}


@pytest.mark.parametrize("name", PARSERS)
def test_whole_files_are_read(tmp_path, name):
    """Of each parser at least the first file, so that what is changed begins with what is right."""
    parser = PARSERS[name]
    with clean(tmp_path / "folder") as folder:
        (folder / parser.name).parent.mkdir(parents=True, exist_ok=True)
        parser.beside(folder)
        assert attempt(parser, folder, parser.samples()[0].content) == "value"


def _unpickles(folder):
    return np.load(folder / "a", allow_pickle=True)


def _raises(folder):
    return json.loads((folder / "a").read_bytes())


def _hangs(folder):
    while True:
        pass


def _grows(folder):
    return np.ones(25_000_000).sum()


def _writes(folder):
    (folder.parent / "beside").write_text("")


def _writes_and_refuses(folder):
    (folder.parent / "beside").write_text("")
    raise UserError("is refused")


def _evaluates(folder):
    return eval("1 + 1")


def _speaks_at_length(folder):
    raise UserError("one\ntwo")


@pytest.mark.parametrize(
    ("read", "content", "seen"),
    [
        (_raises, b"{", "raises JSONDecodeError"),
        (_unpickles, pickle.dumps(Evil()), "pickle.find_class"),
        (_hangs, b"", "takes more than 0.2 s"),
        (_grows, b"", " MB"),
        (_writes, b"", "open "),
        (_writes_and_refuses, b"", "open "),
        (_evaluates, b"", "exec "),
        (_speaks_at_length, b"", "a message of no line or several"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_guard_sees_a_reader_that_does_what_none_may(tmp_path, read, content, seen, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # where nothing is, should anything be run
    if read is _grows and not os.path.exists("/proc/self/clear_refs"):  # noqa: PTH110
        pytest.skip("this system does not say how much memory a process had")
    with pytest.raises(CrashError, match=seen):
        attempt(
            Parser(list, read, "a"), tmp_path, content, seconds=0.2 if read is _hangs else 20, megabytes=100
        )


def test_a_crash_is_found_among_changed_files(tmp_path):
    def careless(folder):
        return np.load(folder / "a.npy")

    with pytest.raises(CrashError, match=r"raises .*; the input b"):
        tried(Parser(npy_files, careless, "a.npy"), tmp_path, 200)


def test_a_guard_leaves_nothing_behind(tmp_path):
    with guarded():
        assert sys.getsizeof("") > 0
    (tmp_path / "file").write_text("")  # outside, writing is nobody's business


def test_inputs_from_bytes_are_of_the_same_kind():
    samples = npy_files()
    assert changes.from_bytes(samples, b"") == bytes([samples[0].content[0] ^ 1]) + samples[0].content[1:]
    raw = bytes([0, 0, 2]) + (10).to_bytes(4, "little") + bytes(4)
    assert changes.from_bytes(samples, raw) == samples[0].content[:10]


def test_without_atheris_the_guided_part_is_left_out(monkeypatch, capsys):
    monkeypatch.setattr(guided, "find_spec", lambda name: None)
    assert guided.main("npz", "1", "nowhere") == 0
    assert capsys.readouterr().out == "guided: atheris is not installed, left out\n"
