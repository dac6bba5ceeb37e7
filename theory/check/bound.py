r"""Is every formula of a claim held by something? What `evaluate` prints, what texts quote, and statements that say too little.

`evaluate` is tried at exact points, thresholds included, against formulas that are read from text; a formula that a text
quotes is read and compared with the object that is proved. A verified inequality must not be an equation or hold strictly
where it is proved to, and a hypothesis that is dropped must be one of a statement that is made.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from itertools import chain
from typing import Any

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.check.counting import Deviation, TwoSamples
from ascentcheck.theory.check.decide import decide, sign_at
from ascentcheck.theory.claim import (
    Claim,
    Equivalence,
    Erratum,
    Evaluation,
    Necessity,
    Parametrisation,
    Prints,
    Proposition,
    Statement,
    Step,
)
from ascentcheck.theory.console import UserError
from ascentcheck.theory.domain import Domain, Range, exact_value
from ascentcheck.theory.expression import Point, ball, ball_function, enclose, precision
from ascentcheck.theory.printed import NAMES, NotReadError, read, rounded, same

DRAWN, PLAIN, SHARP, LEADING = 14, 14, 40, 6
FROM, HALVINGS = 24, 48
"""Thresholds are sought between two of so many points, and by so many halvings."""
NUMBERS = tuple(
    fmpq(p, q) for p, q in ((1, 1), (2, 1), (3, 1), (5, 1), (1, 2), (1, 10), (0, 1), (100, 1), (20_001, 1))
)
AGREEING_BITS = 44
SLOPES_AT = ((fmpq(1), fmpq(1, 3), fmpq(1, 2)), (fmpq(2), fmpq(-1, 10), fmpq(1, 3)))
"""Where slopes are compared with quotients of differences: two strengths and ε, of a pretrained model and of descent-ascent."""
PROVED_ELSEWHERE = "proved where it is computed"
"""The formula of a value that has none: fixed points of an iteration, say, each enclosed with a proof."""
Exact = dict[sp.Symbol, fmpq]
Reads = Callable[[str], Any]
"""Reads a text in the letters of a claim, each text once."""


def unbound(claim: Claim) -> Iterator[str]:
    """Yield what is printed or quoted in a claim and not held by anything."""
    yield from misread(claim)
    yield from alone(claim)
    yield from unmade(claim)
    yield from not_plain(claim)
    yield from unlike_data(claim)
    yield from misplaced(claim)
    yield from unlike_slopes(claim)
    yield from misprinted(claim)


def unlike_data(claim: Claim) -> Iterator[str]:
    """Yield where the conditions under which a data set exists are not those that `evaluate` tells."""
    told = {
        read(part.formula, claim.letters)
        for part in claim.prints
        if part.name.startswith("group_in_") and isinstance(part.formula, str)
    }
    for condition in claim.realisable if told else ():
        if not any(same(condition, relation) for relation in told):
            yield f"a data set is to have {condition}, which `evaluate` does not tell"
    for relation in told:
        if not any(same(condition, relation) for condition in claim.realisable):
            yield f"`evaluate` tells whether {relation}, which no data set is asked for"


def misplaced(claim: Claim) -> Iterator[str]:
    """Yield ranges of a claim, or of its float forms, that nothing of it is stated on, and coordinates that do not lead back."""
    propositions = [p for s in claim.statements for p in (*s.asserted, *s.verified)]
    domains = [p.domain for p in propositions] + [step.domain for s in claim.statements for step in s.steps]
    stated = {_ends(part) for domain in (*domains, claim.inputs) for part in domain.ranges}
    for part in claim.domain.ranges:
        if _ends(part) not in stated:
            yield f"nothing is stated for {part.symbol} from {part.low} to {part.high}, which the claim shows"
    closed = {ends[:3] for ends in stated}
    for form in claim.float_forms:
        for part in form.domain.ranges:
            if _ends(part)[:3] not in closed:
                where = f"{part.symbol} from {part.low} to {part.high}"
                yield f"nothing is stated for {where}, where {form.name} is compared"
    for symbol, words in claim.words.items():
        if claim.defaults.get(symbol, words[0]) != words[0]:
            yield f"{symbol} is {claim.defaults[symbol]} where it is not given, not its first word, {words[0]}"
    coordinates = {p.by: p.domain for p in propositions if p.by is not None}
    for by, domain in coordinates.items():
        new, old = dict(by.inverse), {part.symbol: part for part in domain.ranges}
        kept = set(old) - {symbol for symbol, _ in by.substitution}
        if sorted(map(str, by.domain.symbols)) != sorted(map(str, kept | set(new))):
            yield f"coordinates have ranges for {by.domain.symbols}, not for {kept | set(new)}"
            continue
        for part in by.domain.ranges:
            if part.symbol not in new and _ends(part) != _ends(old[part.symbol]):
                yield f"coordinates change the range of {part.symbol}, which they keep"
        for point in itertools.islice(domain.points(LEADING), LEADING):
            with precision(300):
                yield from _lost(by, point)


def unlike_slopes(claim: Claim) -> Iterator[str]:
    """Yield the functions with a rule for their slope that is not the slope of their values."""
    for function in {atom.func for relation in _relations(claim) for atom in relation.atoms(sp.Function)}:
        if hasattr(function, "ball_rule") and function.nargs == {len(SLOPES_AT[0])}:
            yield from _unlike_slope(function)


def _unlike_slope(function: type[sp.Function]) -> Iterator[str]:
    symbols = sp.symbols("first second third", real=True)
    value = function(*symbols)
    with precision(320):
        for place in SLOPES_AT:
            at, small = dict(zip(symbols, place, strict=True)), fmpq(1, 2**80)
            for symbol in symbols:
                after = ball_function(value)({**at, symbol: at[symbol] + small})
                quotient = (after - ball_function(value)(at)) / small
                slope = ball_function(value.diff(symbol))(at)
                if not abs(quotient - slope) <= abs(slope) * arb(2) ** -AGREEING_BITS:
                    shown = f"{slope.str(12)}, not {quotient.str(12)}"
                    yield f"the slope of {value} by {symbol} is {shown} at {', '.join(map(str, place))}"


def _ends(part: Range) -> tuple[object, ...]:
    return part.symbol, part.low, part.high, part.low_open, part.high_open


def _lost(by: Parametrisation, point: Exact) -> Iterator[str]:
    """Yield what is wrong with coordinates at a point: they must lie in their ranges and lead back to it."""
    there = {symbol: arb(value) for symbol, value in point.items()}
    there |= {symbol: enclose(expression, point, digits=80) for symbol, expression in by.inverse}
    if not all(value.is_finite() for value in there.values()):
        return
    at = ", ".join(f"{s} = {v}" for s, v in point.items())
    for symbol, expression in by.substitution:
        back = ball_function(sp.sympify(expression), box=True)(there)
        if not abs(back - arb(point[symbol])) <= abs(back) * arb(2) ** -AGREEING_BITS + arb(2) ** -200:
            yield f"coordinates lead from {symbol} = {point[symbol]} to {back.str(12)} at {at}"
    for part in by.domain.ranges:
        for end, sign in ((part.low, 1), (part.high, -1)):
            if abs(end) != sp.oo:
                gap = there[part.symbol] - ball_function(sp.sympify(end), box=True)(there)
                if sign * gap < 0:
                    yield f"the coordinate {part.symbol} = {there[part.symbol].str(12)} is out of its range at {at}"


def misprinted(claim: Claim) -> Iterator[str]:
    """Yield what `evaluate` prints wrongly, by the claim's own `prints`."""
    if claim.prints:
        reads = cache(partial(read, letters=claim.letters))
        points = tuple(tried_points(claim))
        answered = False
        for point in (*points, *_at_thresholds(claim, points[:FROM], reads)):
            shown = _shown_at(claim, point)
            if shown is not None:
                answered = True
                yield from _misprinted_at(claim, point, shown, reads)
            yield from _unsolved_at(claim, point, reads)
        if not answered:
            yield "evaluate answers at none of the points at which it is tried"


