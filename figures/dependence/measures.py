"""Measures of dependence on the page on dependence: what each says of failing, what that hangs on, and what is controlled for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ascentcheck.empirics.dependence.again import MEAN, with_mean
from ascentcheck.empirics.dependence.evidence import CKA, Arm, Tables, linear_arms, network_arm
from ascentcheck.empirics.dependence.quarters import (
    Quarters,
    fails,
    kinds,
    measures,
    most,
    quarters,
    stands,
    to_forget,
    with_failing,
    without,
)
from ascentcheck.empirics.dependence.ranks import Correlation, clearly_apart, partial_spearman
from ascentcheck.empirics.findings.answer import Answer

WORDS: dict[Answer, str] = {True: "more often", False: "not", None: "open"}


def by_measure(tables: Tables) -> Iterator[str]:
    """Yield what each measure of dependence says of failing, with all kinds of sets and without each."""
    networks = network_arm(tables)
    arms = [*linear_arms(tables), *([] if networks is None else [to_forget(networks)])]
    if not arms:
        return
    named = [(arm.name, arm) for arm in arms]
    if networks is not None:
        named.append((f"{networks.name}, with those at the floor", networks))
    yield "### Failing, by each measure of dependence"
    yield (
        "Shares of failing courses on the quarter of sets with *most* and with *least* of a measure, and whether the first fails "
        "more often: clearly by more than 25 points is *more often*, clearly by less than 10 is *not*, else it is open. "
        "*Without each kind*: the answer that is the same for all sets and without each kind of set, which the verdict asks "
        "for; open where one differs. Last, the rank correlation of the measure with the share of failing courses, partial "
        "for \\|F\\| and for the distance of doing nothing."
    )
    lines = [
        "| sets | measure | most | least | difference | answer | without each kind | with failing |",
        "|---|---|---:|---:|---|---|---|---|",
    ]
    for name, arm in named:
        for measure in measures(arm):
            found = quarters(arm, measure)
            lines.append(
                f"| {name} | {_spaced(measure)} | {found.most:.0%} | {found.least:.0%} | {found.low:+.0%} to "
                f"{found.high:+.0%} | {WORDS[found.answer]} | {WORDS[stands(arm, measure)]} | "
                f"{_cell(with_failing(arm, arm.predictors[measure]))} |"
            )
    yield "\n".join(lines)
    yield "By gradient CKA, without each kind of set:"
    lines = [f"| without | {' | '.join(name for name, _ in named)} |", "|---|" + "---|" * len(named)]
    lines.append(f"| none | {' | '.join(_answered(quarters(arm)) for _, arm in named)} |")
    for kind in dict.fromkeys(kind for arm in arms for kind in kinds(arm)):
        cells = [_answered(quarters(without(arm, kind))) if kind in kinds(arm) else "" for _, arm in named]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    yield "\n".join(lines)
    if networks is not None:
        yield from _by_kind(networks)


def _by_kind(networks: Arm) -> Iterator[str]:
    nothing, share, top = networks.column("nothing"), fails(networks), most(networks, CKA)
    left = len(networks.sets) - len(to_forget(networks).sets)
    yield (
        f"The kinds of sets of perceptrons. {left} sets whose distance of doing nothing is at its floor fail at every setting "
        "whatever the models do, and are left out above. Over all sets failing goes with the distance of doing nothing at "
        f"{_cell(with_failing(networks, nothing, ('size',)))}, partial for \\|F\\|."
    )
    lines = [
        "| kind | sets | at the floor | in the quarter with most CKA | doing nothing, median | failing |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    floor = ~np.isin(
        [row["name"] for row in networks.sets], [row["name"] for row in to_forget(networks).sets]
    )
    of = np.array([row["kind"] for row in networks.sets])
    for name, mine in [(kind, of == kind) for kind in kinds(networks)] + [
        ("all", np.ones(len(of), dtype=bool))
    ]:
        lines.append(
            f"| {name} | {mine.sum()} | {(mine & floor).sum()} | {(mine & top).sum()} | {np.median(nothing[mine]):.2g} | "
            f"{share[mine].mean():.0%} |"
        )
    yield "\n".join(lines)


def controlled(arm: Arm) -> Iterator[str]:
    """Yield the measures' correlations with the mean over settings, by what is controlled for and what is measured."""
    mean = with_mean(arm).outcomes[MEAN]
    size, nothing = arm.column("size"), arm.column("nothing")
    yield (
        "What the correlations of perceptrons with the mean of settings hang on: at equal \\|F\\| and doing nothing, as above; "
        "at equal \\|F\\| alone; and there the distance itself in place of the ratio to doing nothing's."
    )
    lines = [
        "| measure | ratio, at equal \\|F\\| and doing nothing | ratio, at equal \\|F\\| | distance, at equal \\|F\\| |",
        "|---|---|---|---|",
    ]
    for measure in measures(arm):
        x = arm.predictors[measure]
        cells = (
            partial_spearman(x, mean, [size, nothing]),
            partial_spearman(x, mean, [size]),
            partial_spearman(x, mean + np.log(nothing), [size]),
        )
        lines.append(f"| {_spaced(measure)} | {' | '.join(_cell(one) for one in cells)} |")
    yield "\n".join(lines)


def beside(here: Arm, there: Arm) -> Iterator[str]:
    """Yield how the measures go with the mean over settings on other data, `there`, beside the digits, `here`."""
    yield (
        "Beside the digits: *also here* is the same sign with an interval apart from 0, *clearly otherwise* a difference whose "
        "interval is apart from 0, and where it is neither it is *not clear*."
    )
    lines = ["| measure | digits | Fashion-MNIST | |", "|---|---|---|---|"]
    for measure in measures(there):
        both = [
            partial_spearman(
                arm.predictors[measure],
                with_mean(arm).outcomes[MEAN],
                [arm.column("size"), arm.column("nothing")],
            )
            for arm in (here, there)
        ]
        lines.append(f"| {_spaced(measure)} | {_cell(both[0])} | {_cell(both[1])} | {compared(*both)} |")
    yield "\n".join(lines)


def compared(first: Correlation, again: Correlation) -> str:
    """Say whether a correlation is found again, clearly another, or neither."""
    if first.rho * again.rho > 0 and again.low * again.high > 0:
        return "also here"
    return "clearly otherwise" if clearly_apart(first, again) else "not clear"


def _answered(found: Quarters) -> str:
    return f"{WORDS[found.answer]} ({found.low:+.0%} to {found.high:+.0%})"


def _cell(c: Correlation) -> str:
    return f"{c.rho:+.2f} ({c.low:+.2f} to {c.high:+.2f})"


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace("cka", "CKA")
