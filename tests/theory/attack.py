"""Attacks on the kernel: changed proofs, changed problems, obligations turned, and random relations. A script for many.

python -m tests.theory.attack changes 10000 [seed]
python -m tests.theory.attack turned 100000 [seed]
python -m tests.theory.attack relations 100000 [seed]
"""

import copy
import json
import random
import signal
import sys
import time
from collections import Counter
from unittest.mock import patch

import sympy as sp

from ascentcheck.theory.check import exact, export, kernel, store
from ascentcheck.theory.check.decide import decide
from ascentcheck.theory.check.frame import Refused
from ascentcheck.theory.check.goal import Goal
from ascentcheck.theory.claims import pair
from ascentcheck.theory.relations import ge, gt

POINTS = 24
PATIENCE = 0.25
"""Seconds of processor time for one search, or for the points of one problem."""
RULES = [*kernel.RULES, "identity", "trust me"]


def stored():
    """Return all stored entries, of all claims."""
    return [
        entry
        for path in sorted(store.FOLDER.glob("*.json"))
        for entry in json.loads(path.read_text()).get("proofs", {}).values()
    ]


def places(data, parent=None, key=None):
    """Yield (container, key) of every part of plain data."""
    if parent is not None:
        yield parent, key
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for k, value in items:
        yield from places(value, data, k)


def change(data, draw, others):
    """Change plain data at one random place, in place; return a word for what was done."""
    container, key = draw.choice(list(places(data)))
    value = container[key]
    kinds = ["drop", "another"]
    if isinstance(value, bool):
        kinds = ["turn"]
    elif isinstance(value, int):
        kinds += ["number"] * 6
    elif isinstance(value, str):
        kinds += ["word"] * 6
    elif isinstance(value, list) and len(value) > 1:
        kinds += ["order", "double"] * 2
    kind = draw.choice(kinds)
    if kind == "turn":
        container[key] = not value
    elif kind == "number":
        container[key] = draw.choice([value + 1, value - 1, -value, 2 * value, 0, value * 10**6 + 1])
    elif kind == "word":
        words = (
            RULES
            if value in RULES
            else [">", ">=", "=", "", "1/2", "-7/3", value + "0", "alpha", "ridge", "x"]
        )
        container[key] = draw.choice(words)
    elif kind == "order":
        i, j = draw.sample(range(len(value)), 2)
        value[i], value[j] = value[j], value[i]
    elif kind == "double":
        value.append(copy.deepcopy(draw.choice(value)))
    elif kind == "drop":
        del container[key]
    else:
        other, at = draw.choice(list(places({"proof": draw.choice(others)["proof"]})))
        container[key] = copy.deepcopy(other[at])
    return kind


def accepted(problem, proof):
    """Whether the kernel accepts."""
    try:
        kernel.verify(problem, proof)
    except Refused:
        return False
    return True


def relations_of(problem):
    """Return a problem's relations as sympy objects and its domain; None where a changed problem is no problem at all."""
    kinds = {">": sp.Gt, ">=": sp.Ge, "=": sp.Eq, "<": sp.Lt, "<=": sp.Le}
    frozen = kernel.frozen(problem)

    def made(relation):
        kind, left, right = relation
        return kinds[kind](export.expression(left), export.expression(right), evaluate=False)

    relation = frozen["relation"]
    if relation[0] == "increases":
        expression, symbol = export.expression(relation[1]), sp.Symbol(relation[2], real=True)
        found = [sp.Gt(sp.diff(expression, symbol), 0, evaluate=False)]
    else:
        found = [made(relation)] if relation[0] != "equivalent" else [made(r) for r in relation[1:]]
    return found, export.domain(frozen["ranges"])


def with_pair(relation):
    """Return a relation with the pair's X and Y as what computes them, and what they ask for, as relations of their own."""
    pairs = {"MarginX": pair.MarginX, "MarginY": pair.MarginY}
    atoms = [part for part in relation.atoms(sp.Function) if part.func.__name__ in pairs]
    asks = [
        ask
        for a, c, e in (atom.args for atom in atoms)
        for ask in (gt(a), ge(e), gt(1 + sp.E * (1 + e**2) * c))
    ]
    made = {atom: pairs[atom.func.__name__](*atom.args) for atom in atoms}
    sides = (side.xreplace(made) for side in relation.args)
    return relation.func(*sides, evaluate=False), asks


def holds_at(relation, asks, point):
    """Whether a relation holds at a point; False where an X or Y in it asks for what does not hold there."""
    if any(decide(ask, point, 256) is False for ask in asks):
        return False
    return decide(relation, point, 256)