def tried_points(claim: Claim) -> Iterator[Exact]:
    """Yield points at which `evaluate` is tried: drawn from its inputs, of plain numbers, at ends and thresholds."""
    if claim.tried:
        for domain in claim.tried:
            yield from domain.points(1)
        return
    yield from claim.inputs.points(DRAWN)
    edges = [
        read(text, claim.letters) for name, text in claim.letters.items() if name[0] == "α" and len(name) == 2
    ]
    alpha = next((s for s in claim.inputs.symbols if s.name == "alpha"), None)
    for count, point in enumerate((*_plain(claim.inputs), *_at_ends(claim.inputs)), 1):
        yield point
        if alpha is not None and count % 2:
            for edge in edges:
                value = exact_value(edge, point)
                if value is not None and claim.inputs.contains({**point, alpha: value}):
                    yield {**point, alpha: value}


@lru_cache(maxsize=64)
def _plain(inputs: Domain) -> tuple[Exact, ...]:
    """Return points of plain numbers, drawn."""
    draw = random.Random(0)
    made: list[Exact] = []
    for _ in range(60 * PLAIN):
        point = {symbol: draw.choice(NUMBERS) for symbol in inputs.symbols}
        if inputs.contains(point):
            made.append(point)
        if len(made) == PLAIN:
            break
    return tuple(made)


