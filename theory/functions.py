r"""The real branches of the Lambert function as sympy functions, and LaTeX of formulas.

`W0` and `Wm1` are functions of this project, so that nothing is rewritten behind our back.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from ascentcheck.theory.vocabulary import LATEX


class _Branch(sp.Function):  # type: ignore[misc]
    subscript = ""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """W' = 1/(e^W (1 + W))."""
        return sp.exp(-self) / (1 + self)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"W_{self.subscript}{power}\!\left({printer._print(self.args[0])}\right)"


class W0(_Branch):
    """Principal real branch of z = w·e^w: w ≥ −1, for z ≥ −1/e."""

    nargs = 1
    subscript = "0"


class Wm1(_Branch):
    """Lower real branch of z = w·e^w: w ≤ −1, for −1/e ≤ z < 0."""

    nargs = 1
    subscript = "{-1}"


def latex(expression: sp.Basic) -> str:
    """Return LaTeX of an expression or relation in the paper's symbols."""
    return str(sp.latex(expression, symbol_names=LATEX, fold_short_frac=False))
