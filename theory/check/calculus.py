r"""Two more sufficient conditions for a sign, for formulas that no substitution makes rational.

Growth: on a range with a finite low end, f ≥ 0 follows from f ≥ 0 at that end and f' ≥ 0 on the range (the
mean value theorem), and the same again for f', up to four times: that is how log-moment bounds are proved,
whose fourth derivative at the latest is rational in e^x. It is used only where f is smooth on the closed range:
every logarithm's argument is proved positive and every denominator is proved to keep its sign.

Logarithms: a·e^u − b·e^v with a, b > 0 has the sign of u − v + ln(a/b). The logarithm of a rational number
above 1 counts as an unknown positive number.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import sympy as sp

from ascentcheck.theory.check.coefficients import sign_by_coefficients
from ascentcheck.theory.check.reduction import same_sign
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.expression import W0, Wm1

DEEPEST = 4


@lru_cache(maxsize=512)
def proved_by_calculus(difference: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether `difference` is proved ≥ 0 (> 0 when `strict`) on the domain by growth or by logarithms."""
    if difference.has(W0, Wm1, sp.Abs) or not difference.has(sp.log, sp.exp):
        return False
    logarithmic = _by_logarithm(difference)
    if logarithmic is not None:
        return _without_constants(logarithmic, domain, strict)
    return any(_grows(*_rescaled(difference, part, domain), strict) for part in domain.ranges)


def _by_logarithm(difference: sp.Expr) -> sp.Expr | None:
    """Return u − v + ln(a/b) for a·e^u − b·e^v with rational a, b > 0; None for anything else."""
    if not (difference.is_Add and len(difference.args) == 2):
        return None
    parts = [part.as_coeff_Mul() for part in difference.args]
    (a, first), (b, second) = sorted(parts, key=lambda part: -part[0])
    if not (a > 0 > b and all(e == 1 or isinstance(e, sp.exp) for e in (first, second))):
        return None
    return sp.log(first) - sp.log(second) + sp.log(-a / b)


def _without_constants(difference: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Prove a sign with ln q, for every rational q > 1 that occurs, as an unknown positive number."""
    ends = [sp.sympify(end) for part in domain.ranges for end in (part.low, part.high)]
    found = {log for part in (difference, *ends) for log in part.atoms(sp.log)}
    if any(not (log.args[0].is_Rational and log.args[0] > 1) for log in found):
        return False
    names = {log: sp.Dummy("ln", real=True) for log in found}
    ranges = tuple(
        replace(part, low=sp.sympify(part.low).xreplace(names), high=sp.sympify(part.high).xreplace(names))
        for part in domain.ranges
    )
    constants = tuple(Range(name, low_open=True) for name in names.values())
    return _direct(difference.xreplace(names), Domain(constants + ranges), strict)


def _rescaled(f: sp.Expr, part: Range, domain: Domain) -> tuple[sp.Expr, Range, Domain]:
    """Put x/k for x where every exponent with x is a multiple of k·x: the same question in smaller polynomials."""
    exponents = [e.exp.as_coeff_Mul()[0] for e in f.atoms(sp.exp) if e.exp.has(part.symbol)]
    factor = sp.gcd_list(exponents) if exponents and all(k.is_Integer for k in exponents) else sp.S.One
    ends = {"low": sp.sympify(part.low) * factor, "high": sp.sympify(part.high) * factor}
    changed = domain.restrict(part.symbol, **ends)
    return f.xreplace({part.symbol: part.symbol / factor}), replace(part, **ends), changed


def _grows(f: sp.Expr, part: Range, domain: Domain, strict: bool) -> bool:
    """Whether f is proved ≥ 0 (> 0) from its value and its derivatives in the symbol of one range."""
    low, symbol = sp.sympify(part.low), part.symbol
    if low in (part.high, -sp.oo) or not any(e.has(symbol) for e in f.atoms(sp.exp, sp.log)):
        return False
    if any(sp.sympify(end).has(symbol) for other in domain.ranges for end in (other.low, other.high)):
        return False
    closed = domain.restrict(symbol, low_open=False)
    if not _smooth(f, closed):
        return False
    rest = Domain(tuple(other for other in domain.ranges if other.symbol != symbol))
    for _ in range(DEEPEST):
        if not _direct(f.xreplace({symbol: low}), rest, strict and not part.low_open):
            return False
        f, strict = sp.diff(f, symbol), strict and part.low_open
        if _direct(f, domain, strict):
            return True
    return False


def _smooth(f: sp.Expr, domain: Domain) -> bool:
    """Whether no logarithm, root or denominator of f meets 0 on the domain."""
    powers = [p for p in f.atoms(sp.Pow) if not (p.exp.is_Integer and p.exp > 0)]
    if any(not p.exp.is_Rational for p in powers):
        return False
    signed = [p.base for p in powers if p.exp.is_Integer]
    positive = [p.base for p in powers if not p.exp.is_Integer] + [log.args[0] for log in f.atoms(sp.log)]
    return all(_direct(b, domain, True) or _direct(-b, domain, True) for b in signed) and all(
        _direct(argument, domain, True) for argument in positive
    )


def _direct(f: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether f ≥ 0 (> 0) is proved by coefficients, without calculus."""
    if f.is_number:
        return bool(f.is_real and ((f > 0) if strict else (f >= 0)) == sp.true)
    if not f.free_symbols <= set(domain.symbols):
        return False
    reduced, sides = same_sign(f)
    return all(
        not part.has(W0, Wm1, sp.log) and sign_by_coefficients(part, domain, needed)
        for part, needed in (*sides, (reduced, strict))
    )