@lru_cache(maxsize=64)
def _at_ends(inputs: Domain) -> tuple[Exact, ...]:
    """Return points with one or two symbols at an end of their range, and different numbers for the other ones."""
    draw = random.Random(1)
    for _ in range(60 * PLAIN):
        point = dict(zip(inputs.symbols, draw.sample(NUMBERS, len(inputs.symbols)), strict=True))
        ends = [
            (part.symbol, value)
            for part in inputs.ranges
            for end in (part.low, part.high)
            if abs(end) != sp.oo and (value := exact_value(end, point)) is not None
        ]
        if inputs.contains(point) and not any(point[symbol] == value for symbol, value in ends):
            break
    else:
        return ()
    chosen = [dict(pair) for size in (1, 2) for pair in itertools.combinations(ends, size)]
    return tuple(at for some in chosen if inputs.contains(at := {**point, **some}))


def _at_thresholds(claim: Claim, points: Sequence[Exact], reads: Reads) -> Iterator[Exact]:
    """Yield two points for each condition under which something is printed: next to each other, on either side of it."""
    for text in dict.fromkeys(_conditions(claim)):
        holds = partial(_known, text, reads)
        sides = [(holds(point), point) for point in points]
        inside = next((point for known, point in sides if known is True), None)
        outside = next((point for known, point in sides if known is False), None)
        if inside is not None and outside is not None:
            yield from _parted(holds, inside, outside, claim.inputs)


def _known(text: str, reads: Reads, point: Exact) -> bool | None:
    try:
        return _single(text, reads, point)
    except ZeroDivisionError:
        return None


def _conditions(claim: Claim) -> Iterator[str]:
    for part in (part for part in claim.prints if part.name != "holds"):
        texts = [
            part.where,
            *(part.formula.values() if isinstance(part.formula, Mapping) else [part.formula]),
        ]
        for text in texts:
            for condition in itertools.chain.from_iterable(t.split(" and ") for t in text.split(" or ")):
                if any(sign in condition for sign in "<>≤≥"):
                    yield condition


def _parted(
    holds: Callable[[Exact], bool | None], inside: Exact, outside: Exact, inputs: Domain
) -> Iterator[Exact]:
    """Yield two points next to each other, of one symbol, that differ in whether a condition holds; none at an end itself."""
    for symbol, value in outside.items():
        moved = {**inside, symbol: value}
        if not inputs.contains(moved):
            continue
        if holds(moved) is not False:
            inside = moved
            continue
        low, high = inside[symbol], value
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if holds({**inside, symbol: middle}) is False:
                high = middle
            else:
                low = middle
        if high != value:
            yield from ({**inside, symbol: end} for end in (low, high))
        return


