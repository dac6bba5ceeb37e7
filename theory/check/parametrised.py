"""Proofs in new coordinates: take the solutions themselves as coordinates, and W is gone.

Where u = W0(z), the equation z = u·e^u turns every formula in z into one in u. A parametrisation names the new coordinates by
their values (`inverse`), writes the old symbols in them (`substitution`), and gives the domain that they fill.
"""

from __future__ import annotations

from typing import Any

from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.goal import Goal, Proof, Prover, settle
from ascentcheck.theory.claim import Parametrisation
from ascentcheck.theory.expression import W0, Wm1


def by_coordinates(
    goal: Goal, ranges: Any, to: list[Any], new: list[Any], known: list[Any], prove: Prover
) -> Proof | int | None:
    """Return a node of rule `coordinates`: `new` are the new symbols in the old ones, `to` the old ones in the new ones."""

    def way(here: Goal) -> Proof | None:
        node: Proof = {
            "rule": "coordinates",
            "ranges": ranges,
            "to": to,
            "from": new,
            "known": known,
            "proofs": [],
        }
        for kind, tree in kernel.conditions(here.ranges, node):
            proof = prove(here.on(kind, tree))
            if proof is None:
                return None
            node["proofs"].append(proof)
        node["proof"] = prove(Goal(ranges, here.sign, kernel.put(here.tree, dict(to) | dict(known))))
        return None if node["proof"] is None else node

    return settle(goal, way, prove)


def by_parametrisation(goal: Goal, by: Parametrisation, prove: Prover) -> Proof | int | None:
    """Prove a goal in the coordinates of a parametrisation, in which a W that is a coordinate is known."""
    known = []
    for symbol, value in by.inverse:
        atoms = value.atoms(W0, Wm1)
        if len(atoms) == 1:
            atom = atoms.pop()
            if value in (atom, -atom):
                known.append((export.tree(atom), export.tree(symbol if value == atom else -symbol)))
    back, inverse = (
        [(symbol.name, export.tree(value)) for symbol, value in pairs]
        for pairs in (by.substitution, by.inverse)
    )
    return by_coordinates(goal, export.ranges(by.domain), back, inverse, known, prove)
