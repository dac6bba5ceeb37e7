"""The first step of descent-ascent for a forget set that is drawn at random: its mean and its variance."""

import sympy as sp

from ascentcheck.theory.claim import Proposition, Step
from ascentcheck.theory.domain import Range, domain
from ascentcheck.theory.relations import eq
from ascentcheck.theory.theorems.first_step_component import beta, size
from ascentcheck.theory.theorems.stated import stated
from ascentcheck.theory.vocabulary import n_forget, n_retain, n_total, ridge, w

total, squares = sp.symbols("total squares", real=True)

POPULATION = domain(
    Range(n_retain, 1),
    Range(n_forget, 1),
    Range(ridge),
    Range(beta),
    Range(size),
    Range(w, -size, size),
    Range(total, -size, size),
    Range(squares, total**2 / n_total),
)
"""One component of the |D| gradients: their sum `total` and the sum of their `squares`."""
one, two = n_forget / n_total, n_forget * (n_forget - 1) / (n_total * (n_total - 1))
"""The chances that F holds a given sample, and two given ones."""
mean_forget = one * total / n_forget
rest = n_retain / n_total * total
second_moment = (one * squares + two * (total**2 - squares)) / n_forget**2
spread = (squares - total**2 / n_total) / (n_total - 1)
"""The variance of the gradients over D."""

RANDOM_FORGET_SET = stated(
    "random-forget-set",
    "for a uniformly random F the expected first step is −βλw^D, with the covariance of sampling without replacement",
    Proposition(
        eq(
            (-((total - n_forget * mean_forget) / n_retain - beta * mean_forget + ridge * w)).subs(
                total, -ridge * w * n_total
            ),
            -beta * ridge * w,
        ),
        POPULATION,
        "the expectation: the shrinkage alone",
    ),
    Proposition(
        eq(
            (n_forget / n_retain + beta) ** 2 * (second_moment - mean_forget**2),
            (n_forget / n_retain + beta) ** 2 * n_retain / (n_forget * n_total) * spread,
        ),
        POPULATION,
        "the variance along any direction, by the variance of the gradients over D",
    ),
    Proposition(
        eq(((total - rest) / n_forget).subs(total, -ridge * w * n_total), -ridge * w),
        POPULATION,
        "ascent on mean_F ℓ alone: the expectation is −λw^D",
    ),
    Proposition(
        eq(second_moment - mean_forget**2, n_retain / (n_forget * n_total) * spread),
        POPULATION,
        "and the variance",
    ),
    remark="A random forget set carries no direction of its own: on average descent-ascent starts by shrinking the "
    "weights, and the rest is noise that is |D|/(|R||F|) times the gradients' variance (β = 1).",
    steps=(
        Step(
            "The step depends on F through its mean gradient alone: mean_R = (Σ_D − |F|·mean_F)/|R|.",
            eq(
                (total - n_forget * w) / n_retain - beta * w,
                total / n_retain - (n_forget / n_retain + beta) * w,
            ),
            POPULATION,
        ),
        Step(
            "For β = 1 the factor is that of the remark.",
            eq(
                ((n_forget / n_retain + beta) ** 2).subs(beta, 1) * n_retain / (n_forget * n_total),
                n_total / (n_retain * n_forget),
            ),
            POPULATION,
        ),
    ),
)
