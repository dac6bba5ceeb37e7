"""Dose and response on the page on dependence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ascentcheck.empirics.dependence.doses import DOSES, NONE
from ascentcheck.empirics.dependence.effects import DISTANCE, OVER_SETS, at_dose, count, dose_of
from ascentcheck.empirics.dependence.evidence import Tables
from ascentcheck.empirics.dependence.on_copies import counts_by_dose
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.figures.dependence.linear import apart, ridges, unseen
from ascentcheck.figures.dependence.words import factor


def doses(tables: Tables) -> Iterator[str]:
    """Yield the tables of doses."""
    yield "### Dose and response"
    yield (
        "Mean change of a logarithm, from no copies to each dose, as a factor with its 95% interval: of the distance of doing "
        "nothing, and of the ratios nearest and at the end."
    )
    first = tables.linear_doses[0]["setting"]
    mine = [r for r in tables.linear_doses if r["setting"] == first and r["beta"] == "samples"]
    yield f"In the linear model ({first}; β = \\|F\\|/\\|R\\|; {mine[0]['n']:g} random F); in brackets what the pair predicts:"
    lines = ["| copies of each point | ε | doing nothing | nearest | end |", "|---:|---:|---|---|---|"]
    for dose in sorted(DOSES, key=lambda d: (d.per_point, d.correlation)):
        rows = {r["place"]: r for r in mine if dose_of(r) == dose}
        if dose == NONE or not rows:
            continue
        near, end = rows["nearest"], rows["end"]
        cells = (
            f"{factor(near, 'nothing_effect')} \\[{math.exp(near['predicted_nothing']):.2f}\\]",
            *(f"{factor(r, 'effect')} \\[{math.exp(r['predicted']):.2f}\\]" for r in (near, end)),
        )
        lines.append(f"| {dose.per_point:g} | {dose.correlation:g} | {' | '.join(cells)} |")
    yield "\n".join(lines)
    yield (
        "All linear settings and both β together: at how many of the courses a dose raises, lowers or leaves alone the ratio, "
        "beyond 10% by the whole interval. *Held*, and not counted: on every F the ratio is at the bound of 10,000 with and "
        "without copies, so that no change can be seen. A course of which some F may be at it counts as open where that could "
        "undo what is seen."
    )
    lines = ["| dose | nearest | end |", "|---|---|---|"]
    both = zip(*(counts_by_dose(tables.linear_doses, place) for place in ("nearest", "end")), strict=True)
    lines += [f"| {dose.label} | {near} | {end} |" for (dose, near), (_, end) in both]
    yield "\n".join(lines)
    yield from apart(tables.linear_apart)
    yield from ridges(tables.linear_sweep)
    yield from unseen(tables.linear_held_out, tables.linear_points)
    for study, rows in tables.doses.items():
        yield from _network_doses(study, rows)


def _network_doses(study: str, rows: Sequence[Row]) -> Iterator[str]:
    yield (
        f"In networks (`{study}`, {rows[0]['n_models']:g} models of each kind), snapshots counted alike, by intervals over "
        "models and, where there are several F, over these; and the nearest of each method as a factor:"
    )
    methods = list(dict.fromkeys(r["method"] for r in rows))
    lines = [
        "| dose | random F | doing nothing | snapshots, ratio | the same by F | snapshots, distance | "
        + " | ".join(f"{m}, nearest" for m in methods)
        + " |",
        "|---|---:|---|---|---|---|" + "---|" * len(methods),
    ]
    for dose, found in counts_by_dose(rows, "fixed"):
        apart = count(rows, at_dose(rows, dose, "fixed"), DISTANCE)
        mine = [r for r in rows if dose_of(r) == dose]
        over = _over_sets(rows, at_dose(rows, dose, "fixed"))
        near = {r["method"]: r for r in mine if r["place"] == "nearest"}
        cells = " | ".join(factor(near[m], "effect") for m in methods)
        lines.append(
            f"| {dose.label} | {mine[0]['n_sets']:g} | {factor(mine[0], 'nothing_effect')} | {found} | {over} | {apart} | "
            f"{cells} |"
        )
    yield "\n".join(lines)


def _over_sets(rows: Sequence[Row], at: Sequence[Row]) -> str:
    """The count by intervals over the random F; nothing where there is one."""
    return str(count(rows, at, OVER_SETS)) if at[0]["n_sets"] > 1 else "one F"
