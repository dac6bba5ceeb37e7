r"""Signs read off coefficients: a polynomial whose coefficients are all ≥ 0 is ≥ 0 for arguments ≥ 0.

Every range is mapped to [0, ∞) by x = low + t or x = (low + t·high)/(1 + t) first, and exponentials become free positive
symbols. A False means 'not proved', never 'refuted'.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from ascentcheck.theory.domain import Domain


def sign_by_coefficients(expression: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether the sign is proved by the coefficients alone, exponentials as free positive symbols."""
    return all(_case_proved(expression, domain, case, strict) for case in _end_cases(domain))


def _end_cases(domain: Domain) -> list[frozenset[sp.Symbol]]:
    """A closed upper end is only a limit of the substitution, so it is a case of its own."""
    cases: list[frozenset[sp.Symbol]] = [frozenset()]
    for part in domain.ranges:
        if part.high != sp.oo and not part.high_open:
            cases += [case | {part.symbol} for case in cases]
    return cases


def _case_proved(expression: sp.Expr, domain: Domain, at_high: frozenset[sp.Symbol], strict: bool) -> bool:
    values: dict[sp.Symbol, sp.Expr] = {}
    positive: set[sp.Symbol] = {_E_MINUS_2}
    for part in domain.ranges:
        low, high = sp.sympify(part.low).xreplace(values), sp.sympify(part.high).xreplace(values)
        if part.symbol in at_high:
            values[part.symbol] = high
            continue
        t = sp.Dummy(f"t_{part.symbol}")
        if part.low_open:
            positive.add(t)
        if low == -sp.oo:
            return False
        values[part.symbol] = low + t if part.high == sp.oo else (low + high * t) / (1 + t)
    placed = sp.expand_power_exp(expression.xreplace(values))
    if placed.has(sp.zoo, sp.nan, sp.oo):
        return False
    if any(not (power.exp.is_Integer or power.is_number) for power in placed.atoms(sp.Pow)):
        return False
    return any(
        _coefficients_show(form, names, strict) for form, names in _without_exponentials(placed, positive)
    )


def _coefficients_show(whole: sp.Expr, positive: set[sp.Symbol], strict: bool) -> bool:
    top, bottom = sp.fraction(sp.cancel(sp.together(whole)))
    signs = [_factor_sign(part, positive, strict) for part in _factors(top)]
    signs += [_factor_sign(part, positive, strict=True) for part in _factors(bottom)]
    if None in signs:
        return bool(sp.expand(top) == 0 and not strict)
    return sum(1 for sign in signs if sign == -1) % 2 == 0


_E_MINUS_2 = sp.Symbol("e_minus_2", positive=True)
_E_VALUE = 2 + _E_MINUS_2


def _without_exponentials(
    expression: sp.Expr, positive: set[sp.Symbol]
) -> Iterator[tuple[sp.Expr, set[sp.Symbol]]]:
    """Yield the expression with exponentials replaced: by positive symbols, then by e^g = 1 + g + q with q ≥ 0.

    Either replacement allows more values than e^g takes, so a sign that holds for it holds.
    """
    powers = {part: base_and_power(part.exp) for part in expression.atoms(sp.exp)}
    bases = sorted({base for base, _ in powers.values() if base != 1}, key=sp.default_sort_key)
    for expand in (False, True) if bases else (False,):
        symbols = {base: sp.Dummy("q", nonnegative=True) for base in bases}
        values = {base: 1 + base + symbol if expand else symbol for base, symbol in symbols.items()}
        values[sp.S.One] = _E_VALUE
        names = positive if expand else positive | set(symbols.values())
        changed = {part: values[base] ** power for part, (base, power) in powers.items()}
        yield expression.xreplace(changed).xreplace({sp.E: _E_VALUE}), names


def base_and_power(exponent: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Return g and an integer k with exponent = k·g."""
    factor, rest = exponent.as_coeff_Mul()
    if factor.is_Integer:
        return rest, factor
    return (-exponent, sp.S.NegativeOne) if exponent.could_extract_minus_sign() else (exponent, sp.S.One)


def _factors(polynomial: sp.Expr) -> list[sp.Expr]:
    constant, parts = sp.factor_list(sp.expand(polynomial))
    result = [constant]
    for base, power in parts:
        result.append(base if power % 2 else base**2)
    return result


def _factor_sign(polynomial: sp.Expr, positive: set[sp.Symbol], strict: bool) -> int | None:
    """Return +1 or −1 when the coefficients show the sign for all t ≥ 0 (strictly, if asked), else None."""
    if polynomial.is_number:
        return None if polynomial == 0 and strict else (1 if polynomial >= 0 else -1)
    if polynomial.is_Pow and polynomial.exp.is_Integer and polynomial.exp % 2 == 0 and not strict:
        return 1
    symbols = sorted(polynomial.free_symbols, key=str)
    terms = sp.Poly(polynomial, *symbols).terms()
    signs = {1 if c > 0 else -1 for _, c in terms}
    if len(signs) != 1:
        return None
    if strict and not any(
        all(power == 0 or s in positive for power, s in zip(powers, symbols, strict=True))
        for powers, _ in terms
    ):
        return None
    return signs.pop()
