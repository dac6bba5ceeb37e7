"""Commands where the machine, the terminal or the user is not as expected: interrupted, cut off, narrow, without a home."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.figures.__main__ import figures
from ascentcheck.theory.__main__ import theory
from tests.bad_input.calls import commands
from tests.bad_input.files import STUDY

ROOT = Path(__file__).parents[1]
SLOW = """
import sys, time
import ascentcheck.theory.__main__ as main
from ascentcheck.theory import decided

def slow(*_):
    print("begun", file=sys.stderr, flush=True)
    time.sleep(3600)

decided.decided = slow
sys.argv = ["theory", "verify", "lemma-2", "lemma-3", "lemma-4"]
main.console.run(main.theory, "theory")
"""
LONG = """
import click
from ascentcheck.theory import console

@click.command()
def numbers():
    for n in range(1_000_000):
        click.echo(n)

console.run(numbers, "numbers")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Ctrl-C of a terminal reaches a group of processes")
def test_ctrl_c_ends_a_command_and_all_its_processes(ended):
    """As a terminal does it: the signal reaches all processes at once. click ends the line after ^C first."""
    run = subprocess.Popen(
        [sys.executable, "-c", SLOW], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # which a shell ignores in the background
    )  # fmt: skip
    assert run.stderr.readline() == "begun\n"
    os.killpg(run.pid, signal.SIGINT)
    out, err = ended(run)
    assert (run.returncode, out, err.replace("begun\n", "").lstrip()) == (130, "", "theory: stopped\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)


def test_a_pipe_that_is_closed_after_a_line():
    """As by `| head -1`."""
    command = [sys.executable, "-c", LONG]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout.readline() == b"0\n"
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode in (0, 1)  # 1 where click saw it first


BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "20"}
"""An old server: text in ASCII, a terminal of 20 columns, and neither a home nor a name of the user."""


def bare(tmp_path, *arguments):
    environment = {**BARE, "PATH": os.environ["PATH"], "HOME": "/nowhere", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True,
    )  # fmt: skip


def test_an_old_server_without_a_home(tmp_path):
    folder = tmp_path / "two words ä"
    folder.mkdir()
    draw = np.random.default_rng(0)
    np.save(folder / "x ε.npy", draw.normal(size=(20, 4)))
    np.save(folder / "y.npy", np.arange(20) % 2)
    np.save(folder / "f.npy", np.arange(4))
    picture = folder / "picture β.png"
    files = ["--features", folder / "x ε.npy", "--labels", folder / "y.npy", "--forget", folder / "f.npy"]
    done = bare(tmp_path, "ascentcheck", "diagnose", *files, "--picture", picture)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"picture: " in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_mistake_on_an_old_server(tmp_path):
    done = bare(tmp_path, "ascentcheck", "evaluate", "lemma-3", "α=1")
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert b"unknown name" in done.stderr


@pytest.mark.parametrize("columns", ["20", "1", "0", "wide"])
def test_every_command_has_help_in_a_narrow_terminal(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    for name, _ in commands():
        first, *rest = name.split()
        group = {"theory": theory, "empirics": empirics, "figures": figures}[first]
        done = CliRunner().invoke(group, [*rest, "--help"])
        assert (done.exit_code, done.exception) == (0, None), name
        assert "Usage:" in done.output


def test_a_narrow_terminal_gets_the_whole_table(monkeypatch):
    """Names are not cut where a line is too short for them."""
    monkeypatch.setenv("COLUMNS", "20")
    done = CliRunner().invoke(theory, ["verify", "lambert-eq"])
    assert done.exit_code == 0, done.output
    assert "lambert-eq" in done.output


def test_paths_with_spaces_and_letters_of_all_kinds(tmp_path, monkeypatch):
    folder = tmp_path / "two words" / "ä ελ 数"
    folder.mkdir(parents=True)
    (folder / "a study.toml").write_text(STUDY, encoding="utf-8")
    np.save(folder / "x y.npy", np.random.default_rng(0).normal(size=(4, 8)))
    monkeypatch.chdir(tmp_path)
    status = CliRunner().invoke(
        empirics, ["status", str(folder / "a study.toml"), "--store", str(folder / "its store")]
    )
    assert status.exit_code == 0, status.output
    assert status.stdout.startswith(f"tiny: 4 jobs in {folder / 'its store'}")
    margins = str(folder / "x y.npy")
    scored = CliRunner().invoke(empirics, ["score", "--oracle", margins, "--unlearned", margins])
    assert scored.exit_code == 0, scored.output
