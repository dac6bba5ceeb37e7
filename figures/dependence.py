"""The made part of the page on dependence: its verdicts, and the tables that they rest on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from PIL import Image

from ascentcheck.empirics.dependence.again import LEVEL, MEAN, again, with_mean
from ascentcheck.empirics.dependence.doses import DOSES, NONE
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
    load,
    network_arm,
    network_shares,
)
from ascentcheck.empirics.dependence.ratio import HIGHEST
from ascentcheck.empirics.dependence.shares import Shares
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.dependence.verdict import (
    PERCEPTRONS,
    count,
    counts_by_dose,
    decide,
    dose_of,
    rules,
)
from ascentcheck.empirics.findings.finding import Verdict
from ascentcheck.figures.draw import draw
from ascentcheck.figures.results import COLOURS

FOLDER = Path("results/dependence")
PAGE = Path("explanation/dependence.md")
MARKS = ("<!-- made by `python -m figures dependence` -->", "<!-- end of what is made -->")
NOTHING_YET = "Nothing has been run yet."
FASHION = "fashion"
"""The folder, within the results, of the tables of Fashion-MNIST."""
REPEATED = ("cause", "near", "diverge", "distance")
"""The rules that rest on the main dose alone."""
CLEAR = 0.05


def part(docs: Path) -> str:
    """Return the made part, from the tables under docs. Raises UserError for a table that cannot be read."""
    tables = load(docs / FOLDER)
    if not tables.linear_doses:
        return NOTHING_YET
    fashion = load(docs / FOLDER / FASHION)
    parts = (_verdicts(tables), _doses(tables), _sets(tables), _explained(tables), _fashion(fashion))
    return "\n\n".join(line for part in parts for line in part)


def in_short(docs: Path, page: str) -> str:
    """Return the counts of the verdicts on the paper's sentences, in Markdown; `page` is where the page is."""
    found = [one.verdict for one in decide(load(docs / FOLDER)) if one.printed]
    counts = ", ".join(f"{found.count(word)} {word}" for word in get_args(Verdict))
    return (
        f"- **Is dependence why?** [Measured]({page}) by near-copies, by dependence taken away, and over many forget sets "
        f"(linear models and small networks, SIMULATED): of {len(found)} printed sentences {counts}."
    )


def picture(docs: Path) -> Path:
    """Draw figure 10 of the tables under docs beside them; return its path. Raises OSError where it cannot be written."""
    from tempfile import TemporaryDirectory

    target = docs / FOLDER / "figure10.png"
    with TemporaryDirectory() as aside:
        drawn = draw(10, (), "", Path(aside), ("png",))
        with Image.open(drawn.files[0]) as image:
            image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    target.with_suffix(".txt").write_text(drawn.caption + "\n", encoding="utf-8")
    return target


def _verdicts(tables: Tables) -> Iterator[str]:
    found = decide(tables)
    lines = ["| verdict | sentence | where |", "|---|---|---|"]
    lines += [f"| {one.verdict} | {one.sentence} | {one.where} |" for one in found]
    yield "\n".join(lines)
    yield "What was measured, all of it SIMULATED:"
    yield "\n".join(f"- *{one.sentence}* **{one.verdict.capitalize()}**: {one.measured}." for one in found)


def _doses(tables: Tables) -> Iterator[str]:
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
            f"{_factor(near, 'nothing_effect')} \\[{math.exp(near['predicted_nothing']):.2f}\\]",
            *(f"{_factor(r, 'effect')} \\[{math.exp(r['predicted']):.2f}\\]" for r in (near, end)),
        )
        lines.append(f"| {dose.per_point:g} | {dose.correlation:g} | {' | '.join(cells)} |")
    yield "\n".join(lines)
    yield (
        "All linear settings and both β together: at how many of the courses a dose raises, lowers or leaves alone the ratio, "
        "beyond 10% by the whole interval."
    )
    lines = ["| dose | nearest | end |", "|---|---|---|"]
    both = zip(*(counts_by_dose(tables.linear_doses, place) for place in ("nearest", "end")), strict=True)
    lines += [f"| {dose.label} | {near} | {end} |" for (dose, near), (_, end) in both]
    yield "\n".join(lines)
    yield from _apart(tables.linear_apart)
    yield from _ridges(tables.linear_sweep)
    yield from _unseen(tables.linear_held_out, tables.linear_points)
    for study, rows in tables.doses.items():
        yield from _network_doses(study, rows)


def _apart(rows: Sequence[Row]) -> Iterator[str]:
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
                _factor(r, "ratio") + (f" \\[{r['fails']:.0%}\\]" if place == "end" else "") for r in mine
            ]
            lines.append(f"| {setting} | {place} | {' | '.join(cells)} |")
    yield "\n".join(lines)


def _ridges(rows: Sequence[Row]) -> Iterator[str]:
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
        near, end = (_factor(here[place], "ratio") for place in ("nearest", "end"))
        lines.append(
            f"| {data} | {betas[beta]} | {ridge:g} | {near} | {end} \\[{here['end']['fails']:.0%}\\] |"
        )
    yield "\n".join(lines)


def _unseen(rows: Sequence[Row], points: Sequence[Row]) -> Iterator[str]:
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
        apart = count((r for r in rows if dose_of(r) == dose and r["place"] == "fixed"), "distance_effect")
        mine = [r for r in rows if dose_of(r) == dose]
        over = _over_sets([r for r in mine if r["place"] == "fixed"])
        near = {r["method"]: r for r in mine if r["place"] == "nearest"}
        cells = " | ".join(_factor(near[m], "effect") for m in methods)
        lines.append(
            f"| {dose.label} | {mine[0]['n_sets']:g} | {_factor(mine[0], 'nothing_effect')} | {found} | {over} | {apart} | "
            f"{cells} |"
        )
    yield "\n".join(lines)


def _over_sets(rows: Sequence[Row]) -> str:
    """The count by intervals over the random F; nothing where there is one."""
    return str(count(rows, "over_sets")) if rows[0]["n_sets"] > 1 else "one F"


def _factor(row: Row, name: str) -> str:
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value > HIGHEST - 1e-3:
        return "diverges"
    if low is None:
        return f"{math.exp(value):.2f}"
    return f"{math.exp(value):.2f} ({math.exp(low):.2f} to {math.exp(high):.2f})"


def _sets(tables: Tables) -> Iterator[str]:
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
        yield from _again(networks)


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


def _fashion(tables: Tables) -> Iterator[str]:
    yield "### On Fashion-MNIST"
    rows = next(iter(tables.doses.values()), [])
    if not tables.linear_doses and not rows:
        yield "Not run."
        return
    as_digits = replace(tables, doses={PERCEPTRONS: rows} if rows else {})
    yield "The rules that rest on the main dose, applied to Fashion-MNIST alone; the verdicts above do not rest on it."
    decided = rules(as_digits)
    yield "\n".join(
        f"- *{one.sentence}* **{one.verdict.capitalize()}**: {one.measured}."
        for one in (decided[name]() for name in REPEATED)
    )
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


def _explained(tables: Tables) -> Iterator[str]:
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
