"""A study's results as a page that can be committed: what was run, what it says of the paper, its sets and figures.

The page holds the sha256 of the study file it is of, so that it can be told from a page of another study.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from PIL import Image

from ascentcheck.empirics.findings import findings
from ascentcheck.empirics.findings.finding import Finding, Verdict
from ascentcheck.empirics.findings.outcome import BOUNDS, SetOutcome, outcomes
from ascentcheck.empirics.study import sets
from ascentcheck.empirics.study.session import Session
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures import figure1, figure3
from ascentcheck.figures.draw import Drawn, draw
from ascentcheck.figures.overview import GRIDS, PICTURED, record
from ascentcheck.theory.disk import read_bytes, write_text, written

SHOWN = (1, 2, 3, 6, 9)
COLUMNS = ("snapshots", "broken", "not moved", "nearer", "success", "unclear")
COLOURS = 256
"""Of a picture's palette: a third of the bytes, and no difference that the eye sees."""


def study_digest(path: Path) -> str:
    """Return the sha256 of a study file."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def verdicts_before(folder: Path, study: str) -> dict[str, dict[str, str]]:
    """Return the verdicts of older rules on a study, by sentence and estimator, from `before.json` beside the page; or none."""
    path = folder / "before.json"
    return json.loads(read_bytes(path))["studies"].get(study, {}) if path.exists() else {}


def write(session: Session, rows: Sequence[Row], folder: Path) -> list[Path]:
    """Write the page and its figures into `folder`; return their paths.

    Raises OSError where `folder` cannot be written.
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
            with Image.open(drawn.files[0]) as picture, written(target) as file:
                picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "png", optimize=True)
            pictures.append((target, drawn))
    target = folder / f"{name}.md"
    found = findings(session.study, rows, sets.unstable(session), session.store)
    before = verdicts_before(folder, name)
    text = page(session, rows, found, before, [(path.name, drawn) for path, drawn in pictures])
    write_text(target, text)
    verdicts = target.with_suffix(".json")
    shown = figure1.dependent_set(rows) is not None
    captions = {drawn.number: drawn.caption for _, drawn in pictures if drawn.number == PICTURED and shown}
    write_text(verdicts, record(session, found, before, captions))
    return [target, verdicts, *(path for path, _ in pictures)]


def page(
    session: Session,
    rows: Sequence[Row],
    found: Sequence[Finding],
    before: Mapping[str, Mapping[str, str]],
    pictures: Sequence[tuple[str, Drawn]],
) -> str:
    """Return the page as Markdown; `pictures` are the names of files beside it, with what was drawn."""
    parts = (
        f"# The study `{session.study.name}`, as it came out",
        *_run(session, rows),
        "## What it says of the paper's sentences about networks",
        *_verdicts(found, before),
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
        f"Data: {data.described}, {data.n_train:,} training and {data.n_validation:,} validation points. "
        f"Networks: {session.study.model.kind}{paper}."
    )
    yield f"Made by these commands from `{path}` (sha256 {study_digest(session.path)}):"
    yield (f"```text\nascentcheck run {path}\nascentcheck results --study {path} --out docs/results\n```")
    yield (
        f"{len(records)} of {len(session.plan)} jobs are done, N = {session.study.n_models} models of each kind, "
        f"{len(rows):,} scores by the estimator `{session.study.estimator}`. They took {seconds / 3600:.1f} hours of one "
        f"worker, on {device} with Python {python} and torch {torch}. `ascentcheck table {path} --csv` "
        "prints every score with its interval, null floor and cost."
    )


def _verdicts(found: Sequence[Finding], before: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    counts = Counter(one.verdict for one in found)
    yield (
        f"Of {len(found)} sentences, "
        + ", ".join(f"{counts[verdict]} are {verdict}" for verdict in get_args(Verdict))
        + ". The rules are the same for every study; [the record](../explanation/rules.md) says what had been seen when they "
        "were written. All of it is SIMULATED, and holds for this study's data and networks alone; what appendix J says needs "
        "no study. Not decided means that the intervals leave it open, or that something was not run."
    )
    known = [one for one in found if one.sentence in before]
    if known:
        changed = sum(one.verdict not in before[one.sentence].values() for one in known)
        differ = "1 verdict differs" if changed == 1 else f"{changed} verdicts differ"
        yield (
            "The column *before* has the verdicts of [older rules](../explanation/rules.md), by "
            f"{', '.join(f'`{name}`' for name in before[known[0].sentence])}: {differ} from all of these."
        )
    yield GRIDS
    lines = ["| verdict | before | the paper says | where |", "|---|---|---|---|"]
    lines += [
        f"| {one.verdict} | {', '.join(before.get(one.sentence, {}).values())} | {one.sentence} | {one.where} |"
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
        "lower forget score than they; a success, near oracles on forget and validation points; and neither clearly a "
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
