"""Progress with time left: a bar on a terminal, a plain line now and then where there is none."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from ascentcheck.empirics.telling import Unfailing, tell
from ascentcheck.theory.progress import progress_bar

SILENCE = 10.0
"""Seconds between two plain lines."""


class Show(Protocol):
    """Told what is being done, and how much of everything is done, from 0 to 1."""

    def __call__(self, what: str, share: float) -> None:
        """Show it."""


@contextmanager
def shown(title: str) -> Iterator[Show]:
    """Yield a function that shows progress on standard error while the block runs, and never raises."""
    if sys.stderr is not None and sys.stderr.isatty():
        with progress_bar(Unfailing(sys.stderr)) as progress:
            task = progress.add_task(title, total=1.0)
            yield lambda what, share: progress.update(task, description=f"{title}: {what}", completed=share)
        return
    start = time.monotonic()
    first: list[float] = []
    last = start

    def line(what: str, share: float) -> None:
        nonlocal last
        now = time.monotonic()
        if not first:
            first.append(share)
        if now - last < SILENCE or share >= 1:
            return
        last = now
        rate = (share - first[0]) / (now - start)
        left = f", about {spelled((1 - share) / rate)} left" if rate > 0 else ""
        tell(f"{title}: {share:4.0%} {what}{left}")

    yield line


def spelled(seconds: float) -> str:
    """Return a time in words."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
