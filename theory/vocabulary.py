"""The symbols of the paper, one name each, with the positive ranges they live in.

Counts enter every formula of §5.1 only through ratios, so a statement for all positive rationals is a
statement for all positive integers: multiply the counts by a common denominator.
"""

import sympy as sp

alpha, epsilon, ridge, learning_rate = sp.symbols("alpha epsilon ridge learning_rate", real=True)
n_retain, n_forget, n_group = sp.symbols("n_retain n_forget n_group", real=True)
w, a = sp.symbols("w a", real=True)
pull_retain, pull_forget = sp.symbols("pull_retain pull_forget", real=True)
gap, accuracy, n_test, n_population = sp.symbols("gap accuracy n_test n_population", real=True)
spread, position, top = sp.symbols("spread position top", real=True)

n_total = n_retain + n_forget

LATEX = {
    alpha: r"\alpha",
    epsilon: r"\varepsilon",
    ridge: r"\lambda",
    learning_rate: r"\eta",
    n_retain: r"|\mathcal{R}|",
    n_forget: r"|\mathcal{F}|",
    n_group: r"|\mathcal{R}_j|",
    pull_retain: r"\rho",
    pull_forget: r"\varphi",
    gap: r"\varepsilon",
    accuracy: r"\mathrm{Acc}_{\mathcal{T}}",
    n_test: r"|\mathcal{T}|",
    n_population: r"|\mathcal{P}|",
    spread: "V",
    position: "z",
    top: "b",
    w: "w_j",
    a: "a",
}
