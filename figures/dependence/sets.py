"""Predictors over many forget sets on the page on dependence, and what explains failure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ascentcheck.empirics.dependence.again import LEVEL, MEAN, again, with_mean
from ascentcheck.empirics.dependence.evidence import (
    Arm,
    Chosen,
    Correlated,
    Tables,
    chosen,
    correlations,
    is_nearest,
    linear_arms,
    linear_shares,
    network_arm,
    network_shares,
)
from ascentcheck.empirics.dependence.on_copies import PERCEPTRONS
from ascentcheck.empirics.dependence.shares import Shares
from ascentcheck.empirics.dependence.verdict import rules
from ascentcheck.figures.dependence.measures import beside, by_measure, controlled
from ascentcheck.figures.dependence.words import told

REPEATED = ("cause", "near", "diverge", "distance")
"""The rules that rest on the main dose alone."""
CLEAR = 0.05


def sets(tables: Tables) -> Iterator[str]:
    """Yield the tables of predictors, one for each arm."""
    yield "### What predicts the outcome"
    yield (
        "Rank correlations over forget sets, partial for \\|F\\| and for the distance of doing nothing, with 95% intervals; bold "
        f"where p is below {CLEAR:g} after Holm's correction over all predictors and outcomes of the arm. Positive: the larger "
        "the predictor, the farther from the oracle."
    )
    for arm in _arms(tables):
        outcomes = [name for name in arm.outcomes if is_nearest(name)]
        fixed = [name for name in arm.outcomes if not is_nearest(name)]
        outcomes += [name for name in fixed if name.endswith("end")]
        mean = with_mean(arm)
        yield f"**{_spelled(arm.name)}**, {len(arm.sets)} sets:"
        yield _table(correlations(mean, [*outcomes, MEAN]))
        said = [_judged(one) for one in chosen(mean, [*outcomes, MEAN])]
        yield (
            "Chosen on half of the sets, with the rank correlation of prediction and outcome on the other half: "
            + "; ".join(said)
            + "."
        )
    networks = network_arm(tables)
    if networks is not None:
        yield from controlled(networks)
        yield from _again(networks)
    yield from by_measure(tables)


def _again(arm: Arm) -> Iterator[str]:
    found = again(arm)
    if not found:
        return
    later = found[0].now.n
    yield (
        f"What stood out over the first {len(arm.sets) - later} sets of perceptrons, tried again on the {later} that came "
        f"later; *found again*: the same sign, and p below {LEVEL:g} after Holm's correction over the {len(found)}."
    )
    lines = ["| predictor | outcome | first sets | later sets | |", "|---|---|---:|---|---|"]
    for one in found:
        now = f"{one.now.rho:+.2f} ({one.now.low:+.2f} to {one.now.high:+.2f})"
        said = "found again" if one.found else "not found again"
        lines.append(
            f"| {one.predictor.replace('_', ' ')} | {one.outcome} | {one.before:+.2f} | {now} | {said} |"
        )
    yield "\n".join(lines)


def _judged(one: Chosen) -> str:
    found = one.judged.correlation
    if math.isnan(found.rho):
        return f"{one.outcome}: nothing"
    kept = ", ".join(name.replace("_", " ") for name in one.judged.kept)
    return f"{one.outcome}: {kept} {found.rho:+.2f} ({found.low:+.2f} to {found.high:+.2f})"


def _arms(tables: Tables) -> list[Arm]:
    networks = network_arm(tables)
    return [*linear_arms(tables), *([] if networks is None else [networks])]


def _spelled(name: str) -> str:
    return name[0].upper() + name[1:]


def _table(found: Sequence[Correlated]) -> str:
    outcomes = list(dict.fromkeys(one.outcome for one in found))
    lines = ["| predictor | " + " | ".join(outcomes) + " |", "|---|" + "---|" * len(outcomes)]
    for predictor in dict.fromkeys(one.predictor for one in found):
        cells = [_cell(one) for one in found if one.predictor == predictor]
        lines.append(f"| {predictor.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(one: Correlated) -> str:
    c = one.correlation
    if math.isnan(c.rho):
        return "does not vary"
    text = f"{c.rho:+.2f} ({c.low:+.2f} to {c.high:+.2f})"
    return f"**{text}**" if one.p_holm < CLEAR else text


def fashion(tables: Tables, digits: Tables) -> Iterator[str]:
    """Yield what Fashion-MNIST says by the same rules, and its sets beside those of the digits."""
    yield "### On Fashion-MNIST"
    rows = next(iter(tables.doses.values()), [])
    if not tables.linear_doses and not rows:
        yield "Not run."
        return
    as_digits = replace(tables, doses={PERCEPTRONS: rows} if rows else {})
    yield "The rules that rest on the main dose, applied to Fashion-MNIST alone; the verdicts above do not rest on it."
    decided = rules(as_digits)
    yield "\n".join(told(decided[name]()) for name in REPEATED)
    if not rows:
        yield "Perceptrons at the doses: not run."
    arm = network_arm(tables)
    if arm is None:
        yield "The sets of perceptrons: not run."
        return
    mean = with_mean(arm)
    outcomes = [name for name in arm.outcomes if is_nearest(name)]
    yield f"**Perceptrons**, {len(arm.sets)} sets:"
    yield _table(correlations(mean, [*outcomes, MEAN]))
    yield from controlled(arm)
    known = network_arm(digits)
    if known is not None:
        yield from beside(known, arm)


def explained(tables: Tables) -> Iterator[str]:
    """Yield the table of shares in the variance."""
    yield "### What explains failure"
    yield (
        "Shares in the variance of the log ratio over sets and settings (Shapley values of R², on the half of the sets that was "
        "not fitted; 95% intervals over these sets). What properties of a set do may depend on the rate, or on β and time."
    )
    columns: dict[str, Shares] = {arm.name: linear_shares(arm) for arm in linear_arms(tables)}
    networks = network_arm(tables)
    if networks is not None:
        columns[networks.name] = network_shares(networks, tables.courses)
    groups = list(dict.fromkeys(group for one in columns.values() for group in one.groups))
    lines = [
        "| group | " + " | ".join(_spelled(name) for name in columns) + " |",
        "|---|" + "---|" * len(columns),
    ]
    for group in groups:
        cells = []
        for one in columns.values():
            share = one.of(group) if group in one.groups else None
            cells.append("" if share is None else f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})")
        lines.append(f"| {group.replace('|', chr(92) + '|')} | {' | '.join(cells)} |")
    whole = [one.explained for one in columns.values()]
    lines.append(
        "| all together | " + " | ".join(f"{s.value:.0%} ({s.low:.0%} to {s.high:.0%})" for s in whole) + " |"
    )
    yield "\n".join(lines)
