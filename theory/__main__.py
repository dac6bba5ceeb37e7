"""`python -m theory`: list, verify, evaluate and explain the claims.

Modules that need sympy are imported by the commands that need them: it takes most of a second.
"""

from __future__ import annotations

import difflib
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from ascentcheck.theory import console, index

if TYPE_CHECKING:
    from ascentcheck.theory.claim import Claim
    from ascentcheck.theory.verify import ClaimResult
    from rich.progress import Progress, TaskID


def known(name: str, names: tuple[str, ...]) -> None:
    """Raise UserError unless the name is one of the claims' ids."""
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise console.UserError(f"unknown claim {name!r}{hint}; claims are {', '.join(names)}")


def find(*names: str) -> list[Claim]:
    """Return the claims of these ids, all where none is given. Raises UserError for an unknown one."""
    stored = index.load()
    for name in names if stored is not None else ():
        known(name, tuple(entry.name for entry in stored or ()))
    from ascentcheck.theory.claims import CLAIMS, by_name

    for name in names:
        known(name, tuple(claim.name for claim in CLAIMS))
    return [by_name(name) for name in dict.fromkeys(names)] or list(CLAIMS)


def progress_bar() -> Progress:
    """Return a progress bar on standard error that leaves nothing behind."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


@click.group()
def theory() -> None:
    """Decide the claims of 'Ascent Fails to Forget', and evaluate them."""


@theory.command("list")
def list_claims() -> None:
    """List the claims: id, where in the paper, title."""
    entries = index.load() or find()
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        click.echo(f"{entry.name:<{width}}  {entry.where:<24}  {entry.title}")


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option(
    "--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="write the results here"
)
@click.option("--search", is_flag=True, help="find every proof anew; fail where a stored one is stale")
@click.option(
    "--all", "everything", is_flag=True, help="exact points, solvers, float forms and mutants as well"
)
@click.option("--no-mutants", is_flag=True, help="leave the mutants out of --all")
def verify(
    names: tuple[str, ...], target: Path | None, search: bool, everything: bool, no_mutants: bool
) -> int:
    """Decide the claims (all by default) from stored proofs, covers and witnesses.

    Exit status 1 when a claim falls below its recorded level.
    """
    claims = find(*names)
    if target is not None and not target.absolute().parent.is_dir():
        raise console.UserError(f"--json {target}: the folder {target.absolute().parent} does not exist")
    import json

    from ascentcheck.theory.check.store import Proofs, replay
    from ascentcheck.theory.verify import verify as verify_claim

    proofs = Proofs.NEW if search else Proofs.STORED
    results = []
    replay(claims)
    with progress_bar() as progress:
        task = progress.add_task("deciding", total=len(claims))
        for claim in claims:
            progress.update(task, description=claim.name)
            results.append(verify_claim(claim, everything and not no_mutants, proofs, everything))
            progress.advance(task)
    _print_table(results, everything)
    if target is not None:
        target.write_text(json.dumps([record(r) for r in results], indent=2) + "\n")
    return 0 if all(r.ok for r in results) else 1


SHORT = {
    "HOLDS": "holds as printed",
    "REPAIRED": "holds, proof repaired",
    "CORRECTED": "holds with a correction",
    "FALSE": "false",
    "UNDECIDED": "undecided",
}


def _print_table(results: list[ClaimResult], everything: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("claim", "verdict", "evidence"):
        table.add_column(name, no_wrap=True)
    for name in (
        "proofs",
        "boxes",
        *(("points", "slack", "mutants", "ulps", "solver") if everything else ()),
        "time",
    ):
        table.add_column(name, justify="right")
    for r in results:
        tried = (
            (
                str(r.points),
                "" if r.slack is None else f"{r.slack:.0e}" if r.slack else "0",
                f"{r.mutants.killed}/{r.mutants.tried}",
                "" if r.ulps is None else f"{r.ulps:.1f}",
                "" if r.simulation is None else f"{r.simulation.largest_error:.0e}",
            )
            if everything
            else ()
        )
        table.add_row(
            r.claim.name,
            SHORT[r.verdict.name],
            r.level.name,
            str(r.proofs) if r.proofs else "",
            str(r.boxes) if r.boxes else "",
            *tried,
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


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option("--check", is_flag=True, help="only tell whether what is stored is complete and current")
def certify(names: tuple[str, ...], check: bool) -> int:
    """Find the proofs and covers that are not stored yet, claim by claim, and store them (about two minutes for all).

    What is stored and current is kept, so a stopped run goes on where it was. Exit status 1 when something is not proved.
    """
    claims = find(*names)
    from ascentcheck.theory.check import certificate, store

    wrong = 0
    for claim in claims:
        problems = store.stale(claim) if check else []
        if not check:
            fresh, problems = store.certify(claim)
        covers = {p.certificate: p for s in claim.statements for p in s.verified if p.certificate is not None}
        for stored, proposition in covers.items():
            problem, _ = certificate.check_stored(proposition)
            if problem and not check:
                with progress_bar() as progress:
                    task = progress.add_task(stored, total=1.0)
                    cover = certificate.search(proposition, progress=partial(_show_share, progress, task))
                certificate.save(stored, cover)
            elif problem:
                problems.append(f"{stored}: {problem}")
        for problem in problems:
            click.echo(f"{claim.name}: {problem}")
        kept = f"{len(store.load(claim.name))} proofs, {len(covers)} covers"
        click.echo(
            f"{claim.name}: {kept}, {'stale' if problems else 'current'}"
            + ("" if check else f", {fresh} new")
        )
        wrong += bool(problems)
    if not names and not check and not wrong:
        index.save(index.made())
    return 1 if wrong else 0


def _show_share(progress: Progress, task: TaskID, share: float) -> None:
    progress.update(task, completed=share)


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...")
def trust(names: tuple[str, ...]) -> None:
    """Print for each claim the rules that its proofs use, how many leaves they have, and the largest leaf."""
    claims = find(*names)
    from ascentcheck.theory.check.store import load
    from ascentcheck.theory.check.trust import of_proofs, versions

    click.echo(f"{'claim':<16} {'proofs':>6} {'leaves':>6}  {'largest leaf':<26} rules")
    for claim in claims:
        t = of_proofs(load(claim.name))
        rules = ", ".join(f"{rule} {count}" for rule, count in t["rules"].items())
        largest = f"{t['terms']} terms, {t['variables']} variables" if t["proofs"] else "no exact proof"
        click.echo(f"{claim.name:<16} {t['proofs']:>6} {t['leaves']:>6}  {largest:<26} {rules}")
    click.echo(", ".join(f"{package} {number}" for package, number in versions().items()))


@theory.command()
@click.argument("name", metavar="ID")
@click.argument("pairs", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def evaluate(name: str, pairs: tuple[str, ...], as_text: bool) -> None:
    """Evaluate a claim at one point; numbers are exact decimals or fractions (alpha=1/9, ridge=1e-320)."""
    (claim,) = find(name)
    import json

    from ascentcheck.theory.evaluate import as_json, parse_point, plain

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
    import math

    from ascentcheck.theory.real_data import departures

    click.echo(f"{'data':<15} {'samples':>7}  {'problem':<11} {'relative error of the closed form':>34}")
    for d in departures():
        error = "the solver finds no minimum" if math.isnan(d.relative_error) else f"{d.relative_error:.3f}"
        click.echo(f"{d.data:<15} {d.n:>7}  {d.objective:<11} {error:>34}")


@theory.command()
@click.argument("name", metavar="ID")
def explain(name: str) -> None:
    """Print a claim: statements, verdicts, derivation, witnesses."""
    stored = index.load()
    if stored is not None:
        known(name, tuple(entry.name for entry in stored))
        click.echo(next(entry.text for entry in stored if entry.name == name))
        return
    (claim,) = find(name)
    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.explain import explain as explain_claim
    from ascentcheck.theory.verify import verify as verify_claim

    click.echo(explain_claim(verify_claim(claim, mutants=False, proofs=Proofs.STORED, tried=False)))


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
    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.table import is_current, placed, verdict_table
    from ascentcheck.theory.verify import verify as verify_claim

    results = [verify_claim(claim, mutants=False, proofs=Proofs.STORED, tried=False) for claim in find()]
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
