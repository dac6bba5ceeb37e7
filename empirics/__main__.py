"""`python -m empirics`: plan and run studies, see how far they are, export their table, and score margins."""

from __future__ import annotations

from ascentcheck.theory import console

if __name__ == "__main__":  # imports take half a second, in which Ctrl-C is one line as well
    console.run("ascentcheck.empirics.__main__:empirics", "empirics")

# isort: split
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascentcheck.empirics.card.command import card
from ascentcheck.empirics.dependence.command import diagnose
from ascentcheck.empirics.dependence.study_command import dependence
from ascentcheck.empirics.klom import ESTIMATORS
from ascentcheck.empirics.klom.commands import score
from ascentcheck.empirics.klom.files import check_estimator
from ascentcheck.empirics.progress import shown
from ascentcheck.empirics.published.command import published
from ascentcheck.empirics.scores.commands import coverage_study, floors, power_study
from ascentcheck.empirics.telling import tell
from ascentcheck.theory.parameters import Finite, NewFile

if TYPE_CHECKING:
    from ascentcheck.empirics.device import DeviceName
    from ascentcheck.empirics.study.job import Job
    from ascentcheck.empirics.study.session import Session
    from ascentcheck.empirics.study.table import Row

STUDY = click.argument("study", type=click.Path(path_type=Path))
STORE = click.option("--store", type=click.Path(path_type=Path), help="where results live (build/store/NAME)")


@click.group(context_settings=console.HELP)
def empirics() -> None:
    """Run the KLoM study of unlearned networks, and score your own models."""


def _session(study: Path, store: Path | None) -> Session:
    from ascentcheck.empirics.study.session import open_session  # torch, which `score` does without

    return open_session(study, store)


def _rows(session: Session, estimator: str | None = None) -> list[Row]:
    """Return the table's rows of what is done, with a line for people where that is not all."""
    with shown("scoring") as show:
        rows = session.rows(show, estimator)
    session.tell_lacking()
    return rows


@empirics.command()
@STUDY
@STORE
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="processes; one per core that is ours, or per GPU, by default",
)
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="for networks",
)
@click.option(
    "--at-once", type=click.IntRange(1), help="models computed at once; halved where memory runs out"
)
@click.option("--address", help="of a running Ray cluster, auto or HOST:PORT; one is started here by default")
@click.option(
    "--gpus-per-job",
    type=Finite(0, 1, min_open=True),
    help="share of a GPU for each of Ray's jobs; 1 by default where there are GPUs",
)
def run(
    study: Path,
    store: Path | None,
    engine: str,
    workers: int | None,
    device: DeviceName,
    at_once: int | None,
    address: str | None,
    gpus_per_job: float | None,
) -> int:
    """Run what is missing of a study. Interrupt it at any time; run it again and it goes on."""
    if engine == "local" and (address is not None or gpus_per_job is not None):
        raise console.UserError("--address and --gpus-per-job: have a meaning with --engine ray only")
    if address is not None and workers is not None:
        raise console.UserError(
            "--workers: has no meaning with --address: the cluster has the workers it has"
        )
    session = _session(study, store)
    from ascentcheck.empirics.engines import Cluster, Placement, run_locally, run_on_ray, status

    placement = Placement(workers, device, at_once)
    missing = session.missing()
    from ascentcheck.empirics.device import find_device

    where = "" if engine == "ray" else f" on {find_device(device).type}"
    try:
        with shown(f"{session.study.name}{where}") as show:
            if engine == "ray":
                drained = run_on_ray(session, show, placement, Cluster(address, gpus_per_job))
                session.score(show)
            else:
                drained = run_locally(session, show, placement, scoring=True)
    except KeyboardInterrupt:
        done = len(session.plan) - len(session.missing())
        tell(
            f"{session.study.name}: stopped with {done} of {len(session.plan)} jobs done, which are kept in "
            f"{session.store.root}; the same command goes on"
        )
        return 130
    summary = (
        f"{session.study.name}: {drained.computed} jobs computed here, {drained.present} by others or before, "
        f"{drained.failed} failed, {drained.blocked} waiting for those; results in {session.store.root}"
    )
    if sys.stdout is not None:
        tell(summary, sys.stdout)  # who has ended reading changes nothing of what became of the jobs
    for label in drained.damaged:
        tell(f"  {label}: the stored result was damaged and has been computed again")
    for line in _short_of_memory(session, missing):
        tell(line)
    for job in session.plan:
        reason = session.store.failure(job.digest) if session.store.get(job.digest) is None else None
        if reason is not None:
            times = session.store.failures(job.digest)
            tell(f"  {job.label}: {console.one_line(reason)} (failed {times} times)")
    return status(drained)


def _short_of_memory(session: Session, jobs: Sequence[Job]) -> Iterator[str]:
    """Yield a line where memory ran out in any of the jobs: in this process or in others, which are not heard."""
    found = [result.record for job in jobs if (result := session.store.get(job.digest)) is not None]
    short = [record["members_at_once"] for record in found if record.get("memory_ran_out")]
    if short:
        yield (
            f"  memory ran out; jobs that went on with fewer models at once: {len(short)} (as few as {min(short)}); "
            "--at-once sets the number"
        )