def _shown_at(claim: Claim, point: Exact) -> Mapping[str, Any] | None:
    """Return what `evaluate` prints at a point; None where it refuses it."""
    try:
        return printed_values(claim.evaluate(point))
    except UserError:
        return None


def _misprinted_at(claim: Claim, point: Exact, shown: Mapping[str, Any], reads: Reads) -> Iterator[str]:
    at = ", ".join(f"{s} = {v}" for s, v in point.items())
    for name in dict.fromkeys((*(part.name for part in claim.prints), *shown)):
        parts = [part for part in claim.prints if part.name == name]
        parts = parts or [part for part in claim.prints if part.name == name.partition(".")[0]]
        problem = _compared(name, parts, shown.get(name), reads, point)
        if problem:
            yield f"evaluate prints {name} = {shown.get(name)} at {at}: {problem}"


def _unsolved_at(claim: Claim, point: Exact, reads: Reads) -> Iterator[str]:
    """Yield the claim's equations that its values do not satisfy at a point; where they have no value, none."""
    for text in claim.equations:
        relation = reads(text)
        left, right = (enclose(side, point, most_bits=1 << 12) for side in relation.args)
        if not (left.is_finite() and right.is_finite()):
            continue
        if isinstance(relation, sp.Eq):
            kept = _agree(left, right) or (left.contains(0) and right.contains(0))
        else:
            kept = decide(relation, point, 512) is not False
        if not kept:
            at = ", ".join(f"{s} = {v}" for s, v in point.items())
            yield f"{text} is missed at {at}: {left.str(12)} and {right.str(12)}"


def printed_values(found: Evaluation) -> dict[str, object]:
    """Return everything that an evaluation prints, by name; parts of lists as name.index.part."""
    shown: dict[str, object] = {**found.hypotheses, "holds": found.holds, "margin": found.margin}
    for name, value in found.values.items():
        shown |= _flat(name, value)
    return shown


def _flat(name: str, value: object) -> dict[str, object]:
    if isinstance(value, Mapping):
        return dict(chain.from_iterable(_flat(f"{name}.{key}", part).items() for key, part in value.items()))
    if isinstance(value, list):
        return dict(
            chain.from_iterable(_flat(f"{name}.{k}", part).items() for k, part in enumerate(value, 1))
        )
    return {name: value}


def _compared(name: str, parts: list[Prints], value: object, reads: Reads, point: Point) -> str:
    """Return what is wrong with a printed value, "" if nothing: the first of its formulas that is to hold here decides."""
    if not parts:
        return "" if value is None else "there is no formula for it"
    part = next((p for p in parts if not p.where or _holds(p.where, reads, point)), None)
    if part is not None and part.formula == PROVED_ELSEWHERE:
        return ""
    if part is None:
        words = " or ".join(p.where for p in parts)
        return "" if value is None or isinstance(value, str) else f"there is none but where {words}"
    if value is None and name == "holds":
        return f"it is not decided whether {part.formula}"
    if isinstance(part.formula, Mapping) and value is None and "." in name:
        return ""  # a list that has no such part
    if isinstance(part.formula, Mapping):
        expected = [word for word, relation in part.formula.items() if _holds(relation, reads, point)]
        return "" if expected == [str(value)] or not expected else f"it should be {' or '.join(expected)}"
    if isinstance(value, bool) or part.name == "holds":
        return (
            "" if _holds(part.formula, reads, point) in (value, None) else f"that is whether {part.formula}"
        )
    if not isinstance(value, arb | fmpq | int):
        return f"it should be {part.formula}"
    meant = reads(part.formula)
    truth = enclose(meant, point, most_bits=1 << 12)
    if meant.has(Deviation, TwoSamples) and not truth.is_finite():
        return ""  # too many cases to count
    return "" if _agree(value, truth) else f"it should be {part.formula} = {truth.str(12)}"


def _agree(value: arb | fmpq | int, truth: arb) -> bool:
    if isinstance(value, fmpq | int) and value == 0:
        return bool(truth.contains(0))
    ball = arb(value)
    if not ball.is_finite() or not truth.is_finite():
        return False
    return bool(abs(ball - truth) <= abs(truth) * arb(2) ** -AGREEING_BITS)


