"""`python -m theory`: list, verify, evaluate and explain the claims.

Modules that need sympy are imported by the commands that need them: it takes most of a second.
"""

from __future__ import annotations

from ascentcheck.theory import console

if __name__ == "__main__":  # imports take half a second, in which Ctrl-C is one line as well
    console.run("ascentcheck.theory.__main__:theory", "theory")

# isort: split
import difflib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascentcheck.theory import decided, disk, index, listed
from ascentcheck.theory.parameters import NewFile
from ascentcheck.theory.progress import progress_bar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from ascentcheck.theory.claim import Claim


def known(name: str, names: tuple[str, ...]) -> None:
    """Raise UserError unless the name is one of the claims' ids."""
    if name not in names:
        near = difflib.get_close_matches(name, names, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise console.UserError(f"unknown claim {name!r}{hint}; claims are {', '.join(names)}")


def ids(*names: str) -> list[str]:
    """Return these ids, each once, all where none is given. Raises UserError for one that is no claim's and no theorem's."""
    every = listed.names()
    for name in names:
        known(name, every)
    return list(dict.fromkeys(names) or every)


def find(*names: str) -> list[Claim]:
    """Return the claims and theorems of these ids, all where none is given. Raises UserError for an unknown one."""
    return [listed.by_name(name) for name in ids(*names)]


def completed(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Return the ids that begin so, for completion in a shell."""
    return [name for name in listed.names() if name.startswith(begun)]


@click.group(context_settings=console.HELP)
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
    chosen = ids(*names)
    import ascentcheck.theory.verify  # noqa: F401 – here: once for all processes
    from ascentcheck.theory.check.store import Proofs

    decide = partial(
        decided.by_name,
        proofs=Proofs.NEW if search else Proofs.STORED,
        everything=everything,
        mutants=not no_mutants,
    )
    found = []
    coming = decided.on_all_processors(decide, chosen)
    with progress_bar() as progress:
        task = progress.add_task("deciding", total=len(chosen))
        for one in coming:
            found.append(one)
            progress.update(task, description=str(one.record["claim"]))
            progress.advance(task)
    decided.print_table(found, everything)
    if target is not None:
        import json

        disk.write_text(target, json.dumps([one.record for one in found], indent=2) + "\n")
    return 0 if all(one.record["ok"] for one in found) else 1


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
@click.option("--list", "only_list", is_flag=True, help="only list the changes")
@click.option(
    "--log", type=NewFile(), help="write each trial there at once, and leave out those that are there"
)
def mutate(
    names: tuple[str, ...],
    sample: int | None,
    seed: str,
    jobs: int,
    search: bool,
    only_list: bool,
    log: Path | None,
) -> int:
    """Change the claims' source at one place at a time; does `verify` object?

    Exit status 1 when a survivor is unexplained, or a reason explains none of those that were all tried.
    """
    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.mutate.log import known, written
    from ascentcheck.theory.mutate.survey import Survey, drawn  # here: only this command needs them
    from ascentcheck.theory.mutate.trial import try_all

    chosen = drawn([claim.name for claim in find(*names) if names], sample, seed)
    if only_list:
        click.echo("\n".join(mutation.name for mutation in chosen))
        return 0
    proofs = Proofs.EITHER if search else Proofs.STORED
    trials = [] if log is None else known(log, chosen, proofs)
    done = {trial.mutation for trial in trials}
    coming = try_all([mutation for mutation in chosen if mutation not in done], jobs, proofs)
    with progress_bar() as progress:
        task = progress.add_task("verifying the true claims", total=len(chosen), completed=len(trials))
        for trial in coming if log is None else written(log, coming):
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
    given = {pair.partition("=")[0] for pair in pairs}
    taken = {symbol.name: text for symbol, text in claim.defaults.items() if symbol.name not in given}
    for title, values in (
        *([("inputs that were left out", taken)] if taken else []),
        ("hypotheses", result.hypotheses),
        ("values", result.values),
    ):
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
        disk.write_text(target, placed(text, answer(results), page.name))
        return 0
    fresh = is_current(page, results)
    click.echo(f"{page}: the lines are {'current' if fresh else 'stale'}")
    return 0 if fresh else 1
