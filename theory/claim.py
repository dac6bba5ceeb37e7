"""The vocabulary in which every claim is written down. Small frozen objects, no behaviour.

A `Claim` gathers the statements that the paper makes under one name. Each `Statement` holds what was
printed and what is true, both as `Proposition`s (a relation on a domain), the derivation as `Step`s, and
witnesses. Verdicts are never written here: `ascentcheck.theory.check` computes them.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from importlib import import_module
from typing import Any, Generic, TypeVar, cast

import sympy as sp
from flint import arb, fmpq

from ascentcheck.theory.domain import Domain
from ascentcheck.theory.level import Level as Level  # a part of the vocabulary

T = TypeVar("T")


class Verdict(enum.IntEnum):
    """What became of a printed sentence, from best to worst. A claim is as bad as its worst sentence."""

    AS_PRINTED = 0
    REPAIRED = 1
    OPEN = 2
    FALSE = 3
    UNDECIDED = 4

    @property
    def words(self) -> str:
        """The verdict as people read it."""
        return (
            "as printed",
            "right, its printed proof broken (repaired here)",
            "open as worded",
            "false as printed",
            "undecided",
        )[self]


class Rule(enum.Enum):
    """How a step of a derivation is checked."""

    IDENTITY = "both sides are equal: W is eliminated by W·e^W = z, the rest is a polynomial identity"
    SIGN = "an inequality on the domain: coefficients of one sign after a shift, or growth from the low end"
    EQUIVALENT = "two relations whose differences of sides have a positive ratio on the domain"
    INCREASING = "the derivative is positive on the domain"


@dataclass(frozen=True)
class Increasing:
    """The assertion that `expression` increases with `symbol`."""

    expression: sp.Expr
    symbol: sp.Symbol


@dataclass(frozen=True)
class Equivalence:
    """The assertion that two relations hold at the same points."""

    first: sp.Rel
    second: sp.Rel


@dataclass(frozen=True)
class Witness:
    """An exact rational point at which something fails. The replay confirms the failure in ball arithmetic."""

    point: Mapping[sp.Symbol, Fraction]
    says: str


@dataclass(frozen=True)
class Step:
    """One line of a derivation. `origin` is where the line stands; a refuted line carries its witness."""

    says: str
    asserts: sp.Rel | Increasing | Equivalence
    domain: Domain
    origin: str = "ours"
    witness: Witness | None = None
    reads: str = ""

    @property
    def rule(self) -> Rule:
        """How the line is checked, by what it asserts."""
        if isinstance(self.asserts, Increasing):
            return Rule.INCREASING
        if isinstance(self.asserts, Equivalence):
            return Rule.EQUIVALENT
        return Rule.IDENTITY if isinstance(self.asserts, sp.Eq) else Rule.SIGN

    @property
    def printed(self) -> bool:
        """Whether the line is the paper's own."""
        return self.origin != "ours"


@dataclass(frozen=True)
class Parametrisation:
    """New coordinates in which W is eliminated.

    `substitution` writes old symbols in the new coordinates, `inverse` the new coordinates in the old
    symbols, and `domain` holds the coordinates of every point in question.
    """

    substitution: tuple[tuple[sp.Symbol, sp.Expr], ...]
    inverse: tuple[tuple[sp.Symbol, sp.Expr], ...]
    domain: Domain


@dataclass(frozen=True)
class Proposition:
    """`relation` holds at every point of `domain`.

    `by` gives coordinates for an exact proof, `certificate` names a stored cover, where one is needed. `reads` is the
    relation as a text of the claim has it, which is read and compared.
    """

    relation: sp.Rel
    domain: Domain
    says: str = ""
    by: Parametrisation | None = None
    certificate: str | None = None
    reads: str = ""


@dataclass(frozen=True)
class Reading:
    """One way to take a sentence that is open as worded: what it asserts then. A witness refutes it."""

    says: str
    printed: tuple[Proposition, ...]
    witness: Witness | None = None


@dataclass(frozen=True)
class Statement:
    """One sentence of the paper, decided.

    `printed` is what the sentence asserts; `witness` refutes it; `verified` is what is true instead, or sharper. A sentence
    that can be taken in more than one way has `readings` in place of `printed`, and each is decided. `recorded` is the verdict
    and evidence below which the statement must not fall. `formerly` is a verdict that it had before, and why it was changed.
    """

    name: str
    where: str
    quote: str
    printed: tuple[Proposition, ...]
    verified: tuple[Proposition, ...]
    recorded: tuple[Verdict, Level]
    remark: str
    steps: tuple[Step, ...] = ()
    witness: Witness | None = None
    readings: tuple[Reading, ...] = ()
    formerly: tuple[Verdict, str] | None = None

    @property
    def asserted(self) -> tuple[Proposition, ...]:
        """Everything that the sentence asserts, in any reading."""
        return (*self.printed, *(p for reading in self.readings for p in reading.printed))


@dataclass(frozen=True)
class Necessity:
    """A hypothesis dropped: either `relation` fails at the witness, or the hypothesis is not needed."""

    hypothesis: str
    relation: sp.Rel | None
    witness: Witness | None
    remark: str
    reads: str = ""


@dataclass(frozen=True)
class Erratum:
    """A line to correct in the paper: what is printed, what should stand there, and the refuting witness.

    `corrects` names the statements whose sentences the line is.
    """

    where: str
    printed: str
    replacement: str
    relation: sp.Rel | None = None
    witness: Witness | None = None
    reads: str = ""
    corrects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Survivor:
    """A mutant that no point can refute, and why it is no defect."""

    mutant: str
    reason: str


