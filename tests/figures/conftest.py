"""A table made for the tests of figures, every score different; a browser; and the data of figures, computed once."""

from dataclasses import replace
from pathlib import Path

import pytest

from ascentcheck.empirics.study.table import SPLITS, Row
from ascentcheck.figures import browser
from ascentcheck.figures.draw import FIGURES

BLANK = Row(
    "toy", "random-10", 10, "ga", 0.1, None, None, "running", 1, "forget", "paper", 100, 100, 10,
    1.0, 0.5, 1.5, 0.5, 0.66, "simulated", 1.0, 0.5, 1.5, 1.0, 1.0, 0.5, 1.5, (), 0, 0, 0.01, 0.01, 0.01, 0.01, 0.9, 0.0,
    "{}", "job",
)  # fmt: skip


SETS = (("random-10", 10), ("pc1-high-100", 100), ("pc2-high-50", 50), ("random-50", 50))
METHODS = ("ga", "gda", "scrub")


def _once(compute):
    """Return a function that computes once for each table and folder, named or current."""
    kept = {}

    def data(rows=(), **where):
        key = (Path.cwd(), tuple(rows), *sorted(where.items()))
        if key not in kept:
            kept[key] = compute(rows, **where)
        return kept[key]

    return data


@pytest.fixture(scope="session", autouse=True)
def data_once():
    """Compute the data of figures that are of no study, which take seconds, once for each table.

    Return the functions that compute, by number.
    """
    own = {number: module.data for number, module in FIGURES.items()}
    with pytest.MonkeyPatch.context() as patch:
        for module in FIGURES.values():
            if not getattr(module, "NEEDS_STUDY", True):
                patch.setattr(module, "data", _once(module.data))
        yield own


@pytest.fixture(scope="session")
def rows():
    """Return a table of four sets, of all kinds that figures tell apart."""
    made, count = [], 0
    for name, size in SETS:
        kinds = [("do-nothing", None, 0), ("held-out", None, 0)]
        kinds += [(m, rate, epoch) for m in METHODS for rate in (0.01, 0.1) for epoch in (1, 3)]
        for method, rate, epoch in kinds:
            for split in SPLITS:
                count += 1
                made.append(
                    replace(
                        BLANK, forget_set=name, forget_size=size, method=method, learning_rate=rate, epoch=epoch,
                        split=split, p95=count / 25, p95_low=count / 25 - 0.1, p95_high=count / 25 + 0.1,
                        mean=count / 40, energy=count / 100, energy_low=count / 100 - 0.1,
                        energy_high=count / 100 + 0.1, energy_even=count / 100, shares=(0.1, -0.1) * 50,
                        hyperparameters=f'{{"r": {rate}}}', job=f"{name}{method}{rate}",
                        diverged_unlearned=epoch == 3,
                    )
                )  # fmt: skip
    return made


@pytest.fixture(scope="session")
def energy_rows(rows):
    """Return the same table scored by energy: oracles about 0 and below it, and diverged models as far off as they can be."""
    made = [replace(row, estimator="energy", p95=row.energy * 3, mean=row.energy) for row in rows]
    oracles = {"energy": -0.004, "energy_low": -0.03, "energy_high": 0.013, "p95": 0.03}
    far = {"energy": 1.4e6, "energy_low": -2e4, "energy_high": 1.5e6}
    return [
        replace(
            row, **(oracles if row.method == "held-out" else far if i % 7 == 0 and row.epoch == 3 else {})
        )
        for i, row in enumerate(made)
    ]


HANG = 1_800_000
"""Milliseconds that no page takes, on however busy a machine."""


@pytest.fixture(scope="session")
def chromium():
    """Return a running browser; skip where playwright or a browser is not there."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if browser.find() is None:
        pytest.skip("no Chromium or Chrome on this machine")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"], timeout=HANG)
        yield running
        running.close()
