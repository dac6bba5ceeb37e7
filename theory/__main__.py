"""`python -m theory`: list, verify, evaluate and explain the claims.

Modules that need sympy are imported by the commands that need them: it takes most of a second.
"""

from __future__ import annotations

import difflib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascentcheck.theory import console, index
from ascentcheck.theory.parameters import NewFile

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.claim import Claim
    from ascentcheck.theory.compiled import Places
    from ascentcheck.theory.verify import ClaimResult


def known(name: str, names: tuple[str, ...]) -> None:
    """Raise UserError unless the name is one of the claims' ids."""
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise console.UserError(f"unknown claim {name!r}{hint}; claims are {', '.join(names)}")


def find(*names: str) -> list[Claim]:
    """Return the claims and theorems of these ids, all where none is given. Raises UserError for an unknown one."""
    from ascentcheck.theory import claims, theorems

    every = (*claims.NAMES, *theorems.NAMES)
    for name in names:
        known(name, every)
    return [
        (claims if name in claims.NAMES else theorems).by_name(name) for name in dict.fromkeys(names) or every
    ]


def completed(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the ids that begin so, for completion in a shell."""
    from ascentcheck.theory import claims, theorems

    return [name for name in (*claims.NAMES, *theorems.NAMES) if name.startswith(begun)]


def progress_bar() -> Progress:
    """Return a progress bar on standard error that leaves nothing behind; none where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    shown = Console(stderr=True)
    return Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal)


@click.group()
def theory() -> None:
    """Decide the claims of 'Ascent Fails to Forget', and evaluate them."""


@theory.command("list")
def list_claims() -> None:
    """List the claims, then the theorems beyond the paper: id, where in the paper, title."""
    entries = index.load() or find()
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        click.echo(f"{entry.name:<{width}}  {entry.where:<24}  {entry.title}")


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=completed)
@click.option("--json", "target", type=NewFile(), help="write the results here")
@click.option(
    "--search", is_flag=True, help="find every proof and cover anew; fail where a stored one is stale"
)
@click.option(
    "--all", "everything", is_flag=True, help="exact points, solvers, float forms and mutants as well"
)
@click.option("--no-mutants", is_flag=True, help="leave the mutants out of --all")
def verify(
    names: tuple[str, ...], target: Path | None, search: bool, everything: bool, no_mutants: bool
) -> int:
    """Decide the claims (all by default) from stored proofs, covers and witnesses.

    Each stored proof is checked by the kernel and each box of a stored cover in ball arithmetic, every time; each witness and
    each value at a point is computed; what `evaluate` prints and texts quote is compared with what is proved. Exact points,
    solvers, float forms, relations that say too little, and mutants take --all. Exit status 1 when a claim falls below its
    recorded level.
    """
    if no_mutants and not everything:
        raise console.UserError("--no-mutants: has a meaning with --all only")
    claims = find(*names)
    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.expression import Places

    decide = partial(
        _decided,
        proofs=Proofs.NEW if search else Proofs.STORED,
        everything=everything,
        mutants=not no_mutants,
        places=Places(),
    )
    decided = []
    coming = _on_all_processors(decide, claims)
    with progress_bar() as progress:
        task = progress.add_task("deciding", total=len(claims))
        for one in coming:
            decided.append(one)
            progress.update(task, description=str(one.record["claim"]))
            progress.advance(task)
    _print_table(decided, everything)
    if target is not None:
        import json

        target.write_text(json.dumps([one.record for one in decided], indent=2) + "\n")
    return 0 if all(one.record["ok"] for one in decided) else 1


@dataclass(frozen=True)
class Decided:
    """A decided claim as plain data, which another process can send: a row of the table, the record, what is wrong, and notes."""

    row: tuple[str, ...]
    record: dict[str, object]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def _decided(claim: Claim, proofs: Proofs, everything: bool, mutants: bool, places: Places) -> Decided:
    from ascentcheck.theory.verify import verify as verify_claim

    result = verify_claim(claim, everything and mutants, proofs, everything, places)
    return Decided(_row(result, everything), record(result), tuple(_problems(result)), tuple(_notes(result)))


def _on_all_processors(decide: Callable[[Claim], Decided], claims: list[Claim]) -> Iterator[Decided]:
    """Begin with all claims, and return what `decide` says of each, in their order; those with most proofs take longest."""
    if (
        len(claims) < 2
        or threading.active_count() > 1
        or "fork" not in multiprocessing.get_all_start_methods()
    ):
        return map(decide, claims)
    global _claims, _decide
    _claims, _decide = claims, decide
    first = sorted(range(len(claims)), key=lambda k: -_size_of_proofs(claims[k].name))
    pool = ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("fork"), _leave_interrupts)
    futures = {k: pool.submit(_decide_there, k) for k in first}
    pool.shutdown(wait=False)
    return (futures[k].result() for k in range(len(claims)))


