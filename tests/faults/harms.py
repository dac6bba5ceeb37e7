"""Damage to a store, and machines that refuse: each followed by what reads the study, and by a run that mends it."""

import csv
import ctypes
import errno
import io
import itertools
import os
import resource
import shutil
import signal
import subprocess
import time

from tests.faults import watch
from tests.faults.bench import PROGRESS, BrokenError, healed, judged
from tests.faults.warm import command


def _begun(draw, bench, place, end=False):
    """Bring a study to a random point of its way, or now and then to its end."""
    last = bench.touches if end and draw.random() < 0.5 else draw.randint(0, 4 * bench.touches // 5)
    bench.run(place, prepare=watch.before(place / "store", last + 1)).ended()
    return place / "store"


def files(draw, bench, place):
    """Harm one to three files of any kind; the table must then be whole or say what it lacks, and a run mends it."""
    store = _begun(draw, bench, place, end=True)
    for _ in range(draw.randint(1, 3)):
        there = sorted(path for path in store.rglob("*") if path.is_file())
        if not there:
            break
        kinds = sorted({(path.parts[len(store.parts)], path.suffix) for path in there})
        kind = draw.choice(kinds)
        _harm(draw, draw.choice([p for p in there if (p.parts[len(store.parts)], p.suffix) == kind]), there)
    store.mkdir(exist_ok=True)
    out, err = _table(bench, place)
    status = command(["status", bench.study, "--store", store], place).ended()
    if status.status or status.err or "done" not in status.out:
        raise BrokenError(f"status: {status}")
    if out != bench.table and not (err.startswith("faults: ") and err.count("\n") == 1):
        raise BrokenError(f"rows are missing or others, and nothing is said: {out} {err}")
    if not _scores(out) <= _scores(bench.table):
        raise BrokenError(f"other rows than of an undisturbed run: {out}")
    healed(bench, place)
    return ("equal" if out == bench.table else "told"), 0


def _table(bench, place):
    how = command(["table", bench.study, "--store", place / "store", "--csv"], place).ended()
    if how.status:
        raise BrokenError(f"table: {how}")
    return how.out, PROGRESS.sub("", how.err)


def _scores(text):
    """Return the rows of a table, but for the floor, which is simulated where held-out oracles are missing."""
    rows = [dict(row) for row in csv.DictReader(io.StringIO(text))]
    return {
        tuple(v for k, v in row.items() if k not in ("null_p95", "null_of", "below_floor")) for row in rows
    }


def _harm(draw, path, others):
    content = bytearray(path.read_bytes())
    how = draw.choice(("cut", "flip", "flip", "flip", "delete", "zeros", "longer", "other"))
    at = draw.randrange(len(content)) if content else 0
    if how == "delete":
        path.unlink()
    elif how == "cut":
        path.write_bytes(content[:at])
    elif how == "flip":
        for _ in range(draw.randint(1, 3) if content else 0):
            content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        path.write_bytes(content)
    elif how == "zeros":
        path.write_bytes(content[:at] + bytes(len(content) - at))
    elif how == "longer":
        path.write_bytes(content + draw.randbytes(draw.randint(1, 100)))
    else:
        path.write_bytes(draw.choice(others).read_bytes())


def read_only(draw, bench, place):
    """Take the right to write, or to read as well, from folders of a begun store; without root's right to do all."""
    store = _begun(draw, bench, place)
    store.mkdir(exist_ok=True)
    folders = [store, *sorted(path for path in store.rglob("*") if path.is_dir())]
    chosen = draw.sample(folders, draw.randint(1, len(folders)))
    mode = draw.choice((0o555, 0o555, 0o500, 0o000))
    for folder in reversed(folders):
        if folder in chosen:
            folder.chmod(mode)
    try:
        how = bench.run(place, prepare=_as_a_user).ended()
    finally:
        for folder in folders:
            if folder.exists():  # a run removes what is left over
                folder.chmod(0o755)
    return judged(bench, place, how), 0


def _as_a_user():
    """Give up what lets root pass over permissions."""
    if os.geteuid() != 0:
        return
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, sets):
        raise OSError(ctypes.get_errno(), "capabilities cannot be given up")


def full(draw, bench, place):
    """Put a begun store on a disk of its own that is full after a random number of pages."""
    store = _begun(draw, bench, place)
    store.mkdir(exist_ok=True)
    disk = place / "disk"
    disk.mkdir()
    pages = sum(-(-path.stat().st_size // 4096) + 1 for path in store.rglob("*"))
    size = 4096 * draw.randint(pages + 1, pages + 50)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True, capture_output=True
    )
    aside = place / "aside"
    try:
        shutil.copytree(store, disk / "store")
        store.rename(aside)
        store.symlink_to(disk / "store")
        how = bench.run(place).ended()
        store.unlink()
        shutil.copytree(disk / "store", store)
    finally:
        subprocess.run(["umount", disk], check=True)
    return judged(bench, place, how), 0


def private_mounts():
    """Give this process mounts of its own, which go when it does. Raises OSError where it may not."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000):
        raise OSError(ctypes.get_errno(), "no mounts of one's own")
    if libc.mount(b"none", b"/", None, 0x00040000 | 0x4000, None):  # private, and all below
        raise OSError(ctypes.get_errno(), "no mounts of one's own")


def longest(draw, bench, place):
    """Let no file grow beyond a random length, as quotas do."""

    def prepare():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = draw.randint(0, 13_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    _begun(draw, bench, place)
    for name in ("out", "err"):  # what the command says has room
        (place / f"{name}-x").write_text("")
    return judged(bench, place, bench.run(place, prepare=prepare).ended()), 0


def clocks(draw, bench, place):
    """Let times of files be anything, and clocks jump: by days, years, back and forth; the steady ones ahead alone."""
    for path in sorted(_begun(draw, bench, place).rglob("*")):
        os.utime(path, (draw.randint(-(2**31), 2**33), draw.randint(-(2**31), 2**33)))

    def prepare():
        for name in ("time", "monotonic", "perf_counter"):
            setattr(time, name, _jumping(draw, getattr(time, name), back=name == "time"))

    return judged(bench, place, bench.run(place, prepare=prepare).ended()), 0


def _jumping(draw, clock, back):
    ahead = itertools.accumulate(
        iter(
            lambda: (
                draw.choice((0, 0, 0, 1)) * draw.uniform(-1 if back else 0, 1) * 10 ** draw.randint(0, 10)
            ),
            None,
        )
    )
    return lambda: clock() + next(ahead)


def memory(draw, bench, place):
    """Let memory end: a random room above what the process has, or an error at a random touch of the store."""
    _begun(draw, bench, place)
    if draw.random() < 0.5:

        def prepare():
            with open("/proc/self/statm", encoding="ascii") as found:  # noqa: PTH123
                has = int(found.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (has + draw.randint(0, 12_000_000),) * 2)

    else:

        def out():
            raise MemoryError

        prepare = watch.before(place / "store", draw.randint(1, bench.touches), out)
    return judged(bench, place, bench.run(place, prepare=prepare).ended()), 0


def refused(draw, bench, place):
    """Let one touch of the store fail as a disk fails: input or output error, no space, stale, busy, too many files."""
    number = draw.choice(
        (errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.ESTALE, errno.EBUSY, errno.EMFILE, errno.EROFS)
    )

    def fail():
        raise OSError(number, os.strerror(number))

    _begun(draw, bench, place)
    prepare = watch.before(place / "store", draw.randint(1, bench.touches), fail)
    return judged(bench, place, bench.run(place, prepare=prepare).ended()), 0
