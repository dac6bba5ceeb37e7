"""What an engine is told of the machine: how many workers, on what device, how many members at once."""

from __future__ import annotations

from dataclasses import dataclass

from ascentcheck.empirics.device import DeviceName

THREADS = 1
"""A second thread saves a third of the time on an idle machine, and beside a busy neighbour costs up to 16 times
as much: 5 epochs of 100 models took 1.5 s with one thread, and 1.0 or 24.9 s with two."""


@dataclass(frozen=True)
class Placement:
    """`workers` is the number of processes: by default one for each core that is ours, or for each GPU where these are used.

    `at_once` is how many members of an ensemble are computed at once, by default what suits the network.
    """

    workers: int | None = None
    device: DeviceName = "auto"
    at_once: int | None = None

    def arguments(self) -> list[str]:
        """Return the options of the command `run` that say the same of a single worker."""
        at_once = [] if self.at_once is None else ["--at-once", str(self.at_once)]
        return ["--workers", "1", "--device", self.device, *at_once]
