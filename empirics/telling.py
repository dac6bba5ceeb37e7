"""What people are told while work goes on. Where it cannot be told any more, it is not, and the work goes on.

A reader that has ended (`| head`), a terminal that is lost, a disk that is full and a stream that was closed before the start
are no errors of the work.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any, TextIO


def tell(line: str, stream: TextIO | None = None) -> None:
    """Print a line at once, to standard error or another stream."""
    stream = sys.stderr if stream is None else stream
    if stream is not None:  # it is, where it was closed
        print(line, file=Unfailing(stream), flush=True)


class Unfailing:
    """A stream that is silent from the first thing on that cannot be written."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write, if that can be done."""
        try:
            return self.stream.write(text)
        except (OSError, ValueError):
            self._silence()
            return len(text)

    def flush(self) -> None:
        """Flush, if that can be done."""
        try:
            self.stream.flush()
        except (OSError, ValueError):
            self._silence()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def _silence(self) -> None:
        """Let all that is left go nowhere: else Python tries it again at the end, and ends with a status of its own."""
        with suppress(OSError, ValueError):  # no file stands behind it, or none any more
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)
