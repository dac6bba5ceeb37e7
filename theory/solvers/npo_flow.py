"""Where NPO's flow on one coordinate comes to rest, enclosed."""

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from ascentcheck.theory.expression import precision, rational_function


def npo_rest(kept: fmpq, gone: fmpq, lam: fmpq, z: fmpq, bits: int) -> arb:
    """Return the first place at which NPO's flow from w^D = W0(z) rests (b = 1, exponential loss), as a ball.

    The flow is w' = (kept − ω(w)·gone)e^{−w} − lam·w. Up to that place its velocity is certainly not 0: it is enclosed over
    whole intervals, which become shorter where it is not. Raises ArithmeticError where the place cannot be enclosed.
    """
    turned = kept - gone - lam * z
    with precision(bits + 64):
        start = arb(z).lambertw(0)
        if turned == 0:
            return start
        way = -1 if turned < 0 else 1
        likely_then = (-(-start).exp()).exp()

        def onward(w: arb) -> arb:
            likely = (-(-w).exp()).exp()
            return way * ((kept - 2 * likely / (likely + likely_then) * gone) * (-w).exp() - lam * w)

        at, step = start.mid(), start.mid()
        while step > (start.mid() + abs(at)) * arb(2) ** -(bits + 8):
            there = (at + way * step).mid()
            if onward(at.union(there)) > 0:
                at, step = there, 2 * step
            else:
                step = step / 2
        for widening in (4, 64, 1 << 10, 1 << 20):
            beyond = (at + way * widening * step).mid()
            if onward(beyond) < 0:
                return at.union(beyond)
    raise ArithmeticError("the place where NPO rests cannot be told")


class NpoRest(sp.Function):  # type: ignore[misc]
    """`npo_rest` of c_R, c_F, λ and z^D."""

    nargs = 4

    @classmethod
    def ball_rule(cls, expression: sp.Expr) -> Callable[[Any], arb]:
        """Return a function from exact points to a ball. Raises TypeError for arguments that are not rational."""
        arguments = [rational_function(part) for part in expression.args]
        if None in arguments:
            raise TypeError("NpoRest needs rational arguments")
        known = [part for part in arguments if part is not None]
        kept, gone, lam, z = known
        return lambda point: npo_rest(kept(point), gone(point), lam(point), z(point), ctx.prec)
