"""Linear models on the page on dependence: copies taken away, ridges, and what is held out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.figures.dependence.words import factor


def apart(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table of what happens as copies are moved apart."""
    if not rows:
        return
    yield (
        "With dependence taken away: a share of each forgotten sample on a direction of its own, at 1 F and R are orthogonal. "
        f"Ratios with 95% t intervals over {rows[0]['n']:g} random F, β = \\|F\\|/\\|R\\|; in brackets the share of F "
        "on which the end fails."
    )
    shares = list(dict.fromkeys(row["share"] for row in rows))
    lines = [
        "| setting | place | " + " | ".join(f"{s:g}" for s in shares) + " |",
        "|---|---|" + "---|" * len(shares),
    ]
    for setting in dict.fromkeys(row["setting"] for row in rows):
        for place in ("nearest", "end"):
            mine = [r for r in rows if (r["setting"], r["beta"], r["place"]) == (setting, "samples", place)]
            cells = [
                factor(r, "ratio") + (f" \\[{r['fails']:.0%}\\]" if place == "end" else "") for r in mine
            ]
            lines.append(f"| {setting} | {place} | {' | '.join(cells)} |")
    yield "\n".join(lines)


def ridges(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the table over ridges."""
    if not rows:
        return
    yield (
        f"A sweep of the ridge, without copies: ratios with 95% t intervals over {rows[0]['n']:g} random F, logistic loss; in "
        "brackets the share of F on which the end fails. Pretrained features are those of a perceptron's last layer; softmax is "
        "the cross-entropy of all ten digits, its distance that of the logits."
    )
    lines = ["| data | β | λ | nearest | end |", "|---|---|---:|---|---|"]
    betas = {"one": "1", "samples": "\\|F\\|/\\|R\\|"}
    for data, beta, ridge in dict.fromkeys((r["data"], r["beta"], r["ridge"]) for r in rows):
        here = {r["place"]: r for r in rows if (r["data"], r["beta"], r["ridge"]) == (data, beta, ridge)}
        near, end = (factor(here[place], "ratio") for place in ("nearest", "end"))
        lines.append(
            f"| {data} | {betas[beta]} | {ridge:g} | {near} | {end} \\[{here['end']['fails']:.0%}\\] |"
        )
    yield "\n".join(lines)


def unseen(rows: Sequence[Row], points: Sequence[Row]) -> Iterator[str]:
    """Yield the table of held-out losses and stationary points."""
    if not rows:
        return
    yield (
        "What it costs on samples that were held out, a fifth of them, and the stationary points of descent-ascent. *Test loss* "
        "is the mean loss of the retrained solution there, *excess* how much more a place has, with 95% t intervals over "
        f"{rows[0]['n']:g} random F ({rows[-1]['n']:g} for softmax). *Curvature* is what the objective's is at least, "
        "everywhere, over the F; where that is positive the objective is convex, and its minimum the only stationary point. "
        f"Elsewhere the points are those *found* from {points[0]['starts'] if points else 0:g} starts for each of "
        f"{points[0]['n'] if points else 0:g} F, and there may be others: minima, and saddles or maxima by their Morse index, "
        "the number of descending directions."
    )
    lines = [
        "| data | loss | β | λ | test loss | excess, doing nothing | nearest | end | curvature | stationary points |",
        "|---|---|---|---:|---:|---|---|---|---:|---|",
    ]
    betas = {"one": "1", "samples": "\\|F\\|/\\|R\\|"}
    keys = ("data", "loss", "ridge", "beta")
    character = {tuple(row[key] for key in keys): row for row in points}
    for setting in dict.fromkeys(tuple(row[key] for key in keys) for row in rows):
        here = {r["place"]: r for r in rows if tuple(r[key] for key in keys) == setting}
        data, loss, ridge, beta = setting
        cells = [_excess(here[place]) for place in ("nothing", "nearest", "end")]
        lines.append(
            f"| {data} | {loss} | {betas[beta]} | {ridge:g} | {here['nothing']['retrained']:.3g} | {' | '.join(cells)} | "
            f"{_character(character.get(setting))} |"
        )
    yield "\n".join(lines)
    yield more_at_the_best_stop(rows)


def more_at_the_best_stop(rows: Sequence[Row]) -> str:
    """Return on how many courses the best stop has more held-out loss than doing nothing, and on how many by intervals apart."""
    places: dict[tuple[object, ...], dict[str, Row]] = {}
    for row in rows:
        places.setdefault(tuple(row[key] for key in ("data", "loss", "ridge", "beta")), {})[row["place"]] = (
            row
        )
    pairs = [(here["nearest"], here["nothing"]) for here in places.values()]
    more = sum(near["excess"] > nothing["excess"] for near, nothing in pairs)
    apart = sum(near["excess_low"] > nothing["excess_high"] for near, nothing in pairs)
    return (
        f"The best stop has more held-out loss than doing nothing on {more} of {len(pairs)} courses, by intervals apart on "
        f"{apart}; courses with the same data and F are not independent trials."
    )


def _excess(row: Row) -> str:
    if row["excess"] is None:
        return f"diverges \\[{row['diverges']:.0%}\\]"
    value, low, high = (
        f"{row[key]:+.{3 if abs(row[key]) >= 100 else 2}g}" for key in ("excess", "excess_low", "excess_high")
    )
    return f"{value} ({low} to {high})"


def _character(row: Row | None) -> str:
    if row is None:
        return "not looked at | not looked at"
    least = row["least_curvature"]
    bound = "none" if math.isinf(least) else f"{least:.2g}"
    if row["proved"] == row["n"]:
        return f"{bound} | one, a minimum (by the bound)"
    return f"{bound} | found: {_spelled_points(str(row['found']).split('; '))}"


def _spelled_points(by_set: Sequence[str]) -> str:
    """Say what was found on each F, and on how many F the same."""
    return "; ".join(f"{text} ({times}×)" for text, times in Counter(map(_points, by_set)).items())


def _points(found: str) -> str:
    """Return numbers by Morse index in words: `0:2 1:1` is '2 minima, 1 of index 1'."""
    count = dict(pair.split(":") for pair in found.split()) if found != "none" else {}
    minima = count.pop("0", "no")
    said = [f"{minima} minimum" if minima in ("1", "no") else f"{minima} minima"]
    return ", ".join([*said, *(f"{number} of index {index}" for index, number in count.items())])