def _holds(text: str, reads: Reads, point: Point) -> bool | None:
    if " or " in text:
        outcomes = [_holds(part, reads, point) for part in text.split(" or ")]
        return True if True in outcomes else None if None in outcomes else False
    known = True
    for part in text.split(" and "):
        outcome = _single(part, reads, point)
        if outcome is False:
            return False
        known = known and outcome is True
    return True if known else None


def _single(text: str, reads: Reads, point: Point) -> bool | None:
    if text.startswith("whole "):
        values = [exact_value(reads(part), point) for part in text[6:].split(", ")]
        return all(value is not None and value.q == 1 for value in values)
    if text.startswith("real "):
        return bool(enclose(reads(text[5:]), point).is_finite())
    return decide(reads(text), point, 512)


def texts(claim: Claim) -> Iterator[str]:
    """Yield every text of a claim that a reader sees."""
    yield from (claim.summary, claim.idea)
    for statement in claim.statements:
        yield from (statement.quote, statement.remark)
        yield from (step.says for step in statement.steps)
        yield from (p.says for p in (*statement.asserted, *statement.verified))
        yield from (reading.says for reading in statement.readings)
        shown = (
            statement.witness,
            *(s.witness for s in statement.steps),
            *(r.witness for r in statement.readings),
        )
        yield from (w.says for w in shown if w is not None)
    for necessity in claim.necessity:
        yield from (necessity.hypothesis, necessity.remark)
    for erratum in claim.errata:
        yield from (erratum.printed, erratum.replacement)
    yield from (kind.witness.says for kind in _corrections(claim) if kind.witness is not None)


def _corrections(claim: Claim) -> tuple[Necessity | Erratum, ...]:
    return (*claim.necessity, *claim.errata)


def too_weak(statement: Statement, proves: Callable[[Proposition], object]) -> Iterator[str]:
    """Yield the relations of a statement that say less than `proves` can show: '≥' for '=' or for '>'."""
    taken = {p.relation for p in statement.asserted}
    for proposition in statement.verified:
        yield from _empty(proposition)
    for proposition in statement.verified:
        if proposition.certificate is None and proposition.relation not in taken:
            yield from _loose(proposition, proves)
    for step in statement.steps:
        if not step.printed and isinstance(step.asserts, sp.Rel):
            yield from _loose(Proposition(step.asserts, step.domain), proves)


