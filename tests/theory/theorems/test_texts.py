"""What is said more than once is said alike: thresholds and factors, in the theorems' texts and on the two written pages."""

from pathlib import Path

import pytest

from ascentcheck.theory.check.texts import texts
from ascentcheck.theory.theorems import THEOREMS

PAGES = ("docs/summary.md", "docs/explanation/why-ascent-fails.md")
SAID = [
    ("all-coordinates", "κ ≤ ", ("1/√M",)),
    ("all-coordinates", "|F|/|D| ≤ ", ("1/√M",)),
    ("finite-steps", "η·sup L'' ≤ ", ("2", "1 on the path")),
    (
        "first-step",
        "descent-ascent is |D|/|F|",
        (" times the first step of fine-tuning", " times as long as the first step"),
    ),
    ("first-step", "alone starts with |R|/|F|", (" times that step",)),
    ("first-step", "alone takes |R|/|F|", (" times the step of fine-tuning",)),
    ("first-step", "closer than |F|/|D|", (" of the weights' length",)),
    ("overshoot", "lies β|R|/|F|", (" times as far beyond",)),
    ("overshoot", "(χ − 1)/", ("(χ + 1)", "(1 + χ)", "(χ + 1))²")),
]


def said(theorem):
    """Return all that a reader sees of a theorem, and the pages, in one line each."""
    (claim,) = (c for c in THEOREMS if c.name == theorem)
    pages = (Path(page).read_text(encoding="utf-8") for page in PAGES)
    return [" ".join(text.split()) for text in (*texts(claim), *pages)]


def otherwise(lines, head, tails):
    """Yield how a phrase goes on where it does not go on as it should."""
    for line in lines:
        for rest in line.split(head)[1:]:
            if not rest.startswith(tails):
                yield rest[:20]


@pytest.mark.parametrize(("theorem", "head", "tails"), SAID)
def test_what_is_said_more_than_once_is_said_alike(theorem, head, tails):
    lines = said(theorem)
    assert any(head in line for line in lines)
    assert not list(otherwise(lines, head, tails))
    assert list(otherwise([*lines, f"{head}3/M"], head, tails))
