"""Commands where the terminal, the pipe or the machine is not as expected: what can be printed, or one plain line."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ascentcheck.theory import console

ROOT = Path(__file__).parents[2]


def theory(*arguments, encoding="utf-8", **named):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "theory", *arguments]
    named = {"stdout": subprocess.PIPE, **named}
    return subprocess.run(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, **named)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "koi8-r"])
def test_terminals_of_8_bits(encoding):
    """What the encoding lacks is printed as an escape, and nothing else differs. (ASCII is taken for UTF-8 by click.)"""
    plain = theory("explain", "lemma-3").stdout.decode("utf-8")
    assert "\N{GREEK SMALL LETTER ALPHA}" in plain
    told = theory("explain", "lemma-3", encoding=encoding)
    assert (told.returncode, told.stderr) == (0, b"")
    assert told.stdout == plain.encode(encoding, "backslashreplace")


@pytest.mark.parametrize(("name", "coloured"), [("FORCE_COLOR", True), ("TTY_COMPATIBLE", False)])
def test_what_goes_to_a_file_has_colours_only_where_they_are_asked_for(name, coloured, monkeypatch):
    for variable in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(name, "1")
    monkeypatch.setenv("TERM", "xterm")
    told = theory("verify", "lambert-eq")
    assert (told.returncode, told.stderr) == (0, b"")
    assert (b"\x1b" in told.stdout) == coloured


def test_messages_are_escaped_too():
    told = theory("explain", "lemma-\N{GREEK SMALL LETTER EPSILON}", encoding="ascii")
    assert (told.returncode, told.stdout, told.stderr.count(b"\n")) == (2, b"", 1)
    assert b"\\u03b5" in told.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_behind_the_output():
    with Path("/dev/full").open("wb") as full:
        told = theory("explain", "lemma-3", stdout=full)
    assert (told.returncode, told.stderr) == (2, b"theory: output: No space left on device\n")


def test_a_pipe_that_nobody_reads():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        told = theory("explain", "lemma-3", stdout=pipe)
    assert told.stderr == b""
    assert told.returncode in (0, 1)  # 1 where click saw it first


def test_an_output_that_is_closed():
    told = theory("explain", "lemma-3", stdout=None, preexec_fn=lambda: os.close(1))
    assert (told.returncode, told.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.EIO, "Input/output error", "/disk/file"), "/disk/file: Input/output error"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory"), "No usable temporary directory"),
    ],
)
def test_an_error_of_the_machine_is_one_line(monkeypatch, capsys, error, told):
    @click.command()
    def command():
        print("what was done before")
        raise error

    monkeypatch.setattr(sys, "argv", ["command"])
    with pytest.raises(SystemExit) as stop:
        console.run(command, "command")
    assert stop.value.code == 2
    assert capsys.readouterr() == ("what was done before\n", f"command: {told}\n")


def test_memory_that_runs_out(capsys, monkeypatch):
    @click.command()
    def greedy():
        raise MemoryError

    monkeypatch.setattr(sys, "argv", ["greedy"])
    with pytest.raises(SystemExit) as stop:
        console.run(greedy, "greedy")
    assert stop.value.code == 2
    assert capsys.readouterr().err == "greedy: this machine's memory ran out\n"
