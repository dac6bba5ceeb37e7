"""A bar for what takes more than a moment."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


def progress_bar(out: IO[str] | None = None) -> Progress:
    """Return a progress bar on standard error, or `out`, that leaves nothing behind; none where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    watched = sys.stderr is not None and sys.stderr.isatty()
    return Progress(*columns, console=Console(file=out, stderr=True), transient=True, disable=not watched)
