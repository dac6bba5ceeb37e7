"""Formulas are read as they are printed."""

import pytest
import sympy as sp

from ascentcheck.theory.claims import lemma_2, lemma_3
from ascentcheck.theory.claims.pair import BOUND_TEXTS, LETTERS, x_da_upper, x_lower, x_upper
from ascentcheck.theory.expression import W0, Wm1
from ascentcheck.theory.printed import NotReadError, read, rounded, same
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_retain, ridge

READ = [
    ("α|R|/|F|", alpha * n_retain / n_forget),
    ("2αε", 2 * alpha * epsilon),
    ("1/2ε", 1 / (2 * epsilon)),
    ("1/2·ε", epsilon / 2),
    ("(1+ε²)²", (1 + epsilon**2) ** 2),
    ("e^{−2ε}", sp.exp(-2 * epsilon)),
    ("−λ + W−1(−1/4)", Wm1(sp.Rational(-1, 4)) - ridge),
    ("√(2λ)·ln 2", sp.sqrt(2 * ridge) * sp.log(2)),
    ("max{ε, α}", sp.Max(alpha, epsilon)),
    ("2·10^{−3}", sp.Rational(2, 1000)),
]


@pytest.mark.parametrize(("text", "meant"), READ)
def test_a_formula_is_read(text, meant):
    assert same(read(text), meant)
    assert not same(read(text), meant + sp.Rational(1, 10**6))


def test_the_printed_bounds_are_the_ones_that_are_proved():
    assert same(read(BOUND_TEXTS["x_pretrained_lower"], LETTERS), x_lower)
    assert same(read(BOUND_TEXTS["x_pretrained_upper"], LETTERS), x_upper)
    assert same(read(BOUND_TEXTS["x_da_upper"], LETTERS), x_da_upper)
    assert not same(read(BOUND_TEXTS["x_pretrained_lower"], LETTERS), x_upper)
    assert same(read("α₁", lemma_2.LETTERS), lemma_3.turning)


def test_relations_are_the_same_when_both_sides_are():
    assert same(read("α ≤ |F|/|R|"), sp.Ge(n_forget / n_retain, alpha, evaluate=False))
    assert not same(read("α ≤ |F|/|R|"), sp.Gt(n_forget / n_retain, alpha, evaluate=False))
    assert not same(read("α ≤ |F|/|R|"), alpha)


def test_equal_arguments_of_w_are_one():
    assert same(W0(alpha * (1 + epsilon)), read("W(α + αε)"))


@pytest.mark.parametrize("text", ["", "α +", "(α", "W(", "ζ", "α ≤", "max{α, ε", "2 ? 3"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(NotReadError):
        read(text)


def test_figures_in_a_text_are_constants_rounded():
    assert rounded("W(1) = 0.567, −1.5 and 0.5671", sp.Tuple(W0(1), sp.Rational(-3, 2), W0(1)))
    assert not rounded("0.568", sp.Tuple(W0(1)))
    assert not rounded("0.567 and 0.567", sp.Tuple(W0(1)))
    assert not rounded("1.50", sp.Tuple(sp.Rational(1506, 1000)))
    assert not rounded("1.5", sp.Tuple(sp.Rational(-3, 2)))
