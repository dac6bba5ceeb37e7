"""Commands where the terminal, the pipe or the machine is not as expected: what can be printed, or one plain line."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ascentcheck import __version__
from ascentcheck.theory import console
from ascentcheck.theory.disk import write_text
from ascentcheck.theory.parameters import unwritable

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


def test_a_date_of_sources_that_is_no_number_is_told(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    told = theory("explain", "lemma-3")
    assert (told.returncode, told.stdout, told.stderr.count(b"\n")) == (2, b"", 1)
    assert b"SOURCE_DATE_EPOCH is 'abc'" in told.stderr
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert theory("explain", "lemma-3").returncode == 0


def test_messages_are_escaped_too():
    told = theory("explain", "lemma-\N{GREEK SMALL LETTER EPSILON}", encoding="ascii")
    assert (told.returncode, told.stdout, told.stderr.count(b"\n")) == (2, b"", 1)
    assert b"\\u03b5" in told.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_behind_the_output():
    with Path("/dev/full").open("wb") as full:
        told = theory("explain", "lemma-3", stdout=full)
    assert (told.returncode, told.stderr) == (2, b"theory: output: No space left on device\n")


def python(*arguments, shell="", **named):
    """Run Python, by a shell that first does `shell`."""
    command = ["sh", "-c", f'{shell} exec "$0" "$@"', sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    named = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT, **named}
    return subprocess.run(command, env=environment, text=True, **named)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_help_that_nobody_asked_for_on_a_full_disk():
    with Path("/dev/full").open("w") as full:
        told = python("-m", "ascentcheck", stdout=full)
        assert (told.returncode, told.stderr) == (2, "ascentcheck: output: No space left on device\n")
        told = python("-m", "ascentcheck", "--none", stderr=full)
        assert (told.returncode, told.stdout) == (2, "")


def test_help_into_a_pipe_that_nobody_reads():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        told = python("-m", "ascentcheck", stdout=pipe)
    assert (told.returncode, told.stderr) == (0, "")


def test_mistakes_are_not_printed_as_results_where_errors_are_closed():
    told = python("-m", "ascentcheck", "explain", "none", shell="exec 2>&-;")
    assert (told.returncode, told.stdout) == (2, "")


def test_no_file_gets_the_number_of_a_closed_stream(tmp_path):
    code = (
        "import click, pathlib, sys\n"
        "from ascentcheck.theory import console\n"
        "@click.command()\n"
        "def command():\n"
        "    with pathlib.Path(sys.argv[1]).open('w') as file:\n"
        "        assert file.fileno() > 2, file.fileno()\n"
        "        print('said', file=sys.stderr)\n"
        "console.run(command, 'command', [])\n"
    )
    told = python("-c", code, str(tmp_path / "file"), shell="exec 0<&- 1>&- 2>&-;")
    assert (told.returncode, (tmp_path / "file").read_text()) == (0, "")


def test_a_current_folder_that_is_gone(tmp_path):
    (tmp_path / "gone").mkdir()
    told = python(
        "-m", "ascentcheck", "verify", "lambert-eq", "--json", "x",
        shell='rmdir "$PWD";',
        cwd=tmp_path / "gone",
    )  # fmt: skip
    assert told.returncode == 2
    assert told.stderr == "ascentcheck: the current folder is gone; change to one that is there\n"


def test_a_full_disk_behind_a_file_that_is_asked_for(tmp_path):
    old = tmp_path / "results.json"
    old.write_text("old")
    told = python("-m", "theory", "verify", "lambert-eq", "--json", str(old), shell="ulimit -f 0;")
    assert (told.returncode, told.stderr) == (2, f"theory: {old}: File too large\n")
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(old, "old")]


def test_a_file_in_a_folder_where_none_can_take_its_place_is_refused_before_anything_is_done(
    tmp_path, monkeypatch
):
    (tmp_path / "old").touch()
    asked, real = [], os.access

    def access(path, mode):
        asked.append(Path(path))
        return Path(path) != tmp_path and real(path, mode)

    monkeypatch.setattr(os, "access", access)
    assert unwritable(tmp_path / "old", False, False) == f"the folder {tmp_path} cannot be written"
    assert unwritable(Path("/dev/null"), False, False) is None
    assert tmp_path in asked


def test_a_file_that_cannot_be_written_is_told_as_it_was_given_and_another_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = Path("absent/page.md")
    with pytest.raises(console.UserError) as told, console.writing(given, "--out "):
        write_text(given, "a page")
    assert str(told.value) == "--out absent/page.md: cannot be written: No such file or directory"
    with pytest.raises(console.UserError) as told, console.writing(Path("folder")):
        write_text(Path("other/page.md"), "a page")
    assert str(told.value) == f"{tmp_path}/other/page.md: cannot be written: No such file or directory"


def test_the_version_needs_no_metadata():
    code = (
        "import importlib.metadata as m, sys\n"
        "def none(name): raise m.PackageNotFoundError(name)\n"
        "m.version = none\n"
        "sys.argv[1:] = ['--version']\n"
        "from ascentcheck.command import main\n"
        "main()\n"
    )
    told = python("-c", code)
    assert (told.returncode, told.stdout, told.stderr) == (0, f"ascentcheck {__version__}\n", "")


@pytest.mark.parametrize("folder", ["empirics", "figures", "theory"])
def test_a_stop_while_a_command_is_imported_is_one_line(tmp_path, folder):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Stop:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == 'ascentcheck.{folder}.__main__':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", folder, "--help"]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (told.returncode, told.stdout, told.stderr) == (130, "", f"{folder}: stopped\n")


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
