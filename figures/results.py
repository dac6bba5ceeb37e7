"""A study's results as a page that can be committed: what was run, what it says of the paper, its sets and figures.

The page holds the sha256 of the study file it is of, so that it can be told from a page of another study.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from PIL import Image

from ascentcheck.empirics.findings import findings
from ascentcheck.empirics.findings.finding import Finding, Verdict
from ascentcheck.empirics.findings.outcome import BOUNDS, SetOutcome, outcomes
from ascentcheck.empirics.study import Study, sets
from ascentcheck.empirics.study.session import Session
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import figure3
from ascentcheck.figures.draw import Drawn, draw
from ascentcheck.figures.overview import GRIDS, record

SHOWN = (1, 2, 3, 6, 9)
COLUMNS = ("snapshots", "broken", "not moved", "nearer", "success", "unclear")
COLOURS = 256
"""Of a picture's palette: a third of the bytes, and no difference that the eye sees."""


def study_digest(path: Path) -> str:
    """Return the sha256 of a study file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def other_estimator(study: Study) -> str:
    """Return the estimator by which the page decides a second time: `robust`, or `paper` where that is the study's own."""
    return "paper" if study.estimator == "robust" else "robust"


def write(session: Session, rows: Sequence[Row], others: Sequence[Row], folder: Path) -> list[Path]:
    """Write the page and its figures into `folder`; return their paths.

    `rows` are scored by the study's estimator and `others` by `other_estimator`. Raises OSError where `folder` cannot be
    written.
    """
    name = session.study.name
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    with TemporaryDirectory() as aside:
        for number in SHOWN:
            if number == 3 and len(figure3.chosen(rows)) < 2:
                continue  # it compares kinds of sets
            drawn = draw(number, rows, session.title, Path(aside), ("png",))
            target = folder / f"{name}-figure{number}.png"
            with Image.open(drawn.files[0]) as picture:
                picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
            pictures.append((target, drawn))
    target = folder / f"{name}.md"
    text = page(session, rows, others, [(path.name, drawn) for path, drawn in pictures])
    target.write_text(text, encoding="utf-8")
    study, verdicts = session.study, target.with_suffix(".json")
    by_estimator = {study.estimator: findings(study, rows), other_estimator(study): findings(study, others)}
    verdicts.write_text(record(session, by_estimator), encoding="utf-8")
    return [target, verdicts, *(path for path, _ in pictures)]


def page(
    session: Session, rows: Sequence[Row], others: Sequence[Row], pictures: Sequence[tuple[str, Drawn]]
) -> str:
    """Return the page as Markdown; `pictures` are the names of files beside it, with what was drawn."""
    found = findings(session.study, rows)
    parts = (
        f"# The study `{session.study.name}`, as it came out",
        *_run(session, rows),
        "## What it says of the paper's sentences about networks",
        *_verdicts(session.path.as_posix(), session.study, found, findings(session.study, others)),
        "## What became of the models, by method",
        *_methods(outcomes(rows)),
        "## Figures",
        *(f"![{drawn.title}]({name})\n\n{drawn.caption}" for name, drawn in pictures),
        "## The forget sets",
        "```text\n" + sets.as_text(sets.influence_report(session), sets.set_reports(session)) + "\n```",
        "## Each sentence, its rule and what was measured",
        BOUNDS,
        *_findings(found),
    )
    return "\n\n".join(parts) + "\n"


