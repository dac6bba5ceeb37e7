"""Sentences of the explaining pages, each with the statement that holds it: none disappears on either side."""

import re
from pathlib import Path

import pytest

from ascentcheck.theory.claim import Verdict
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.theorems import THEOREMS

DOCS = Path(__file__).parents[2] / "docs"
FILES = {"why-ascent-fails": DOCS / "explanation" / "why-ascent-fails.md", "summary": DOCS / "summary.md"}
STATEMENTS = {f"{c.name}/{s.name}": s for c in (*CLAIMS, *THEOREMS) for s in c.statements}
LINK = re.compile(r"\]\((?:\.\./)?derivations/([a-z0-9-]+)\.md\)")


def _rows(text):
    """Return the lines of the table as (page, sentence, held by)."""
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("| ")]
    return [tuple(cell.strip().replace("\\|", "|") for cell in row) for row in cells[1:]]


ROWS = _rows((DOCS / "explanation" / "held.md").read_text(encoding="utf-8"))


def _written(page):
    """Return what is written on a page, without what is made, links replaced by their words, in one line."""
    text = FILES[page].read_text(encoding="utf-8")
    text = re.sub(r"<!-- made by.*?<!-- end of what is made -->", "", text, flags=re.DOTALL)
    return text


def _plain(text):
    return re.sub(r"\s+", " ", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)).replace("*", "")


def problems(rows):
    """Yield what is wrong with a table: a sentence that is on no page, a statement that is none or proves nothing."""
    for page, sentence, held_by in rows:
        if sentence not in _plain(_written(page)):
            yield f"{page} does not say '{sentence}'"
        statement = STATEMENTS.get(held_by)
        if statement is None:
            yield f"there is no statement {held_by}"
        elif statement.recorded[0] is Verdict.UNDECIDED or not (statement.verified or statement.asserted):
            yield f"{held_by} proves nothing"
    for page in FILES:
        bound = {held_by.partition("/")[0] for on, _, held_by in rows if on == page}
        for claim in dict.fromkeys(LINK.findall(_written(page))):
            if claim not in bound and claim != "index":
                yield f"{page} leads to {claim}, and no line of the table has a sentence that it holds"


def test_every_sentence_is_held():
    assert len(ROWS) > 50
    assert list(problems(ROWS)) == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("summary", "descent-ascent is always right", "lemma-3/appendix-range"), "does not say"),
        (("summary", "the closed forms are right", "lemma-3/gone"), "no statement"),
    ],
)
def test_a_sentence_or_a_statement_that_is_gone_is_told(row, words):
    assert any(words in problem for problem in problems([*ROWS, row]))


def test_a_link_that_no_line_has_is_told():
    fewer = [row for row in ROWS if not row[2].startswith("figure-4/")]
    assert any("leads to figure-4" in problem for problem in problems(fewer))