@dataclass(frozen=True)
class Simulation:
    """A real solver on a real data set against the closed form."""

    data: str
    largest_error: float
    tolerance: float
    n: int

    @classmethod
    def of(cls, data: str, errors: Iterable[float], tolerance: float, n: int) -> Simulation:
        """Return it by the largest of its errors, nan where one is nan. Raises ValueError for none."""
        every = list(map(float, errors))
        return cls(data, math.nan if any(map(math.isnan, every)) else max(every), tolerance, n)

    @property
    def agrees(self) -> bool:
        """Whether the largest error is within tolerance (nan does not agree)."""
        return self.largest_error <= self.tolerance


@dataclass(frozen=True)
class FloatForm:
    """A vectorised float function and the exact expression that it stands for.

    `values` takes float64 arrays in the order of `domain.symbols`. `ulps` is the stated worst error in
    units in the last place, per unit of the condition number where `conditioned` is set.
    """

    name: str
    values: Callable[..., object]
    expression: sp.Expr
    domain: Domain
    ulps: float
    conditioned: bool = True


@dataclass(frozen=True)
class Evaluation:
    """A claim at one point: named hypotheses, values (balls, text or None) and the conclusion."""

    hypotheses: Mapping[str, bool]
    values: Mapping[str, arb | fmpq | str | int | list[object] | None]
    holds: bool | None
    margin: arb | fmpq | None


@dataclass(frozen=True)
class Notation:
    """A short name for an expression, used wherever the expression is shown (text and LaTeX)."""

    name: str
    latex: str
    expression: sp.Expr


@dataclass(frozen=True)
class Prints:
    """What `evaluate` prints under a name, in the notation of the texts, which is read and compared with it.

    `formula` is an expression, a relation (for a condition), relations joined by ' and ' or ' or ', 'whole a, b, …' (for
    whole numbers), 'real a' (where a has a real value), or the values that are words, each with the relations under which it
    is printed.
    `where` says where the formula is printed; where none of a name's formulas is, the value is None, a word or missing.
    'holds' and 'margin' name the conclusion; parts of lists are 'name.1.part'.
    """

    name: str
    formula: str | Mapping[str, str]
    where: str = ""


@dataclass(frozen=True)
class Quoted:
    """A formula in a text of the claim, and the expression for which it stands: the two are compared.

    A tuple of constants stands for the decimals of a text, in order.
    """

    text: str
    stands_for: sp.Basic


@dataclass(frozen=True)
class Values:
    """What a claim says at a point: its inputs, what `evaluate` computes and prints there, and its float forms.

    An input with `words` is given as one of them, and means its place; `defaults` are inputs that may be left out.
    `equations` are relations that the values behind a claim's `letters` satisfy, which is tried where `prints` are: at `tried`,
    by default at points of `inputs`.
    """

    inputs: Domain
    evaluate: Callable[[Mapping[str, fmpq]], Evaluation]
    words: Mapping[sp.Symbol, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[sp.Symbol, str] = field(default_factory=dict)
    prints: tuple[Prints, ...] = ()
    equations: tuple[str, ...] = ()
    tried: tuple[Domain, ...] = ()
    float_forms: tuple[FloatForm, ...] = ()
    simulate: Callable[[], Simulation] | None = None


class Beside(Generic[T]):
    """A field of `Values` in a claim: given with the claim or else, imported when it is asked for, by the module beside it.

    That is `ascentcheck.theory.values.<id>`, with its `VALUES`. A claim gives all or none of these fields.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, claim: Claim | None, owner: type | None = None) -> T:
        if claim is None:
            return cast(T, self)  # as the default of the field: nothing is given
        given = vars(claim)
        found: T = given[self.name] if self.name in given else getattr(_values(claim.name, given), self.name)
        return found

    def __set__(self, claim: Claim, value: T) -> None:
        if value is not self:
            vars(claim)[self.name] = value


def _values(claim: str, given: Mapping[str, Any]) -> Values:
    """Return the values among what is given, or those of the claim's module of values."""
    if "evaluate" in given:
        return Values(**{part.name: given[part.name] for part in fields(Values) if part.name in given})
    values: Values = import_module(f"ascentcheck.theory.values.{claim.replace('-', '_')}").VALUES
    return values


@dataclass(frozen=True)
class Claim:
    """Everything that is known about one claim of the paper; the fields of `Values` lie beside it, in `theory/values`.

    `letters` say what stands for what in the formulas of `equations`, `prints`, `quoted` and texts (see
    `ascentcheck.theory.printed`); in texts a letter may have one of the further `meanings` as well.
    """

    name: str
    title: str
    where: str
    idea: str
    domain: Domain
    statements: tuple[Statement, ...]
    summary: str
    realisable: tuple[sp.Rel, ...] = ()
    necessity: tuple[Necessity, ...] = ()
    errata: tuple[Erratum, ...] = ()
    survivors: tuple[Survivor, ...] = ()
    rests_on: tuple[str, ...] = ()
    notation: tuple[Notation, ...] = ()
    letters: Mapping[str, Any] = field(default_factory=dict)
    meanings: tuple[Mapping[str, Any], ...] = ()
    quoted: tuple[Quoted, ...] = ()
    inputs: Beside[Domain] = Beside()
    evaluate: Beside[Callable[[Mapping[str, fmpq]], Evaluation]] = Beside()
    words: Beside[Mapping[sp.Symbol, tuple[str, ...]]] = Beside()
    defaults: Beside[Mapping[sp.Symbol, str]] = Beside()
    prints: Beside[tuple[Prints, ...]] = Beside()
    equations: Beside[tuple[str, ...]] = Beside()
    tried: Beside[tuple[Domain, ...]] = Beside()
    float_forms: Beside[tuple[FloatForm, ...]] = Beside()
    simulate: Beside[Callable[[], Simulation] | None] = Beside()
