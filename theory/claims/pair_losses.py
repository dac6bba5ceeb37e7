r"""The three losses of eq. (1) on the correlated pair, in its weights w_i and w_j, and what their gradients are."""

import sympy as sp

from ascentcheck.theory.domain import Range
from ascentcheck.theory.relations import eq
from ascentcheck.theory.vocabulary import alpha, epsilon, n_forget, n_group, n_retain, n_total, ridge

w_i, w_j = sp.symbols("w_i w_j", real=True)
WEIGHTS = (Range(w_i, -sp.oo, sp.oo), Range(w_j, -sp.oo, sp.oo))

on_retain, on_forget = sp.exp(-(w_i + epsilon * w_j)), sp.exp(-(epsilon * w_i + w_j))
"""The loss e^{−x} of a retain sample (1, ε), and e^{−y} of a forget sample (ε, 1)."""
_penalty = ridge / 2 * (w_i**2 + w_j**2)

loss_pretrained = n_group / n_total * (on_retain + alpha * on_forget) + _penalty
"""The part of L_D that sees the pair, eq. (1)."""
loss_retrained = n_group / n_retain * on_retain + _penalty
"""The part of L_R that sees the pair, eq. (1)."""
loss_da = n_group / n_retain * on_retain - alpha * n_group / n_forget * on_forget + _penalty
"""The part of L_DA that sees the pair, eq. (1)."""


def gradient(loss: sp.Expr, weight: sp.Symbol, stationary: sp.Expr) -> sp.Rel:
    """Return the assertion that an entry of the gradient of a loss is λ(weight − stationary)."""
    return eq(sp.diff(loss, weight), ridge * (weight - stationary))
