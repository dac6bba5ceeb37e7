"""Commands in processes forked from this one, which has everything imported: what takes seconds to start takes none.

Only the start differs from a command's own: the process has a session and a group of its own, and ends as a command does.
"""

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import torch

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.engines import local
from ascentcheck.theory import console

torch.set_num_threads(1)
HANG = 1800.0
"""Seconds that nothing takes but what never ends."""


@dataclass(frozen=True)
class Ended:
    """How a process ended: its status, or minus the signal that ended it, and what it wrote."""

    status: int
    out: str
    err: str


class Forked:
    """A forked process that runs `body`; what it needs of `subprocess.Popen` is called the same."""

    def __init__(self, body, out, err):
        if threading.active_count() > 1:
            raise RuntimeError("a process of several threads is not forked")
        self.out, self.err, self.returncode = Path(out), Path(err), None
        self.pid = os.fork()
        if not self.pid:
            _live(body, out, err)

    def poll(self):
        if self.returncode is None:
            found, how = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.returncode = os.waitstatus_to_exitcode(how)
        return self.returncode

    def wait(self, seconds=HANG):
        """Return the status, or None where the process has not ended by then."""
        deadline = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        return self.returncode

    def terminate(self):
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def kill(self):
        """End it and all of its group, as nothing can prevent."""
        if self.poll() is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except ProcessLookupError:  # it has no group yet
                os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def ended(self):
        if self.wait() is None:
            self.kill()
            raise RuntimeError("a command has not ended in half an hour")
        return Ended(
            self.returncode, self.out.read_text(errors="replace"), self.err.read_text(errors="replace")
        )


def _live(body, out, err):
    status = 1
    try:
        for path, number in ((os.devnull, 0), (out, 1), (err, 2)):
            descriptor = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(descriptor, number)
            os.close(descriptor)
        sys.stdout, sys.stderr = (open(n, "w", closefd=False) for n in (1, 2))  # noqa: SIM115
        body()
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:  # what a command lets through, Python would print
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                status = status or 1
        os._exit(status)


def here(arguments):
    """Run a command in this process, which prints nothing. Raises RuntimeError where it fails."""
    with (
        patch.object(sys, "argv", ["empirics", *map(str, arguments)]),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        try:
            console.run(empirics, "empirics")
        except SystemExit as stop:
            if stop.code:
                raise RuntimeError("the command fails undisturbed") from None


def command(arguments, folder, prepare=None, own_group=True):
    """Start `python -m empirics` with those arguments; `prepare` is called first, in the new process."""
    number = len(list(folder.glob("out-*")))

    def body():
        if own_group:
            os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = ["empirics", *map(str, arguments)]
        with patch.object(local, "_helper", _helper):
            if prepare is not None:
                prepare()
            console.run(empirics, "empirics")

    return Forked(body, folder / f"out-{number}", folder / f"err-{number}")


def _helper(arguments, gpu, log):
    """Start a helper of the local engine: the same command, in the same group, forked and not begun anew."""
    parent = os.getpid()

    def body():
        os.environ.update({**gpu, local.PARENT: str(parent)})
        sys.argv = ["empirics", *arguments[arguments.index("run") :]]
        console.run(empirics, "empirics")

    return local.Helper(Forked(body, os.devnull, log), None, log)


def cold(arguments, folder):
    """Start `python -m ascentcheck.empirics` with those arguments as a user does."""
    number = len(list(folder.glob("out-*")))
    out, err = folder / f"out-{number}", folder / f"err-{number}"
    with out.open("wb") as first, err.open("wb") as second:
        process = subprocess.Popen(
            [sys.executable, "-m", "ascentcheck.empirics", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=first,
            stderr=second,
            start_new_session=True,
        )
    return Cold(process, out, err)


@dataclass
class Cold:
    """A command that was started as a user starts it."""

    process: subprocess.Popen
    out: Path
    err: Path

    @property
    def pid(self):
        return self.process.pid

    def wait(self, seconds=HANG):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def ended(self):
        status = self.process.wait(HANG)
        return Ended(status, self.out.read_text(errors="replace"), self.err.read_text(errors="replace"))
