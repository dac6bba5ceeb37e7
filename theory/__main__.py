"""`python -m theory`: list, verify, evaluate and explain the claims."""

from __future__ import annotations

import difflib
import json
import math
import sys
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from ascentcheck.theory import console
from ascentcheck.theory.check.certificate import check_stored, save, search
from ascentcheck.theory.claim import Claim, Verdict
from ascentcheck.theory.claims import CLAIMS, by_name
from ascentcheck.theory.evaluate import as_json, parse_point, plain
from ascentcheck.theory.explain import explain as explain_claim
from ascentcheck.theory.table import is_current, placed, verdict_table
from ascentcheck.theory.verify import ClaimResult
from ascentcheck.theory.verify import verify as verify_claim

PROGRESS = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
NAMES = tuple(claim.name for claim in CLAIMS)


def find(name: str) -> Claim:
    """Return the claim of that id. Raises UserError for an unknown one."""
    if name not in NAMES:
        near = difflib.get_close_matches(name, NAMES, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise console.UserError(f"unknown claim {name!r}{hint}; claims are {', '.join(NAMES)}")
    return by_name(name)


@click.group()
def theory() -> None:
    """Decide the claims of 'Ascent Fails to Forget', and evaluate them."""


@theory.command("list")
def list_claims() -> None:
    """List the claims: id, where in the paper, title."""
    width = max(len(name) for name in NAMES)
    for claim in CLAIMS:
        click.echo(f"{claim.name:<{width}}  {claim.where:<24}  {claim.title}")


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option(
    "--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="write the results here"
)
@click.option("--no-mutants", is_flag=True, help="leave the mutants out")
def verify(names: tuple[str, ...], target: Path | None, no_mutants: bool) -> int:
    """Decide the claims (all by default). Exit status 1 when one falls below its recorded level."""
    claims = [find(name) for name in dict.fromkeys(names)] or list(CLAIMS)
    if target is not None and not target.absolute().parent.is_dir():
        raise console.UserError(f"--json {target}: the folder {target.absolute().parent} does not exist")
    results = []
    with Progress(*PROGRESS, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("deciding", total=len(claims))
        for claim in claims:
            progress.update(task, description=claim.name)
            results.append(verify_claim(claim, mutants=not no_mutants))
            progress.advance(task)
    _print_table(results)
    if target is not None:
        target.write_text(json.dumps([record(r) for r in results], indent=2) + "\n")
    return 0 if all(r.ok for r in results) else 1


SHORT = {
    Verdict.HOLDS: "holds as printed",
    Verdict.REPAIRED: "holds, proof repaired",
    Verdict.CORRECTED: "holds with a correction",
    Verdict.FALSE: "false",
    Verdict.UNDECIDED: "undecided",
}


def _print_table(results: list[ClaimResult]) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("claim", "verdict", "evidence"):
        table.add_column(name, no_wrap=True)
    for name in ("points", "boxes", "slack", "mutants", "ulps", "solver", "time"):
        table.add_column(name, justify="right")
    for r in results:
        table.add_row(
            r.claim.name,
            SHORT[r.verdict],
            r.level.name,
            str(r.points),
            str(r.boxes) if r.boxes else "",
            "" if r.slack is None else f"{r.slack:.0e}" if r.slack else "0",
            f"{r.mutants.killed}/{r.mutants.tried}",
            "" if r.ulps is None else f"{r.ulps:.1f}",
            "" if r.simulation is None else f"{r.simulation.largest_error:.0e}",
            f"{r.seconds:.1f} s",
        )
    out = Console() if sys.stdout.isatty() else Console(width=120)
    out.print(table)
    for r in results:
        for statement in r.statements:
            if not statement.as_recorded:
                out.print(
                    f"{r.claim.name}/{statement.statement.name}: {statement.verdict.words}; "
                    + "; ".join(statement.problems),
                    highlight=False,
                )
        for problem in r.problems:
            out.print(f"{r.claim.name}: {problem}", highlight=False)


def record(result: ClaimResult) -> dict[str, object]:
    """Return what is known about a claim as plain data."""
    return {
        "claim": result.claim.name,
        "title": result.claim.title,
        "where": result.claim.where,
        "verdict": result.verdict.words,
        "evidence": result.level.name,
        "ok": result.ok,
        "summary": result.claim.summary,
        "statements": [
            {
                "name": s.statement.name,
                "where": s.statement.where,
                "quote": s.statement.quote,
                "verdict": s.verdict.words,
                "evidence": s.level.name,
                "as_recorded": s.as_recorded,
                "witness": None
                if s.statement.witness is None
                else {symbol.name: str(value) for symbol, value in s.statement.witness.point.items()},
                "remark": s.statement.remark,
                "problems": list(s.problems),
            }
            for s in result.statements
        ],
        "points": result.points,
        "boxes": result.boxes,
        "slack": result.slack,
        "mutants": {
            "killed": result.mutants.killed,
            "tried": result.mutants.tried,
            "survivors": {
                name: next((s.reason for s in result.claim.survivors if s.mutant == name), None)
                for name in result.mutants.survivors
            },
        },
        "ulps": {f.name: e.ulps for f, e in zip(result.claim.float_forms, result.floats, strict=True)},
        "solver": None
        if result.simulation is None
        else {"data": result.simulation.data, "largest_error": result.simulation.largest_error},
        "problems": list(result.problems),
        "seconds": round(result.seconds, 3),
    }


def _show_share(progress: Progress, task: TaskID, share: float) -> None:
    progress.update(task, completed=share)


@theory.command()
@click.argument("name", metavar="ID")
@click.option("--check", is_flag=True, help="only tell whether the stored covers are complete and current")
def certify(name: str, check: bool) -> int:
    """Search the covers that a claim needs (slow), or check the stored ones; status 1 when one is stale."""
    claim = find(name)
    needed = {p.certificate: p for s in claim.statements for p in s.verified if p.certificate is not None}
    if not needed:
        click.echo(f"{claim.name}: every proof is exact, no cover is needed")
        return 0
    stale = 0
    for stored, proposition in needed.items():
        problem, boxes = check_stored(proposition)
        if not problem:
            click.echo(f"{stored}: {boxes} boxes, current")
        elif check:
            click.echo(f"{stored}: {problem}")
            stale = 1
        else:
            with Progress(*PROGRESS, console=Console(stderr=True), transient=True) as progress:
                task = progress.add_task(stored, total=1.0)
                cover = search(proposition, progress=partial(_show_share, progress, task))
            save(stored, cover)
            click.echo(f"{stored}: {cover.boxes} boxes, stored")
    return stale


@theory.command()
@click.argument("name", metavar="ID")
@click.argument("pairs", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def evaluate(name: str, pairs: tuple[str, ...], as_text: bool) -> None:
    """Evaluate a claim at one point; numbers are exact decimals or fractions (alpha=1/9, ridge=1e-320)."""
    claim = find(name)
    point = parse_point(claim.inputs, pairs, claim.words, claim.defaults)
    result = claim.evaluate(point)
    if as_text:
        click.echo(json.dumps(as_json(claim, point, result)))
        return
    for title, values in (("hypotheses", result.hypotheses), ("values", result.values)):
        click.echo(title)
        for key, value in values.items():
            shown = plain(value)
            click.echo(f"  {key:<24} {'none' if shown is None else shown}")
    click.echo("conclusion")
    click.echo(f"  {'holds':<24} {'undefined' if result.holds is None else result.holds}")
    click.echo(f"  {'margin':<24} {'none' if result.margin is None else plain(result.margin)}")


@theory.command("real-data")
def real_data() -> None:
    """Tell how far lemma 2 is off on real data, where its assumptions fail."""
    from ascentcheck.theory.real_data import (
        departures,  # here, because scikit-learn doubles the start of every command
    )

    click.echo(f"{'data':<15} {'samples':>7}  {'problem':<11} {'relative error of the closed form':>34}")
    for d in departures():
        error = "the solver finds no minimum" if math.isnan(d.relative_error) else f"{d.relative_error:.3f}"
        click.echo(f"{d.data:<15} {d.n:>7}  {d.objective:<11} {error:>34}")


@theory.command()
@click.argument("name", metavar="ID")
def explain(name: str) -> None:
    """Print a claim: statements, verdicts, derivation, witnesses."""
    click.echo(explain_claim(verify_claim(find(name), mutants=False)))


@theory.command()
@click.option(
    "--write",
    "target",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="renew it in this file",
)
@click.option(
    "--check", "checked", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="fail if stale"
)
def table(target: Path | None, checked: Path | None) -> int:
    """Print the verdict table as Markdown, or renew or check it in a file."""
    results = [verify_claim(claim, mutants=False) for claim in CLAIMS]
    if target is not None:
        text = placed(target.read_text(encoding="utf-8"), verdict_table(results), target.name)
        target.write_text(text, encoding="utf-8")
        return 0
    if checked is not None:
        current = is_current(checked, results)
        click.echo(f"{checked}: the verdict table is {'current' if current else 'stale'}")
        return 0 if current else 1
    click.echo(verdict_table(results))
    return 0


if __name__ == "__main__":
    console.run(theory, "theory")
