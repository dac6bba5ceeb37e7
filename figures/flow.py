"""What `make` does, in order: decide the claims, run the study, draw, report, sum up in ten lines.

Each stage goes on where it was: the study's results are in its store, its scores too, and the claims are
decided afresh, while other cores are at the study.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import click

from ascentcheck.empirics.engines import Placement, helped
from ascentcheck.empirics.findings import findings
from ascentcheck.empirics.progress import shown
from ascentcheck.empirics.study.session import Session, open_session
from ascentcheck.empirics.study.sets import unstable
from ascentcheck.empirics.study.table import Row
from ascentcheck.figures.draw import FIGURES, draw
from ascentcheck.figures.klom_plane import methods, named, score_named
from ascentcheck.figures.report import describe, render
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.console import writing
from ascentcheck.theory.disk import write_text
from ascentcheck.theory.table import counted
from ascentcheck.theory.verify import ClaimResult, verify


def decided() -> list[ClaimResult]:
    """Return all claims, decided now, with progress."""
    results = []
    with shown("claims") as show:
        for number, claim in enumerate(CLAIMS):
            show(claim.name, number / len(CLAIMS))
            results.append(verify(claim))
    return results


def scored(session: Session) -> list[Row]:
    """Return the table of what is done, with progress."""
    with shown("scores") as show:
        return session.rows(show)


def write_report(session: Session, rows: Sequence[Row], results: Sequence[ClaimResult], out: Path) -> Path:
    """Draw the figures beside the report and write it. Raises UserError where it cannot be written."""
    with writing(out):
        drawn = [draw(n, rows, session.title, out.parent / "figures", ("pdf", "png")) for n in FIGURES]
        out.parent.mkdir(parents=True, exist_ok=True)
        html = render(
            results,
            drawn,
            rows,
            describe(session),
            findings(session.study, rows, unstable(session), session.store),
        )
        write_text(out, html)
    return out


def everything(study: Path, out: Path) -> int:
    """Run all stages and print the summary; return 1 if a claim fell below its record or a job failed."""
    start = time.monotonic()
    session = open_session(study, out / "store" / study.stem)
    with helped(session, Placement()) as crew:  # claims take one core, and the study the others
        results = decided()
        click.echo(f"claims: {len(results)} decided")
        with shown(f"study {session.study.name}") as show:
            drained = crew.run(show, scoring=True)
    click.echo(f"study: {len(session.plan) - len(session.missing())} of {len(session.plan)} jobs done")
    rows = scored(session)
    report = write_report(session, rows, results, out / "report.html")
    for line in summary(session, results, rows, report, time.monotonic() - start):
        click.echo(line)
    return 0 if all(r.ok for r in results) and not drained.failed else 1


def summary(
    session: Session, results: Sequence[ClaimResult], rows: Sequence[Row], report: Path, seconds: float
) -> list[str]:
    """Return the ten lines that `make` ends with."""
    statements = [s for r in results for s in r.statements]
    mutants = [r.mutants for r in results]
    configurations = {(r.job, r.epoch) for r in rows if r.method not in ("do-nothing", "held-out")}

    def extent(method: str, split: str) -> str:
        found = [r for r in rows if r.method == method and r.split == split]
        if not found:
            return "not run"
        top = max(found, key=lambda r: r.p95)
        return f"{min(r.p95 for r in found):.2f} to {top.p95:.2f}"

    def decided(method: str, split: str) -> str:
        found = [r.energy for r in rows if r.method == method and r.split == split]
        return f"{min(found):.3f} to {max(found):.3f}" if found else "not run"

    ranges = [f"{named(method)} {extent(method, 'forget')}" for method in methods(rows)]
    fooled = sum(r.p95 < r.null_p95 / 2 for r in rows)
    diverged = {(r.job, r.epoch): r.diverged_unlearned for r in rows}
    return [
        "",
        f"claims      {len(results)} decided, by their worst sentence; {counted(r.verdict for r in results)}",
        f"sentences   {len(statements)} decided; {counted(s.verdict for s in statements)}",
        f"mutants     {sum(m.killed for m in mutants)} of {sum(m.tried for m in mutants)} killed, the others explained",
        f"study       {session.title}: N = {session.study.n_models}, {len(configurations)} configurations and "
        f"snapshots on {len(session.study.forget_sets)} forget sets",
        f"energy      in spreads, on forget sets: doing nothing {decided('do-nothing', 'forget')}, held-out oracles "
        f"{decided('held-out', 'forget')}",
        f"{score_named(rows)[:11]:<12}95th percentiles: doing nothing {extent('do-nothing', 'forget')} on forget sets, "
        f"{extent('do-nothing', 'retain')} on retain sets; held-out oracles {extent('held-out', 'forget')}",
        f"methods     {', '.join(ranges) or 'none run'} on forget sets; "
        f"{sum(1 for n in diverged.values() if n)} snapshots with diverged models",
        f"fooled      {fooled} scores are below half the floor: broken models stretch the estimator's cells",
        f"time        {seconds / 60:.1f} min",
        f"report      {report}, with the figures in {report.parent / 'figures'}",
    ]
