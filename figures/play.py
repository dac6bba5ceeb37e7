"""The page to play with: plain JavaScript that needs no network and nothing beside it.

`play.html` has the formulas of section 5 again, in floating point; tests hold its numbers to `evaluate`. It stands in the
documentation and, whole, in the report.
"""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parent / "play.html"
SHARE = 0.01
"""|R_j|/|R| and |R_ij|/|R| on the page."""


def page_text() -> str:
    """Return the page."""
    return PAGE.read_text(encoding="utf-8")