def _leave_interrupts() -> None:
    """Leave Ctrl-C, which reaches all processes of a terminal, to the one that waits for the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _size_of_proofs(name: str) -> int:
    path = index.ROOT / "certificates" / f"{name}.json"
    return path.stat().st_size if path.exists() else 0


_claims: list[Claim] = []
_decide: Callable[[Claim], Decided]
"""What forked processes find in place: claims hold functions, which cannot be sent."""


def _decide_there(index: int) -> Decided:
    return _decide(_claims[index])


SHORT = {
    "AS_PRINTED": "as printed",
    "REPAIRED": "right, proof repaired",
    "OPEN": "open as worded",
    "FALSE": "false as printed",
    "UNDECIDED": "undecided",
}


def _row(r: ClaimResult, everything: bool) -> tuple[str, ...]:
    from ascentcheck.theory.explain import is_ours, verdict_words

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
    verdict = verdict_words(r.claim, r.verdict) if is_ours(r.claim) else SHORT[r.verdict.name]
    counts = (str(r.proofs) if r.proofs else "", str(r.boxes) if r.boxes else "")
    return (r.claim.name, verdict, r.level.name, *counts, *tried, f"{r.seconds:.1f} s")


def _problems(r: ClaimResult) -> Iterator[str]:
    for s in r.statements:
        if not s.as_recorded:
            yield f"{r.claim.name}/{s.statement.name}: {s.verdict.words}; " + "; ".join(s.problems)
    yield from (f"{r.claim.name}: {problem}" for problem in r.problems)


def _notes(r: ClaimResult) -> Iterator[str]:
    from ascentcheck.theory.rocq.record import RENEW

    stale = [s for s in r.statements if RENEW in s.not_in_rocq]
    if stale:
        names = ", ".join(s.statement.name for s in stale)
        yield f"{r.claim.name}: not PROVED: {names}: {stale[0].not_in_rocq}"


def _print_table(decided: list[Decided], everything: bool) -> None:
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
    for one in decided:
        table.add_row(*one.row)
    out = Console() if sys.stdout.isatty() else Console(width=120)
    out.print(table)
    for one in decided:
        for line in (*one.problems, *one.notes):
            out.print(line, highlight=False)


def record(result: ClaimResult) -> dict[str, object]:
    """Return what is known about a claim as plain data."""
    from ascentcheck.theory.explain import verdict_words

    return {
        "claim": result.claim.name,
        "title": result.claim.title,
        "where": result.claim.where,
        "verdict": verdict_words(result.claim, result.verdict),
        "evidence": result.level.name,
        "ok": result.ok,
        "summary": result.claim.summary,
        "statements": [
            {
                "name": s.statement.name,
                "where": s.statement.where,
                "quote": s.statement.quote,
                "verdict": verdict_words(result.claim, s.verdict),
                "readings": {
                    reading.says: verdict.words
                    for reading, verdict in zip(s.statement.readings, s.readings, strict=True)
                },
                "evidence": s.level.name,
                "not_in_rocq": s.not_in_rocq,
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
                mutant.name: next((s.reason for s in result.claim.survivors if s.mutant == mutant.name), None)
                for mutant in result.mutants.survivors
            },
        },
        "ulps": {f.name: e.ulps for f, e in zip(result.claim.float_forms, result.floats, strict=False)},
        "solver": None
        if result.simulation is None
        else {"data": result.simulation.data, "largest_error": result.simulation.largest_error},
        "problems": list(result.problems),
        "seconds": round(result.seconds, 3),
    }


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=completed)
@click.option(
    "--sample", type=click.IntRange(min=1), help="try that many, drawn at random (default: all, an hour)"
)
@click.option("--seed", default="0", show_default=True, help="any text; the same text draws the same sample")
@click.option("--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="processes")
@click.option(
    "--search", is_flag=True, help="look for a new proof of what has none: objects to less, and is slower"
)
@click.option("--list", "listed", is_flag=True, help="only list the changes")
def mutate(
    names: tuple[str, ...], sample: int | None, seed: str, jobs: int, search: bool, listed: bool
) -> int:
    """Change the claims' source at one place at a time; does `verify` object?

    Exit status 1 when a survivor is unexplained, or a reason explains none of those that were all tried.
    """
    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.mutate.survey import Survey, drawn  # here: only this command needs them
    from ascentcheck.theory.mutate.trial import try_all

    chosen = drawn([claim.name for claim in find(*names) if names], sample, seed)
    if listed:
        click.echo("\n".join(mutation.name for mutation in chosen))
        return 0
    trials = []
    with progress_bar() as progress:
        task = progress.add_task("verifying the true claims", total=len(chosen))
        for trial in try_all(chosen, jobs, Proofs.EITHER if search else Proofs.STORED):
            trials.append(trial)
            progress.update(task, description="changing them", completed=len(trials))
    survey = Survey(tuple(trials))
    click.echo("\n".join(survey.lines()))
    return 1 if survey.left(explained=False) or survey.stale() else 0


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=completed)
@click.option("--check", is_flag=True, help="only tell whether what is stored is complete and current")
def certify(names: tuple[str, ...], check: bool) -> int:
    """Find the proofs and covers that are not stored yet, claim by claim, and store them (about two minutes for all).

    What is stored and current is kept, so a stopped run goes on where it was. Exit status 1 when something is not proved.
    """
    claims = find(*names)
    from ascentcheck.theory.check import certificate, pointwise, store
    from ascentcheck.theory.toy import covers as toy_covers
    from ascentcheck.theory.verify import covers_asked

    wrong = 0
    for claim in claims:
        asked = covers_asked(claim)
        problems = (
            [*store.stale(claim), *pointwise.objections(claim), *toy_covers.stale(asked)] if check else []
        )
        if not check:
            fresh, problems = store.certify(claim)
            pointwise.certify(claim)
            fresh += toy_covers.certify(asked)
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
        kept = f"{len(store.load(claim.name))} proofs, {len(covers) + len(asked)} covers"
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
@click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=completed)
@click.option("--jobs", type=click.IntRange(1), help="processes that compile; as many as cores unless said")
@click.option(
    "--write", is_flag=True, help="store rocq/Statements.v and the record of what compiled (all claims)"
)
@click.option("--falsify", type=click.IntRange(0), default=0, help="also try so many false statements")
@click.option("--seed", default="0", help="any text; the same text draws the same false statements")
def rocq(names: tuple[str, ...], jobs: int | None, write: bool, falsify: int, seed: str) -> int:
    """Have the proof assistant Rocq check the stored proofs of claims, all where none is named, in build/rocq.

    Exit status 1 when something does not compile, rests on an axiom, or is not what is recorded, and when a false statement
    is accepted, or refused for another reason than its proof.
    """
    from ascentcheck.theory.rocq.run import check, report, stale, store, tried

    if write and names:
        raise console.UserError("--write stores the record of all claims: name none")
    claims = find(*names)
    checked = check(claims, jobs or 0)
    click.echo(report(checked))
    wrong = checked.problem != "" or bool(checked.axioms)
    if falsify and not wrong:
        for found in tried(claims, falsify, seed, jobs or 0):
            wrong |= not found.for_its_proof
            click.echo(f"{found.outcome}: {found.says}")
    if write and not wrong:
        store(checked)
    elif not wrong and (other := stale(checked)):
        wrong = True
        click.echo("the record is stale (`--write` renews it): " + "; ".join(other))
    return int(wrong)


@theory.command()
@click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=completed)
def trust(names: tuple[str, ...]) -> None:
    """Print for each claim the rules that its proofs use, how many leaves they have, the largest leaf, and boxes of covers."""
    claims = find(*names)
    from ascentcheck.theory.check.store import load
    from ascentcheck.theory.check.trust import of_proofs, versions
    from ascentcheck.theory.verify import boxes

    click.echo(f"{'claim':<16} {'proofs':>6} {'leaves':>6} {'boxes':>6}  {'largest leaf':<26} rules")
    for claim in claims:
        t = of_proofs(load(claim.name))
        rules = ", ".join(f"{rule} {count}" for rule, count in t["rules"].items())
        largest = f"{t['terms']} terms, {t['variables']} variables" if t["proofs"] else "no exact proof"
        counts = f"{t['proofs']:>6} {t['leaves']:>6} {boxes(claim) or '':>6}"
        click.echo(f"{claim.name:<16} {counts}  {largest:<26} {rules}")
    click.echo(", ".join(f"{package} {number}" for package, number in versions().items()))


@theory.command()
@click.argument("name", metavar="ID", shell_complete=completed)
@click.argument("pairs", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def evaluate(name: str, pairs: tuple[str, ...], as_text: bool) -> None:
    """Evaluate a claim at one point; numbers are exact decimals or fractions (alpha=1/9, ridge=1e-320)."""
    (claim,) = find(name)
    import json

    from ascentcheck.theory.evaluate import as_json, evaluated, parse_point, plain

    point = parse_point(claim.inputs, pairs, claim.words, claim.defaults)
    result = evaluated(claim, point)
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
@click.argument("name", metavar="ID", shell_complete=completed)
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
    help="renew the lines that count the verdicts in this file",
)
@click.option(
    "--check",
    "checked",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="fail if they are stale",
)
def table(target: Path | None, checked: Path | None) -> int:
    """Print the verdict table as Markdown, or renew or check the lines of a file, the README, that count the verdicts."""
    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.claims import CLAIMS
    from ascentcheck.theory.table import answer, is_current, placed, verdict_table
    from ascentcheck.theory.verify import verify as verify_claim

    if target is not None and checked is not None:
        raise console.UserError("--write and --check cannot be given together")
    page = target or checked
    text = None if page is None else console.read_text(page)
    if page is not None and text is not None:
        placed(text, "", page.name)  # which fails at once where the lines are not there
    results = [verify_claim(claim, mutants=False, proofs=Proofs.STORED, tried=False) for claim in CLAIMS]
    if page is None or text is None:
        click.echo(verdict_table(results))
        return 0
    if target is not None:
        target.write_text(placed(text, answer(results), page.name), encoding="utf-8")
        return 0
    fresh = is_current(page, results)
    click.echo(f"{page}: the lines are {'current' if fresh else 'stale'}")
    return 0 if fresh else 1


if __name__ == "__main__":
    console.run(theory, "theory")