def _run(session: Session, rows: Sequence[Row]) -> Iterator[str]:
    records = [r.record for job in session.plan if (r := session.store.get(job.digest)) is not None]
    seconds = sum(float(record["seconds"]) for record in records)
    versions = Counter(
        (record["versions"]["python"], record["versions"]["torch"], record["device"]) for record in records
    )
    (python, torch, device), _ = versions.most_common(1)[0]
    path = session.path.as_posix()
    data = session.dataset
    paper = "" if data.described == "cifar10" else ". The paper's are CIFAR-10 and a ResNet-9"
    yield (
        f"Data: {data.described}, {len(data.train_y):,} training and {len(data.val_y):,} validation points. "
        f"Networks: {session.study.model.kind}{paper}."
    )
    yield f"Made by these commands from `{path}` (sha256 {study_digest(session.path)}):"
    yield (
        f"```text\npython -m empirics run {path}\npython -m figures results --study {path} --out docs/results\n```"
    )
    yield (
        f"{len(records)} of {len(session.plan)} jobs are done, N = {session.study.n_models} models of each kind, "
        f"{len(rows):,} scores by the estimator `{session.study.estimator}`. They took {seconds / 3600:.1f} hours of one "
        f"worker, on {device} with Python {python} and torch {torch}. `python -m empirics table {path} --csv` "
        "prints every score with its interval, null floor and cost."
    )


def _verdicts(path: str, study: Study, found: Sequence[Finding], again: Sequence[Finding]) -> Iterator[str]:
    counts = Counter(one.verdict for one in found)
    other = other_estimator(study)
    by_other = {one.sentence: one.verdict for one in again}
    changed = sum(by_other[one.sentence] != one.verdict for one in found)
    turned = sum({one.verdict, by_other[one.sentence]} == {"confirmed", "refuted"} for one in found)
    yield (
        f"Of {len(found)} sentences, "
        + ", ".join(f"{counts[verdict]} are {verdict}" for verdict in get_args(Verdict))
        + ". The rules are the same for every study; `empirics/findings/da_fails.py` says what had been seen when they were "
        "written. All of it is SIMULATED, and holds for this study's data and networks alone; what appendix J says needs no "
        "study. Not decided means that the intervals leave it open, or that something was not run."
    )
    yield (
        f"The column `{other}` decides the same with every score by that estimator: {changed} verdicts differ, "
        f"{turned} of them between confirmed and refuted. `python -m empirics findings {path} --estimator {other}` "
        "tells what was measured then."
    )
    yield GRIDS
    lines = [f"| verdict | `{other}` | the paper says | where |", "|---|---|---|---|"]
    lines += [
        f"| {one.verdict} | {by_other[one.sentence]} | {one.sentence} | {one.where} |"
        for one in sorted(found, key=_order)
    ]
    yield "\n".join(lines)


def _order(one: Finding) -> int:
    return get_args(Verdict).index(one.verdict)


def _findings(found: Sequence[Finding]) -> Iterator[str]:
    for one in found:
        yield f"### {one.verdict.capitalize()}: {one.sentence}"
        yield f"Where: {one.where}. Claim: `{one.claim}`."
        yield f"Rule: {one.rule.removesuffix(BOUNDS).rstrip()}"
        first, *rest = _split(one.measured)
        yield "Measured: " + first
        if rest:
            yield "\n".join(f"- {part}" for part in rest)


def _split(text: str) -> list[str]:
    """Return the parts between semicolons that are in no brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == ";" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _methods(sets_: Sequence[SetOutcome]) -> Iterator[str]:
    yield (
        "Of all snapshots on all sets: broken; clearly not moved from the pretrained models and whole; whole and with a "
        "lower forget score than they; a success, near the floor on forget and validation points; and neither clearly a "
        "success nor clearly none. The bounds are given below. A snapshot may be in several columns."
    )
    methods = dict.fromkeys((s.method, s.rows["forget"].batch_norm) for one in sets_ for s in one.snapshots)
    lines = ["| method | statistics | " + " | ".join(COLUMNS) + " |", "|---|---|" + "---:|" * len(COLUMNS)]
    for method, norm in methods:
        mine = [
            s
            for one in sets_
            for s in one.snapshots
            if (s.method, s.rows["forget"].batch_norm) == (method, norm)
        ]
        counts = (
            len(mine),
            sum(s.broken is True for s in mine),
            sum(s.stays is True for s in mine),
            sum(s.broken is False and s.moved is True and s.gain > 0 for s in mine),
            sum(s.succeeds is True for s in mine),
            sum(s.succeeds is None for s in mine),
        )
        lines.append(f"| {method} | {norm or ''} | " + " | ".join(map(str, counts)) + " |")
    yield "\n".join(lines)