@empirics.command()
@STUDY
@STORE
@click.option(
    "--tflops",
    type=Finite(0, min_open=True),
    help="rate to assume, in 10¹² FLOPs per second; that of the jobs done by default",
)
def plan(study: Path, store: Path | None, tflops: float | None) -> None:
    """Tell what a study takes before anything runs: models, passes, FLOPs, bytes, time. The data may be absent."""
    from ascentcheck.empirics.study.cost import cost, lines
    from ascentcheck.empirics.study.session import open_session

    session = open_session(study, store, to_plan=True)
    for line in lines(session, cost(session, tflops)):
        click.echo(line)


@empirics.command()
@STUDY
@STORE
@click.option(
    "--check", is_flag=True, help="read every result and count those that are damaged, as `run` does"
)
def status(study: Path, store: Path | None, check: bool) -> None:
    """Tell how many jobs are done, running, failed and left, and who runs them."""
    from ascentcheck.empirics.study.plan import counts

    session = _session(study, store)
    seen = session.store.glance()
    click.echo(f"{session.title}: {len(session.plan)} jobs in {session.store.root}")
    for name, count in counts(session.plan, session.store, seen, check).items():
        click.echo(f"{name:<8} {count:>5}")
    for job in session.plan:
        if (holder := seen.held.get(job.digest)) is not None:
            click.echo(f"  {job.label}: on {holder[0]}, process {holder[1]}")


@empirics.command()
@STUDY
@STORE
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def sets(study: Path, store: Path | None, as_text: bool) -> None:
    """Tell what each forget set is made of, and whether it is more than noise."""
    from ascentcheck.empirics.study import sets

    session = _session(study, store)
    found = sets.influence_report(session), sets.set_reports(session)
    click.echo(json.dumps(sets.as_json(*found)) if as_text else sets.as_text(*found))


@empirics.command()
@STUDY
@STORE
@click.option("--estimator", help=f"{' or '.join(ESTIMATORS)}; the study's own by default")
@click.option("--csv", "as_text", is_flag=True, help="every column, as CSV on standard output")
@click.option("--parquet", type=NewFile(), help="every column, as a Parquet file of that name")
def table(
    study: Path, store: Path | None, estimator: str | None, as_text: bool, parquet: Path | None
) -> None:
    """Print the scores of every configuration, snapshot, set and split that is done: energy in spreads, KLoM in nats.

    A ! marks scores whose whole interval is below the null floor: no model can beat an oracle, so they are artefacts.
    """
    from ascentcheck.empirics.study.shown_settings import shown_settings
    from ascentcheck.empirics.study.table import as_csv, write_parquet

    if estimator is not None:
        check_estimator(estimator)
    rows = _rows(_session(study, store), estimator)
    if parquet is not None:
        write_parquet(rows, parquet)
    if as_text:
        click.echo(as_csv(rows), nl=False)
    if as_text or parquet is not None:
        return
    click.echo(
        f"{'set':<16}{'method':<17}{'settings':<44}{'epoch':>5}  {'split':<11}{'energy':>8}  {'interval':<16}"
        f"{'p95':>6}  {'interval':<14}{'floor':>7}{'diverged':>10}{'cost':>7}{'public':>8}"
    )
    for r in rows:
        settings = shown_settings(json.loads(r.hyperparameters))
        interval = "" if r.p95_low != r.p95_low else f"{r.p95_low:.2f}–{r.p95_high:.2f}"
        energy = "" if r.energy_low != r.energy_low else f"{r.energy_low:.3f} to {r.energy_high:.3f}"
        click.echo(
            f"{r.forget_set:<16}{r.method:<17}{settings:<44}{r.epoch:>5}  {r.split:<11}{r.energy:>8.3f}"
            f"  {energy:<16}{r.p95:>6.2f}"
            f"{'!' if r.below_floor else '':<2}{interval:<14}{r.null_p95:>6.2f}{r.diverged_unlearned:>10}"
            f"{r.cost:>7.3f}{r.cost_public:>8.3f}"
        )


@empirics.command()
@STUDY
@STORE
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def findings(study: Path, store: Path | None, as_text: bool) -> None:
    """Decide the paper's sentences about networks on what is done of a study, by the same rules for every study."""
    from ascentcheck.empirics.findings import as_lines
    from ascentcheck.empirics.findings import findings as found
    from ascentcheck.empirics.study.sets import unstable

    session = _session(study, store)
    rows = _rows(session)
    decided = found(session.study, rows, unstable(session), session.store)
    click.echo(json.dumps([asdict(f) for f in decided]) if as_text else "\n".join(as_lines(decided)))


@empirics.command()
@STUDY
@STORE
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def peers(study: Path, store: Path | None, as_text: bool) -> None:
    """Print the scores of others: U-LiRA, epsilon and F, tug of war, membership; held-out oracles show what is best."""
    from ascentcheck.empirics.study import peers

    found = []
    session = _session(study, store)
    with shown("scoring") as show:
        for one in peers.peers(session):
            show(f"{one.forget_set} {one.method}", 0.0)
            found.append(one)
    session.tell_lacking()
    click.echo(json.dumps([peers.as_record(one) for one in found]) if as_text else peers.as_text(found))


for command in (power_study, floors, coverage_study, score, published, card, diagnose, dependence):
    empirics.add_command(command)
