"""A browser of the Chromium family, where the machine has one: it prints the report."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ascentcheck.theory.console import UserError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS = 1200
"""Within which a browser prints, on however busy a machine; one that hangs is stopped."""
MISSING = "--pdf needs Chromium or Chrome, and none is installed; BROWSER_PATH can name one"


def find() -> str | None:
    """Return the path of a browser: BROWSER_PATH if it is set, else the first found; None if there is none."""
    named = os.environ.get("BROWSER_PATH")
    return named if named else next((path for name in NAMES if (path := shutil.which(name))), None)


def print_pdf(page: Path, out: Path) -> None:
    """Print a page to a PDF file. Raises UserError if there is no browser or it fails."""
    browser = find()
    if browser is None:
        raise UserError(MISSING)
    with tempfile.TemporaryDirectory(prefix="ascentcheck-") as profile:
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={out.resolve()}",
            page.resolve().as_uri(),
        ]
        out.unlink(missing_ok=True)
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise UserError(f"--pdf: {browser} failed: {error}") from None
    if not out.is_file():
        raise UserError(f"--pdf: {browser} wrote no {out}")
