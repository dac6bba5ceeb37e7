r"""Exact decisions: W eliminated, then a polynomial identity or a sign read off coefficients.

Two facts carry everything. The branch W0 increases on [−1/e, ∞), so W0(a) − W0(b) has the sign of a − b
(and W−1 decreases). And a polynomial whose coefficients are all ≥ 0 is ≥ 0 for arguments ≥ 0; every range
is mapped to [0, ∞) by x = low + t or x = (low + t·high)/(1 + t) first. Nothing here is numerical: a False
means 'not proved', never 'refuted'.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy as sp

from theory.domain import Domain
from theory.expression import W0, Wm1

_INCREASING = (W0, sp.log, sp.exp)


Side = tuple[sp.Expr, bool]


@lru_cache(maxsize=2048)
def same_sign(expression: sp.Expr) -> tuple[sp.Expr, tuple[Side, ...]]:
    """Return an expression of the same sign in which W, log and exp are eliminated where possible.

    The second value lists what must be ≥ 0 (or > 0, where the flag is set) for the step to be allowed:
    the arguments of W and log must lie in their domains.
    """
    sides: list[Side] = []
    reduced = _reduce(sp.sympify(expression), sides)
    return reduced, tuple(sides)


def _reduce(expression: sp.Expr, sides: list[Side]) -> sp.Expr:
    if expression.is_Mul:
        return sp.Mul(*[_reduce(part, sides) for part in expression.args])
    if expression.is_Pow and expression.exp.is_Integer:
        base = _reduce(expression.base, sides)
        power = 1 if expression.exp % 2 else 2
        return base ** (power if expression.exp > 0 else -power)
    if isinstance(expression, sp.exp):
        return sp.S.One
    if not expression.has(W0, Wm1, sp.log, sp.exp):
        return expression
    if isinstance(expression, W0 | Wm1 | sp.log):
        _need_domain(expression, sides)
        argument = expression.args[0]
        if isinstance(expression, Wm1):
            return sp.S.NegativeOne
        return argument - 1 if isinstance(expression, sp.log) else argument
    if expression.is_Add:
        pair = _difference(expression, sides)
        if pair is not None:
            return pair
        factored = sp.factor(expression)
        if factored.is_Mul:
            return _reduce(factored, sides)
    return expression


def _difference(expression: sp.Add, sides: list[Side]) -> sp.Expr | None:
    """Reduce f(a) − f(b) for increasing f, and W against a level, to a difference of arguments."""
    pairs = (expression.args, expression.args[::-1]) if len(expression.args) == 2 else ()
    for first, second in pairs:
        function, other = first.func, -second
        if function in _INCREASING and other.func is function:
            _need_domain(first, sides)
            _need_domain(other, sides)
            return _reduce(first.args[0] - other.args[0], sides)
        for term, level, sign in ((first, other, 1), (-first, second, -1)):
            if term.func is Wm1 and level == -1:
                _need_domain(term, sides)
                return -sign * (sp.E * term.args[0] + 1)
    return _against_level(expression, sides)


def _against_level(expression: sp.Add, sides: list[Side]) -> sp.Expr | None:
    """Reduce ±(W0(a) − c) to ±(a − c·e^c), for a level c ≥ −1 in which no W stands."""
    terms = [part for part in expression.args if part.has(W0, Wm1, sp.log)]
    if len(terms) != 1:
        return None
    for sign in (1, -1):
        term = sign * terms[0]
        if term.func is W0:
            level = -sign * (expression - terms[0])
            _need_domain(term, sides)
            if level == -1:
                return sign * (sp.E * term.args[0] + 1)
            sides.append((level + 1, False))
            return sign * (term.args[0] - level * sp.exp(level))
    return None


def _need_domain(term: sp.Expr, sides: list[Side]) -> None:
    argument = term.args[0]
    if isinstance(term, W0 | Wm1):
        sides.append((sp.E * argument + 1, False))
    if isinstance(term, Wm1):
        sides.append((-argument, True))
    if isinstance(term, sp.log):
        sides.append((argument, True))


def is_identity(expression: sp.Expr) -> bool:
    """Whether `expression` is 0 wherever it is defined, proved by eliminating W and reducing polynomials."""
    expression = sp.sympify(expression).doit()
    relations: list[sp.Expr] = []
    generators: list[sp.Symbol] = []
    for atom in sorted(expression.atoms(W0, Wm1), key=sp.default_sort_key):
        u, v = sp.Dummy("u"), sp.Dummy("v", positive=True)
        expression = sp.expand_power_exp(expression.xreplace({atom: u}))
        expression = expression.replace(
            lambda part, u=u: isinstance(part, sp.exp) and part.exp.has(u),
            lambda part, u=u, v=v: _split_exponential(part, u, v),
        )
        relations.append(u * v - atom.args[0])
        generators += [u, v]
    expression, *relations = _exponentials_named(sp.Tuple(expression, *relations))
    relations = [sp.numer(sp.together(relation)) for relation in relations]
    numerator = sp.expand(sp.numer(sp.together(expression)))
    if numerator == 0:
        return True
    if not relations:
        return bool(sp.cancel(expression) == 0)
    free = numerator.free_symbols.union(*[r.free_symbols for r in relations])
    others = sorted(free - set(generators), key=str)
    field = sp.QQ.frac_field(*others) if others else sp.QQ
    basis = sp.groebner(relations, *generators, order="grevlex", domain=field)
    return bool(basis.contains(numerator))


def _exponentials_named(expression: sp.Expr) -> sp.Expr:
    """Put one symbol for each e^g, and its powers for the powers of e^g; exponents are split at their sums."""
    parts = expression.atoms(sp.exp)
    common = sp.lcm_list([sp.denom(sp.together(part.exp)) for part in parts] or [sp.S.One])
    powers = {
        part: [
            _base_and_power(term / common)
            for term in sp.Add.make_args(sp.expand(sp.cancel(part.exp * common)))
        ]
        for part in parts
    }
    bases = sorted({base for terms in powers.values() for base, _ in terms}, key=sp.default_sort_key)
    names = {base: sp.Dummy("e", positive=True) for base in bases}
    changed = {
        part: sp.Mul(*[names[base] ** power for base, power in terms]) for part, terms in powers.items()
    }
    return expression.xreplace(changed)


def _split_exponential(part: sp.exp, u: sp.Symbol, v: sp.Symbol) -> sp.Expr:
    power = part.exp.coeff(u)
    rest = sp.expand(part.exp - power * u)
    if not power.is_Integer or rest.has(u):
        return part
    return v**power * sp.exp(rest)


def prove(relation: sp.Rel, domain: Domain) -> bool:
    """Whether the relation is proved at every point of the domain."""
    if relation in (sp.true, sp.false):
        return bool(relation == sp.true)
    implicit = next((part for part in relation.atoms(sp.Function) if hasattr(part, "eliminated")), None)
    if implicit is not None:
        stated = implicit.eliminated(relation, domain)
        return stated is not None and prove(*stated)
    difference = relation.lhs - relation.rhs
    if isinstance(relation, sp.Eq):
        fixed = {r.symbol: r.low for r in reversed(domain.ranges) if r.low == r.high}
        for symbol, value in fixed.items():
            difference = difference.xreplace({symbol: value})
        if difference.has(W0) and all(_by_levels(side, domain, False) for side in (difference, -difference)):
            return True
        return is_identity(difference)
    if isinstance(relation, sp.Le | sp.Lt):
        difference = -difference
    strict = isinstance(relation, sp.Gt | sp.Lt)
    if difference.has(W0) and _by_levels(difference, domain, strict):
        return True
    reduced, sides = same_sign(difference)
    kinds = {True: sp.Gt, False: sp.Ge}
    if sign_proved(reduced, domain, strict) and all(
        prove(kinds[needed](side, 0, evaluate=False), domain) for side, needed in sides
    ):
        return True
    from theory.check.calculus import proved_by_calculus  # it builds on this module

    return proved_by_calculus(difference, domain, strict)


def _by_levels(difference: sp.Expr, domain: Domain, strict: bool) -> bool:
    from theory.check.bounds import proved_by_levels  # it builds on this module

    return proved_by_levels(difference, domain, strict)


@lru_cache(maxsize=2048)
def sign_proved(expression: sp.Expr, domain: Domain, strict: bool) -> bool:
    """Whether a rational expression (e allowed) is proved ≥ 0, or > 0 when `strict`, on the domain."""
    expression = sp.sympify(expression)
    if expression.has(W0, Wm1, sp.log, sp.Abs) or not expression.free_symbols <= set(domain.symbols):
        return False
    if expression.has(sp.exp):
        from theory.check.bounds import sign_by_pivot  # it builds on this module

        if sign_by_pivot(expression, domain, strict):
            return True
    return sign_by_coefficients(expression, domain, strict)


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
    powers = {part: _base_and_power(part.exp) for part in expression.atoms(sp.exp)}
    bases = sorted({base for base, _ in powers.values() if base != 1}, key=sp.default_sort_key)
    for expand in (False, True) if bases else (False,):
        symbols = {base: sp.Dummy("q", nonnegative=True) for base in bases}
        values = {base: 1 + base + symbol if expand else symbol for base, symbol in symbols.items()}
        values[sp.S.One] = _E_VALUE
        names = positive if expand else positive | set(symbols.values())
        changed = {part: values[base] ** power for part, (base, power) in powers.items()}
        yield expression.xreplace(changed).xreplace({sp.E: _E_VALUE}), names


def _base_and_power(exponent: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
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
