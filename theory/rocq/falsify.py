"""False statements, which Rocq must refuse: a number, a relation or a hypothesis of a true one is changed.

A change counts only when it makes the statement false at an exact point. The lemmas are made anew from the stored proof where
that goes; where it does not, the definition alone is the changed one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ascentcheck.theory.check import export
from ascentcheck.theory.check.decide import decide
from ascentcheck.theory.check.frame import names
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.rocq.files import opening
from ascentcheck.theory.rocq.formulas import PAIR, LackingError, Part, definition, hypotheses, problem_of
from ascentcheck.theory.rocq.rules import RULES
from ascentcheck.theory.rocq.script import Script
from ascentcheck.theory.rocq.statements import parts, proved
from ascentcheck.theory.rocq.text import Text, Tree

POINTS = 40
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "="}


@dataclass(frozen=True)
class Falsified:
    """A false statement with a proof that is none: what was changed, whether the lemmas were made anew, and the file."""

    says: str
    remade: bool
    text: str


def numbers(tree: Tree) -> int:
    """Return how many numbers stand in a tree, powers included."""
    if isinstance(tree, tuple):
        return sum(numbers(part) for part in tree[1:])
    return int(isinstance(tree, int) or not tree.isidentifier())


def with_number(tree: Tree, k: int) -> Tree:
    """Return the tree with its k-th number one larger."""
    if isinstance(tree, tuple):
        parts_ = list(tree)
        for i, part in enumerate(tree[1:], 1):
            n = numbers(part)
            if k < n:
                parts_[i] = with_number(part, k)
                return tuple(parts_)
            k -= n
        return tree
    if isinstance(tree, int):
        return tree + 1
    p, q = map(int, tree.split("/"))
    return f"{p + q}/{q}"


def changes(problem: tuple[Any, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield changed problems, each with what was changed."""
    ranges, (sign, left, right) = problem
    for side, tree in enumerate((left, right)):
        for k in range(numbers(tree)):
            new = with_number(tree, k)
            yield (
                f"number {k} of side {side + 1}",
                (ranges, (sign, *((new, right) if side == 0 else (left, new)))),
            )
    if sign != "=":
        yield "the relation turned", (ranges, (_TURNED[sign], left, right))
        yield "both sides exchanged", (ranges, (sign, right, left))
    if sign in (">=", "<="):
        yield "strict", (ranges, (sign[0], left, right))
    for k, r in enumerate(ranges):
        for end, which in ((1, "low"), (2, "high")):
            if r[end] is not None:
                dropped = (*r[:end], None, *r[end + 1 : end + 2], *r[end + 2 :])
                yield (
                    f"{which} end of {r[0]} dropped",
                    ((*ranges[:k], dropped, *ranges[k + 1 :]), (sign, left, right)),
                )
                if not r[end + 2]:
                    continue
                opened = (*r[: end + 2], False, *r[end + 3 :])
                yield (
                    f"{which} end of {r[0]} closed",
                    ((*ranges[:k], opened, *ranges[k + 1 :]), (sign, left, right)),
                )


def is_false(problem: tuple[Any, Any]) -> bool:
    """Whether a problem's relation fails at an exact point of its ranges."""
    ranges, (sign, left, right) = problem
    if (names(left) | names(right)) & PAIR:
        return False
    try:
        import sympy as sp

        make = {">": sp.Gt, ">=": sp.Ge, "<": sp.Lt, "<=": sp.Le, "=": sp.Eq}[sign]
        relation = make(export.expression(left), export.expression(right), evaluate=False)
        return any(decide(relation, point, 512) is False for point in export.domain(ranges).points(POINTS))
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return False


def falsified(claims: Sequence[Claim], count: int, seed: str = "0") -> Iterator[Falsified]:
    """Yield false statements with proofs of the true ones, `count` at most, spread over the claims."""
    draw = random.Random(seed)
    waiting = [
        (claim, part)
        for claim in claims
        for statement in claim.statements
        for part in parts(claim, statement)
        if part.witness is None
        and part.proposition.certificate is None
        and part.proposition.domain.only_point() is None
    ]
    draw.shuffle(waiting)
    made = 0
    for claim, part in waiting:
        try:
            problem = problem_of(part.proposition)
        except LackingError:
            continue
        candidates = list(changes(problem))
        draw.shuffle(candidates)
        for says, changed in candidates[:8]:
            if made == count:
                return
            if is_false(changed):
                found = statement_file(claim, part, problem, changed, f"{claim.name} {part.name}: {says}")
                if found is not None:
                    yield found
                    made += 1
                    break


def statement_file(
    claim: Claim, part: Part, problem: tuple[Any, Any], changed: tuple[Any, Any], says: str
) -> Falsified | None:
    """Return the file of a changed statement.

    None where not even the true one has a proof here, or where the lemmas cannot be made anew and a hypothesis is gone: the
    proof that is there would then fail for what it introduces, not for what it shows.
    """
    same_hypotheses = len(hypotheses(changed[0])) == len(hypotheses(problem[0]))
    for remade in (True, False) if same_hypotheses else (True,):
        script = Script(Text(), RULES)
        try:
            proof = proved(script, claim.name, part, changed if remade else problem)
        except Exception as error:  # whatever the translation trips over, the lemmas are then not made anew
            if not remade:
                if isinstance(error, LackingError):
                    return None
                raise
            continue
        end = [
            definition(part, changed, part.name),
            f"Theorem false : {part.name}.",
            f"Proof.\n  {proof}\nQed.",
        ]
        text = "\n".join([opening(""), *script.text.lines, "End Lemmas.", *end, ""])
        return Falsified(says, remade, text)
    return None