def refuted(problem, seed):
    """Return a random exact point of the domain at which ball arithmetic refutes a problem; None where none is found."""
    return patiently(_refuted, problem, seed)


def patiently(ask, *arguments):
    """Return what a function says, None where it takes longer than PATIENCE."""

    def give_up(*_):
        raise TimeoutError

    signal.signal(signal.SIGVTALRM, give_up)
    # again and again: raised in a destructor, it is told and dropped
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE, PATIENCE)
    try:
        return ask(*arguments)
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _refuted(problem, seed):
    try:
        found, domain = relations_of(problem)
        found = [with_pair(relation) for relation in found]
        points = list(domain.points(POINTS, seed))
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return None
    for point in points:
        try:
            outcomes = [holds_at(relation, asks, point) for relation, asks in found]
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
            continue
        if (len(outcomes) == 2 and None not in outcomes and outcomes[0] != outcomes[1]) or outcomes == [
            False
        ]:
            return point
    return None


def changes(count, seed):
    """Attack with changed proofs and changed problems; return counts by outcome and what was wrongly accepted."""
    draw, entries = random.Random(seed), stored()
    outcomes, wrong = Counter(), []
    for turn in range(count):
        _tell(turn, outcomes, wrong)
        entry = draw.choice(entries)
        problem, proof = copy.deepcopy(entry["problem"]), copy.deepcopy(entry["proof"])
        of_problem = turn % 2 == 1
        whole = {"problem": problem} if of_problem else {"proof": proof}
        kind = change(whole, draw, entries)
        problem, proof = whole.get("problem", problem), whole.get("proof", proof)
        if problem == entry["problem"] and proof == entry["proof"]:
            outcomes["no change"] += 1
        elif not accepted(problem, proof):
            outcomes[f"{'problem' if of_problem else 'proof'} refused"] += 1
        else:
            outcomes[f"{'problem' if of_problem else 'proof'} accepted"] += 1
            if kernel.digest(problem) == kernel.digest(entry["problem"]) and of_problem:
                wrong.append((kind, problem, "same digest"))
            point = refuted(problem, turn)
            if point is not None:
                wrong.append((kind, problem, point))
    return outcomes, wrong


def obligations():
    """Return all that the kernel is shown on the way through the stored proofs: (ranges, sign, f, node, known)."""
    found, check = {}, kernel.check

    def recorded(ranges, sign, f, node, known=frozenset()):
        check(ranges, sign, f, node, known)
        found.setdefault((ranges, sign, f, repr(node)), (ranges, sign, f, node, known))

    with patch.object(kernel, "check", recorded):
        for entry in stored():
            kernel.verify(entry["problem"], entry["proof"])
    return list(found.values())


def turns(ranges, sign, f, node):
    """Yield (sign, f, node) of what a node does not prove, or proves by luck: stronger signs, the negative, and in wrappings."""
    other = ("*", -1, f)
    yield from ((stronger, f, node) for stronger in STRONGER[sign])
    yield sign, other, node
    for kind in (">", ">=", "="):
        yield kind, f, {"rule": "both", "proofs": (node, node)}
        yield kind, ("*", 0, f), {"rule": "both", "proofs": (0, 0)}
        yield kind, ("*", 0, f), node
        yield kind, other, {"rule": "combine", "facts": ((sign, f, node),), "terms": ((-1, (1,)),)}
        yield kind, ("^", f, -1), {"rule": "combine", "facts": ((sign, f, node),), "terms": ((1, (-1,)),)}
        yield kind, ("*", f, f), {"rule": "monotone", "proof": node}
    for name, *_ in ranges:
        yield sign, f, {"rule": "grows", "symbol": name, "closed": 0, "low": node, "slope": node}


STRONGER = {">=": (">", "="), ">": ("=",), "=": (">",)}


def holds(ranges, sign, f, node, known=frozenset()):
    """Whether the kernel accepts a node for an obligation, as plain data from anywhere."""
    try:
        kernel.check(ranges, sign, f, node, known)
    except (
        Refused,
        ArithmeticError,
        AttributeError,
        LookupError,
        RuntimeError,
        StopIteration,
        TypeError,
        ValueError,
    ):
        return False
    return True


