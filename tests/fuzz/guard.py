"""One input under guard: what a reader may do with it is give a value or its documented error, soon, in little memory.

It may run no code that the input brings, write no file, start no process and open no connection: Python's audit events tell,
which no reader can turn off.
"""

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

SECONDS = 20.0
"""Of a processor, for one input: a hundred times what the slowest takes."""
MEGABYTES = 400
"""Of memory for one input beyond what the process had: compressed arrays may have 64, and are copied."""
FORBIDDEN = (
    "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "subprocess.Popen", "pty.spawn",
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod", "os.chown",
    "os.putenv", "os.kill", "shutil.", "socket.", "urllib.", "ftplib.", "http.", "webbrowser.", "pickle.find_class",
    "ctypes.dlopen", "tempfile.",
)  # fmt: skip
"""Audit events that begin so, beside files opened to be written and code without a file that is executed."""


class CrashError(BaseException):
    """A reader did what none may; no `except Exception` hides it."""


_watching = []


def _hook(event, arguments):
    if not _watching or _watching[0][0] != threading.get_ident():
        return
    writes, runs = event == "open" and _writes(*arguments), event == "exec" and _is_brought(arguments[0])
    if writes or runs or event.startswith(FORBIDDEN):
        what = " ".join(repr(a)[:80] for a in arguments[:2])
        _watching[0][1].append(f"{event} {what}")


def _writes(path, mode, flags):
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)) and path != os.devnull


def _is_brought(code):
    """Whether code that is executed is of no file, as an input's would be; a library's that is imported late has one."""
    name = getattr(code, "co_filename", "?")
    return not (Path(name).is_absolute() or name.startswith("<frozen"))


sys.addaudithook(_hook)


@contextmanager
def guarded(seconds=SECONDS, megabytes=MEGABYTES):
    """Raise CrashError where the block does what is forbidden, takes longer, or more memory."""

    def late(*_):
        raise CrashError(f"takes more than {seconds} s of a processor")

    seen, before = [], signal.signal(signal.SIGPROF, late)
    has, began = _reset(), time.process_time()
    caching, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # of what a reader imports late
    _watching.append((threading.get_ident(), seen))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:  # whatever the block raises: a refusal excuses nothing
        signal.setitimer(signal.ITIMER_PROF, 0)
        _watching.clear()
        sys.dont_write_bytecode = caching
        signal.signal(signal.SIGPROF, before)
        if time.process_time() - began > seconds:
            late()
        if seen:
            raise CrashError(f"does what is forbidden: {'; '.join(seen[:3])}")
        if (took := _most() - has) > megabytes:
            raise CrashError(f"takes {took:.0f} MB")


def _reset():
    with suppress(OSError):  # Linux alone forgets the most that a process had
        Path("/proc/self/clear_refs").write_text("5")
    return _most()


def _most():
    """Return the most memory that this process had, in MB; 0 where the system does not say."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    return 0.0
