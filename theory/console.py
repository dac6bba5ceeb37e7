"""How every command of the project speaks: one plain line for a mistake, status 2, never a traceback."""

from __future__ import annotations

import errno
import io
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

import click

from ascentcheck.theory import disk

HELP = {"help_option_names": ["-h", "--help"]}
"""Settings of every group of commands. A command keeps the help option that it was first asked with."""

EXTRAS = {
    **dict.fromkeys(("sympy", "flint", "mpmath"), "theory"),
    **dict.fromkeys(("torch", "pydantic", "sklearn", "PIL", "threadpoolctl"), "study"),
    **dict.fromkeys(("matplotlib", "jinja2", "latex2mathml"), "figures"),
    "huggingface_hub": "published",
    "pyarrow": "parquet",
    "safetensors": "safetensors",
    "torchmetrics": "torchmetrics",
    "trak": "trak",
    "ray": "cluster",
}
"""The extra that brings a package, by the name that is imported."""


NUMBERS = {
    "is not a valid integer range": "is not a whole number",
    "is not a valid integer": "is not a whole number",
    "is not a valid float range": "is not a number",
}
"""What click says of text in the place of a number, by its own names of types, and what is meant."""


class UserError(Exception):
    """Input that cannot be used. The message says what was wrong, where, and what is allowed."""


def one_line(message: str) -> str:
    """Return `message` with all white space folded and other control characters spelled, so that it prints as a single line."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in " ".join(message.split()))


@contextmanager
def named_extra(extra: str | None = None) -> Iterator[None]:
    """Let the error for a package that is not there name the extra that brings it: this one, or the smallest."""
    try:
        yield
    except ModuleNotFoundError as error:
        told = missing(error, extra)
        if told is None:
            raise
        raise ModuleNotFoundError(told, name=error.name, path=error.path) from None


def missing(error: ModuleNotFoundError, extra: str | None = None) -> str | None:
    """Return in one line which package is not there and which extra brings it; None for one that no extra brings."""
    package = (error.name or "").partition(".")[0]
    smallest = EXTRAS.get(package)
    if smallest is None:
        return None
    return f"this needs {package}, which is not installed: pip install 'ascentcheck[{extra or smallest}]'"


def read_text(path: Path) -> str:
    """Return the text of a file. Raises UserError for one that cannot be read, or is no text."""
    try:
        return disk.read_text(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8 text") from None


@contextmanager
def writing(path: Path, option: str = "") -> Iterator[None]:
    """Let an error of the disk be a UserError with the file that cannot be written: this one as it was given, or another."""
    try:
        yield
    except OSError as error:
        file = path if error.filename in (None, os.path.realpath(path)) else error.filename
        raise UserError(f"{option}{file}: cannot be written: {error.strerror or error}") from None


def run(command: click.Command | str, prog: str, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a click command as `prog` and exit: 0 or the command's own status, 2 on bad input, 130 on Ctrl-C.

    A command may be given as `module:name`, to be imported here, where Ctrl-C is one line already. `arguments` are those of
    the process where none are given.
    """
    _open_all()
    for stream in (sys.stdout, sys.stderr):
        _print_all(stream)
    try:
        status = _done(command if isinstance(command, click.Command) else imported(command), prog, arguments)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _end_children()
        _told(f"{prog}: stopped")
        sys.exit(130)
    except click.ClickException as error:
        message = error.format_message()
        for said, plain in NUMBERS.items():
            message = message.replace(said, plain)
        fail(prog, message)
    except UserError as error:
        fail(prog, str(error))
    except ModuleNotFoundError as error:
        told = missing(error)
        if told is None:
            raise
        fail(prog, told)
    except BrokenPipeError:
        _give_up(sys.stdout)
        sys.exit(0)
    except MemoryError:
        fail(prog, "this machine's memory ran out")
    except OSError as error:  # of the machine, where no message of the project's own says more
        full = error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EFBIG)
        where = "output: " if full else "" if error.filename is None else f"{error.filename}: "
        if error.errno == errno.ENOENT and _is_gone():
            fail(prog, "the current folder is gone; change to one that is there")
        try:
            sys.stdout.flush()
        except OSError:
            _give_up(sys.stdout)
        fail(prog, f"{where}{error.strerror or error}")
    sys.exit(status if isinstance(status, int) else 0)


def imported(command: str) -> click.Command:
    """Return a command by its place, `module:name`. Raises UserError where what it imports could not read the environment."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not (epoch.isascii() and epoch.isdecimal()):
        raise UserError(f"SOURCE_DATE_EPOCH is '{epoch}'; it must be a whole number of seconds, or not set")
    module, _, name = command.partition(":")
    found = getattr(import_module(module), name)
    if not isinstance(found, click.Command):
        raise TypeError(f"{command} is no command")
    return found


def _done(command: click.Command, prog: str, arguments: Sequence[str] | None) -> object:
    try:
        return command.main(arguments, prog, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return 0


def _open_all() -> None:
    """Open what was closed of input, output and errors to nothing: the next file would get its number, and be written to."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(
                os.open(os.devnull, os.O_RDWR), True
            )  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            none = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(none, "w" if number else "r", encoding="utf-8"))


def _is_gone() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _end_children() -> None:
    """End the processes of pools, for whose work the end of this one would wait."""
    if (started := sys.modules.get("multiprocessing")) is not None:
        for child in started.active_children():
            child.terminate()
        # a pool's own thread ends after them, and closes what Python's end would use
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join(1)


def _print_all(stream: TextIO) -> None:
    """Let a stream print what its encoding lacks as an escape: a terminal of 8 bits has no ε and no ≤."""
    if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
        stream.reconfigure(errors="backslashreplace")


def _give_up(stream: TextIO) -> None:
    """Write nothing more to a stream that nobody reads, or that is full, not even at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def fail(prog: str, message: str) -> NoReturn:
    """Print `prog: message` as one line to standard error and exit with status 2."""
    _told(f"{prog}: {one_line(message)}")
    sys.exit(2)


def _told(line: str) -> None:
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _give_up(sys.stderr)