def _empty(proposition: Proposition) -> Iterator[str]:
    """Yield an end of a domain at which its relation has no value, so that nothing is said there."""
    relation = proposition.relation
    for point in itertools.islice(proposition.domain.points(SHARP), SHARP // 2):
        try:
            known = ball(relation.lhs - relation.rhs, point, 256).is_finite()
        except ZeroDivisionError:
            known = False
        if not known:
            yield f"{relation} has no value at {', '.join(f'{s} = {v}' for s, v in point.items())}"
            return


def _loose(proposition: Proposition, proves: Callable[[Proposition], object]) -> Iterator[str]:
    relation = proposition.relation
    if not isinstance(relation, sp.Ge | sp.Le):
        return
    points = proposition.domain.points(SHARP)
    signs = [sign_at(relation.lhs - relation.rhs, point, 256) for point in points]
    if signs and all(sign == 0 for sign in signs):
        yield f"{relation} is an equation"
    elif signs and 0 not in signs:
        strict = (sp.Gt if isinstance(relation, sp.Ge) else sp.Lt)(*relation.args, evaluate=False)
        if proves(replace(proposition, relation=strict)) is not None:
            yield f"{relation} holds strictly"


def unmade(claim: Claim) -> Iterator[str]:
    """Yield the hypotheses, errata and short names of a claim whose formulas belong to nothing that it says or prints."""
    said = set(_relations(claim))
    for kind in _corrections(claim):
        name = kind.hypothesis if isinstance(kind, Necessity) else kind.where
        if kind.relation is not None and not kind.reads and kind.relation not in said:
            yield f"'{name}': no statement and no text has the relation {kind.relation}"
    letters = {
        read(text, claim.letters) for text in (*claim.letters.values(), *NAMES) if isinstance(text, str)
    }
    for k, part in enumerate(claim.notation):
        known = any(relation.has(part.expression) for relation in said)
        if claim.letters and not any(same(part.expression, letter) for letter in letters):
            yield f"{part.name} stands for {part.expression}, for which the texts have no letter"
        elif not claim.letters and not known:
            yield f"{part.name} stands for {part.expression}, which occurs nowhere"
        letter = part.latex.replace("{", "").replace("}", "")
        first = all(part.latex != other.latex for other in claim.notation[:k])
        meant = claim.letters.get(letter) if first else None
        if isinstance(meant, str) and not same(read(meant, claim.letters), part.expression):
            yield f"{part.name} is not what {letter} is in the texts, {meant}"
        if any(part.expression == other.expression for other in claim.notation[:k]):
            yield f"{part.name} stands for what has a name already"


def not_plain(claim: Claim) -> Iterator[str]:
    """Yield witnesses that are not in numbers that anyone can type: up to three digits, and zeros."""
    statements = claim.statements
    found = [s.witness for s in statements] + [r.witness for s in statements for r in s.readings]
    found += [step.witness for s in statements for step in s.steps]
    found += [kind.witness for kind in _corrections(claim)]
    for witness in found:
        for symbol, value in witness.point.items() if witness is not None else ():
            digits = [str(part).strip("-").rstrip("0") for part in (value.numerator, value.denominator)]
            if max(map(len, digits)) > 3:
                yield f"a witness has {symbol} = {value}, which is no plain number"


def misread(claim: Claim) -> Iterator[str]:
    """Yield the relations that are not what the texts beside them say."""
    parts: list[tuple[str, object]] = []
    for statement in claim.statements:
        parts += [(p.reads, p.relation) for p in (*statement.asserted, *statement.verified)]
        parts += [(step.reads, step.asserts) for step in statement.steps]
    parts += [(kind.reads, kind.relation) for kind in _corrections(claim)]
    parts += [(quoted.text, quoted.stands_for) for quoted in claim.quoted]
    every = [text.replace(" ", "") for text in texts(claim)]
    for reads, relation in parts:
        if not reads:
            continue
        if not any(reads.replace(" ", "") in text for text in every):
            yield f"'{reads}' stands in no text"
        if isinstance(relation, sp.Tuple):
            if not rounded(reads, relation):
                yield f"the figures in '{reads}' are not {', '.join(str(part.evalf(6)) for part in relation)}"
            continue
        try:
            meant = read(reads, claim.letters)
        except NotReadError as error:
            yield str(error)
            continue
        if not same(meant, relation):
            yield f"'{reads}' reads {meant}, which is not {relation}"


def alone(claim: Claim) -> Iterator[str]:
    """Yield the quotients, powers and roots of a summary that stand in no other text of the claim, nor are held as a formula."""
    held = [*itertools.islice(texts(claim), 1, None), *claim.equations]
    held += [quoted.text for quoted in claim.quoted] + [
        v for v in claim.letters.values() if isinstance(v, str)
    ]
    for part in claim.prints:
        held += [part.formula] if isinstance(part.formula, str) else part.formula.values()
    elsewhere = "\n".join(text.replace(" ", "") for text in held)
    for word in claim.summary.split():
        formula = word.strip("|.,:;'‘’" + ("()" if word.count("(") != word.count(")") else ""))
        if any(sign in formula for sign in "/²√^") and "O(" not in formula and formula not in elsewhere:
            yield f"the summary has '{formula}', which stands nowhere else"


def _relations(claim: Claim) -> Iterator[sp.Rel]:
    for statement in claim.statements:
        yield from (p.relation for p in (*statement.asserted, *statement.verified))
        yield from _asserted(statement.steps)


def _asserted(steps: tuple[Step, ...]) -> Iterator[sp.Rel]:
    for step in steps:
        if isinstance(step.asserts, Equivalence):
            yield from (step.asserts.first, step.asserts.second)
        elif isinstance(step.asserts, sp.Rel):
            yield step.asserts