def turned(count, seed):
    """Ask for every obligation in the stored proofs what its node does not prove; `count` questions at most."""
    draw, outcomes, wrong = random.Random(seed), Counter(), []
    every = obligations()
    draw.shuffle(every)
    asked = 0
    for ranges, sign, f, node, known in every:
        for kind, tree_, forged in turns(ranges, sign, f, node):
            if asked >= count:
                return outcomes, wrong
            _tell(asked, outcomes, wrong)
            asked += 1
            if not holds(ranges, kind, tree_, forged, known):
                outcomes["refused"] += 1
                continue
            outcomes["accepted"] += 1
            claimed = {"ranges": ranges, "relation": (kind, tree_, 0)}
            point = refuted(claimed, asked)
            if point is not None:
                wrong.append((claimed, forged, point))
    return outcomes, wrong


def tree(draw, symbols, depth):
    """Return a random tree."""
    if depth == 0 or draw.random() < 0.15:
        return draw.choice([*symbols, *symbols, draw.randint(-3, 3), f"{draw.choice((1, 3, -1))}/2"])
    inner = [tree(draw, symbols, depth - 1) for _ in range(2)]
    return draw.choice(
        [
            ("+", *inner),
            ("+", *inner),
            ("*", *inner),
            ("^", inner[0], draw.choice((2, 3, -1))),
            ("exp", inner[0]),
            ("log", ("+", 1, inner[0])),
            ("W0", inner[0]),
            ("W0", ("*", inner[0], ("exp", inner[0]))),
            ("W-1", ("*", -1, ("exp", ("+", -1, ("*", -1, inner[0]))))),
        ]
    )


def problem(draw):
    """Return a random problem: a comparison of two trees, or a true-looking one, on one or two ranges."""
    symbols = ["x", "y"][: draw.choice((1, 1, 2))]
    ends = [(0, None), (0, None), (0, 1), (1, None), ("1/2", 2), (-1, None), ("-1/3", "1/2")]
    ranges = []
    for name in symbols:
        low, high = draw.choice(ends)
        if name == "y" and draw.random() < 0.3:
            low, high = "x", None
        ranges.append([name, low, high, draw.random() < 0.4, high is not None and draw.random() < 0.4])
    a, b = (tree(draw, symbols, draw.choice((1, 1, 2))) for _ in range(2))
    head = draw.choice(("exp", "W0", "log", "W-1"))
    left, right = draw.choice(
        [
            (a, b),
            (a, draw.randint(-2, 2)),
            (("exp", a), ("+", draw.choice((1, 1, "11/10")), a)),
            ((head, a), (head, b)),
            (("W0", ("*", a, ("exp", b))), a),
            (("log", ("+", 1, a)), a),
            (("W0", a), ("*", a, ("exp", ("*", -1, ("W0", a))))),
        ]
    )
    return {"ranges": ranges, "relation": [draw.choice((">", ">=", ">=", "<=", "<", "=")), left, right]}


def _tell(turn, outcomes, wrong):
    if turn and turn % 1000 == 0:
        print(turn, dict(outcomes), f"{len(wrong)} wrong", file=sys.stderr, flush=True)


def relations(count, seed):
    """Search proofs of random relations; return counts by outcome and what was accepted although a point refutes it."""
    draw = random.Random(seed)
    outcomes, wrong = Counter(), []
    for turn in range(count):
        _tell(turn, outcomes, wrong)
        asked = problem(draw)
        try:
            ranges_, relation = kernel.frozen(asked["ranges"]), kernel.frozen(asked["relation"])
            proof = patiently(exact.prove, Goal(ranges_, *kernel.difference(relation)))
        except Exception:  # the search gives up or falls over random input; it is the kernel that is attacked
            proof = None
        finally:
            exact._found.clear()
            exact._trying.clear()
        if proof is None:
            proof = 0
        taken = accepted(asked, proof)
        outcomes["accepted" if taken else "refused"] += 1
        if taken:
            point = refuted(asked, turn)
            if point is not None:
                wrong.append((asked, proof, point))
            sign, f = kernel.difference(relation)
            for kind, tree_, forged in turns(ranges_, sign, f, kernel.frozen(proof)):
                if holds(ranges_, kind, tree_, forged):
                    outcomes["forged, accepted"] += 1
                    claimed = {"ranges": ranges_, "relation": (kind, tree_, 0)}
                    point = refuted(claimed, turn)
                    if point is not None:
                        wrong.append((claimed, forged, point))
                else:
                    outcomes["forged, refused"] += 1
    return outcomes, wrong


if __name__ == "__main__":
    attack, number, *rest = sys.argv[1:]
    start = time.time()
    total, bad = {"changes": changes, "turned": turned, "relations": relations}[attack](
        int(number), int(rest[0]) if rest else 0
    )
    print(attack, number, dict(total), f"{time.time() - start:.0f} s")
    for case in bad:
        print("ACCEPTED WRONGLY", case)
    sys.exit(1 if bad else 0)
