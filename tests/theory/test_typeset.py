"""Formulas in running text: found where they are, nothing else, no letter lost, and set as they are written."""

import re

import pytest

from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.pages.typeset import Formula, in_markdown, pieces
from ascentcheck.theory.theorems import THEOREMS

EVERY = (*CLAIMS, *THEOREMS)
OF_THE_PAPER, TEXTS = (
    [
        text
        for claim in claims
        for text in (
            claim.summary,
            *(part for e in claim.errata for part in (e.printed, e.replacement)),
            *(part for s in claim.statements for part in (s.quote, s.remark)),
        )
    ]
    for claims in (CLAIMS, EVERY)
)


def formulas(text):
    return [piece.latex for piece in pieces(text) if isinstance(piece, Formula)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("holds for α ≤ |F|/|R|, and", [r"\alpha \le \frac{\vert F\vert}{\vert R\vert}"]),
        (
            "below |F|²/(|R|(|F|+|D|)) it",
            [r"\frac{{\vert F\vert}^{2}}{\vert R\vert (\vert F\vert + \vert D\vert)}"],
        ),
        ("than w^DA is", [r"w^{\mathrm{DA}}"]),
        ("a ≥ −1/e; W−1 as well", [r"a \ge -\frac{1}{e}", "W_{-1}"]),
        ("e^{−y_{k+1}} and √(a/b)", ["e^{-y_{k + 1}}", r"\sqrt{\frac{a}{b}}"]),
        ("at λ = 1e-300", [r"\lambda = 10^{-300}"]),
        ("α ≤ min{1, α/2}", [r"\alpha \le \min \{1, \frac{\alpha}{2}\}"]),
        ("'x^R = x^D' is", [r"x^{\mathrm{R}} = x^{\mathrm{D}}"]),
        ("in (−1, 0), which", ["(-1, 0)"]),
    ],
)
def test_what_is_a_formula(text, found):
    assert formulas(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "a set of 10 points, x and y no longer determine w (7)",
        "the paper's F in App. E, 2 of 6; one-dimensional data",
        "10 correct, 1 incorrect",
    ],
)
def test_what_is_none(text):
    assert formulas(text) == []


@pytest.mark.parametrize("text", TEXTS)
def test_no_letter_is_lost(text):
    assert "".join(piece if isinstance(piece, str) else piece.text for piece in pieces(text)) == text


def test_hardly_a_formula_of_the_texts_is_left_as_text():
    prose = [piece for text in OF_THE_PAPER for piece in pieces(text) if isinstance(piece, str)]
    left = [piece for piece in prose if re.search(r"[\^√≤≥²]|\|\w+\|", piece)]
    assert len(left) <= 6, left
    assert sum(len(formulas(text)) for text in OF_THE_PAPER) > 300


def test_a_formula_that_is_read_into_an_expression_is_set_whole():
    quoted = [part.text for claim in EVERY for part in claim.quoted]
    whole = [text for text in quoted if len(list(pieces(text))) == 1]
    assert len(quoted) > 10
    assert len(whole) > 0.8 * len(quoted), sorted(set(quoted) - set(whole))


def test_markdown_escapes_prose_and_has_no_bar_that_would_end_a_cell():
    text = in_markdown("b_i* in |R| for α ≤ |F|/|R|")
    assert text == r"$b_{i}$\* in $\vert R\vert$ for $\alpha \le \frac{\vert F\vert}{\vert R\vert}$"
    assert "|" not in text
