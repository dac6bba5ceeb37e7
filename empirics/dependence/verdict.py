"""The rules of docs/explanation/rules.md on dependence: from the tables to a verdict on each sentence, with what was measured."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ascentcheck.empirics.dependence import on_copies, on_sets
from ascentcheck.empirics.dependence.evidence import Tables, linear_arms, network_arm, network_shares
from ascentcheck.empirics.dependence.sentence import Decided
from ascentcheck.empirics.dependence.shares import Shares


def decide(tables: Tables) -> list[Decided]:
    """Return every sentence with its verdict. What was not run leaves its sentences not decided."""
    return [rule() for rule in rules(tables).values()]


def rules(tables: Tables) -> dict[str, Callable[[], Decided]]:
    """Return the rule of each sentence by a short name, to be applied when it is called."""
    arms, networks = list(linear_arms(tables)), network_arm(tables)

    @cache
    def explained() -> Shares | None:
        return None if networks is None else network_shares(networks, tables.courses)

    return {
        "cause": lambda: on_copies.cause(tables),
        "enough": lambda: on_copies.enough(tables),
        "precisely": lambda: on_sets.precisely(arms, networks),
        "needed": lambda: on_sets.needed(tables),
        "central": lambda: on_sets.central(explained()),
        "primarily": lambda: on_sets.primarily(explained()),
        "random": lambda: on_sets.random_sets(arms, networks, tables.courses),
        "diverge": lambda: on_copies.diverge(tables),
        "near": lambda: on_copies.near(tables),
        "pair": lambda: on_copies.pair(tables),
        "distance": lambda: on_copies.distance(tables),
    }
