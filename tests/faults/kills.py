"""A study killed on its way, once or again and again, and gone on with. Nothing is told to a process that is killed."""

import contextlib
import os
import signal
import time
from pathlib import Path

from tests.faults import watch
from tests.faults.bench import BrokenError, healed, judged, told
from tests.faults.warm import cold

MOST = 40
"""Kills of one study before it may end undisturbed."""


def moments(draw, bench, place):
    """Kill a run and its helper at random moments, and each that goes on, until one ends by itself. Return the kills."""
    for kills in range(MOST):
        run = bench.run(place, workers=draw.choice((1, 1, 2)))
        how = run.wait(draw.uniform(0, 1.2 * bench.seconds))
        if how is not None:
            return judged(bench, place, run.ended()), kills
        run.kill()
    healed(bench, place)
    return "equal", MOST


def touches(draw, bench, place):
    """Kill a run before it touches its store for a random time, and those that go on, at most four times."""
    for kills in range(draw.randint(1, 4)):
        how = bench.run(place, prepare=watch.before(place / "store", draw.randint(1, bench.touches))).ended()
        if how.status != -signal.SIGKILL:
            return judged(bench, place, how), kills
    healed(bench, place)
    return "equal", kills + 1


def together(draw, bench, place):
    """Let two runs share a store from the start; mostly kill one of them, now and then take all files of locks away."""
    runs = [bench.run(place, workers=draw.choice((1, 2))) for _ in range(2)]
    what = draw.choice(("nothing", "kill", "kill", "locks"))
    time.sleep(draw.uniform(0, bench.seconds))
    if what == "kill":
        runs.pop().kill()
    elif what == "locks":
        for lock in (place / "store" / "locks").glob("*"):
            lock.unlink()
    found = [run.ended() for run in runs]
    for how in found:
        if how.status and not (what == "locks" and told(how)):
            raise BrokenError(f"beside another run: {how}")
    return judged(bench, place, max(found, key=lambda how: how.status)), int(what == "kill")


def processes(draw, bench, place):
    """Kill a run that was started as a user starts it, with a helper of its own, then let the next go on."""
    return _cold(draw, bench, place, "--workers", 2)


def ray(draw, bench, place):
    """Kill a run on Ray's workers: all of its group, the driver, or a worker, which the run must then survive."""
    return _cold(draw, bench, place, "--engine", "ray", "--workers", 2)


def _cold(draw, bench, place, *options):
    store = place / "store"
    run = cold(["run", bench.study, "--store", store, "--device", "cpu", "--at-once", 1, *options], place)
    began, jobs = draw.randint(0, 6), store / "jobs"  # waits for so many jobs, however busy the machine is
    while run.process.poll() is None and len(list(jobs.glob("*/record.json"))) < began:
        time.sleep(0.005)
    time.sleep(draw.uniform(0, bench.seconds / 7))
    holders = [
        int(lock.read_text().rsplit(" ", 1)[-1]) for lock in (store / "locks").glob("*") if _named(lock)
    ]
    victim = draw.choice(("group", "driver", "worker"))
    if victim == "worker" and holders:
        with contextlib.suppress(ProcessLookupError):
            os.kill(draw.choice(holders), signal.SIGKILL)
    elif victim == "driver":
        run.process.kill()
    else:
        run.kill()
    how = run.ended()
    while _alive(run.pid):  # helpers and workers end with what started them
        time.sleep(0.01)
    if how.status >= 0:
        return judged(bench, place, how), 1
    healed(bench, place)
    return "equal", 1


def _named(lock):
    return lock.read_text().rsplit(" ", 1)[-1].isdecimal()


def _alive(group):
    """Whether any process of a session is left."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, *_, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            if int(session) == group and state != "Z":
                return True
    return False
