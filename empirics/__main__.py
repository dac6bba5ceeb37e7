"""`python -m empirics`: plan and run studies, see how far they are, export their table, and score margins."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from empirics.klom import ESTIMATORS
from empirics.klom.files import as_json, check_estimator, score_files, score_margins
from empirics.progress import shown
from theory import console

if TYPE_CHECKING:
    from empirics.device import DeviceName
    from empirics.study.session import Session

SHOWN_SETTINGS = {
    "learning_rate": "rate",
    "ascent_epochs": "ascent",
    "forget_batch": "batch",
    "batch_norm": "norm",
    "rewind_epochs": "rewind",
    "noise": "noise",
    "clip": "clip",
    "retain_weight": "weight",
    "retain_share": "share",
}
"""What the printed table shows of a method, under shorter names; the CSV has everything."""

STUDY = click.argument("study", type=click.Path(path_type=Path))
STORE = click.option("--store", type=click.Path(path_type=Path), help="where results live (build/store/NAME)")


@click.group()
def empirics() -> None:
    """Run the KLoM study of unlearned networks, and score your own models."""


def _session(study: Path, store: Path | None) -> Session:
    from empirics.study.session import open_session  # torch, which `score` does without

    return open_session(study, store)


@empirics.command()
@STUDY
@STORE
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 256), help="processes; one per core, or per GPU, by default"
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
    type=click.FloatRange(0, 1, min_open=True),
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
    from empirics.engines import Cluster, Placement, run_locally, run_on_ray

    placement = Placement(workers, device, at_once)
    try:
        with shown(session.study.name) as show:
            if engine == "ray":
                drained = run_on_ray(session, show, placement, Cluster(address, gpus_per_job))
            else:
                drained = run_locally(session, show, placement)
    except KeyboardInterrupt:
        done = len(session.plan) - len(session.missing())
        click.echo(
            f"{session.study.name}: stopped with {done} of {len(session.plan)} jobs done, which are kept in "
            f"{session.store.root}; the same command goes on",
            err=True,
        )
        return 130
    with shown("scoring") as show:
        session.rows(show)
    click.echo(
        f"{session.study.name}: {drained.computed} jobs computed here, {drained.present} by others or before, "
        f"{drained.failed} failed, {drained.blocked} waiting for those; results in {session.store.root}"
    )
    for label in drained.damaged:
        click.echo(f"  {label}: the stored result was damaged and has been computed again", err=True)
    for job in session.plan:
        reason = session.store.failure(job.digest) if session.store.get(job.digest) is None else None
        if reason is not None:
            times = session.store.failures(job.digest)
            click.echo(f"  {job.label}: {reason} (failed {times} times)", err=True)
    return 1 if drained.failed else 0


@empirics.command()
@STUDY
@STORE
@click.option(
    "--tflops",
    type=click.FloatRange(0, min_open=True),
    help="rate to assume, in 10¹² FLOPs per second; that of the jobs done by default",
)
def plan(study: Path, store: Path | None, tflops: float | None) -> None:
    """Tell what a study takes before anything runs: models, passes, FLOPs, bytes, time. The data may be absent."""
    from empirics.study.cost import cost, lines
    from empirics.study.session import open_session

    session = open_session(study, store, to_plan=True)
    for line in lines(session, cost(session, tflops)):
        click.echo(line)


@empirics.command()
@STUDY
@STORE
def status(study: Path, store: Path | None) -> None:
    """Tell how many jobs are done, running, failed and left, and who runs them."""
    from empirics.study.plan import status as job_status

    session = _session(study, store)
    now = job_status(session.study, session.dataset, session.plan, session.store)
    click.echo(f"{session.study.name}: {len(session.plan)} jobs in {session.store.root}")
    for name in ("done", "running", "failed", "damaged", "left"):
        click.echo(f"{name:<8} {getattr(now, name):>5}")
    for job in session.plan:
        holder = session.store.holder(job.digest)
        if holder is not None:
            click.echo(f"  {job.label}: on {holder[0]}, process {holder[1]}")


@empirics.command()
@STUDY
@STORE
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def sets(study: Path, store: Path | None, as_text: bool) -> None:
    """Tell what each forget set is made of, and whether it is more than noise."""
    from empirics.study import sets

    session = _session(study, store)
    found = sets.influence_report(session), sets.set_reports(session)
    click.echo(json.dumps(sets.as_json(*found)) if as_text else sets.as_text(*found))


@empirics.command()
@STUDY
@STORE
@click.option("--estimator", help=f"{' or '.join(ESTIMATORS)}; the study's own by default")
@click.option("--csv", "as_text", is_flag=True, help="every column, as CSV on standard output")
@click.option(
    "--parquet", type=click.Path(path_type=Path), help="every column, as a Parquet file of that name"
)
def table(
    study: Path, store: Path | None, estimator: str | None, as_text: bool, parquet: Path | None
) -> None:
    """Print KLoM of every configuration, snapshot, set and split that is done.

    A ! marks scores whose whole interval is below the null floor: no model can beat an oracle, so they are artefacts.
    """
    from empirics.study.table import as_csv, write_parquet

    if estimator is not None:
        check_estimator(estimator)
    session = _session(study, store)
    with shown("scoring") as show:
        rows = session.rows(show, estimator)
    if parquet is not None:
        write_parquet(rows, parquet)
    if as_text:
        click.echo(as_csv(rows), nl=False)
    if as_text or parquet is not None:
        return
    click.echo(
        f"{'set':<16}{'method':<17}{'settings':<44}{'epoch':>5}  {'split':<11}{'p95':>6}  {'interval':<14}"
        f"{'floor':>7}{'diverged':>10}{'cost':>7}{'public':>8}"
    )
    for r in rows:
        given = json.loads(r.hyperparameters)
        settings = " ".join(f"{short}={given[key]}" for key, short in SHOWN_SETTINGS.items() if key in given)
        interval = "" if r.p95_low != r.p95_low else f"{r.p95_low:.2f}–{r.p95_high:.2f}"
        click.echo(
            f"{r.forget_set:<16}{r.method:<17}{settings:<44}{r.epoch:>5}  {r.split:<11}{r.p95:>6.2f}"
            f"{'!' if r.below_floor else '':<2}{interval:<14}{r.null_p95:>6.2f}{r.diverged_unlearned:>10}"
            f"{r.cost:>7.3f}{r.cost_public:>8.3f}"
        )


@empirics.command()
@STUDY
@STORE
@click.option("--estimator", help=f"{' or '.join(ESTIMATORS)}; the study's own by default")
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def findings(study: Path, store: Path | None, estimator: str | None, as_text: bool) -> None:
    """Decide the paper's sentences about networks on what is done of a study, by the same rules for every study."""
    from empirics.findings import as_lines
    from empirics.findings import findings as found

    if estimator is not None:
        check_estimator(estimator)
    session = _session(study, store)
    with shown("scoring") as show:
        rows = session.rows(show, estimator)
    decided = found(session.study, rows)
    click.echo(json.dumps([asdict(f) for f in decided]) if as_text else "\n".join(as_lines(decided)))


@empirics.command("power")
@click.option(
    "--n",
    "n_models",
    multiple=True,
    type=click.IntRange(2, 1000),
    help="numbers of models; repeat the option",
)
@click.option(
    "--points", default=4000, show_default=True, type=click.IntRange(100, 10**6), help="points simulated"
)
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def power_study(n_models: tuple[int, ...], points: int, as_text: bool) -> None:
    """Simulate what each estimator of KLoM detects at the 5% level, and its null floor, by number of models."""
    from empirics.klom.power import N_MODELS, as_table, power

    sizes = n_models or N_MODELS
    found = []
    with shown("power") as show:
        for done, n in enumerate(sizes):
            show(f"N = {n}", done / len(sizes))
            found += power((n,), points)
    click.echo(json.dumps([asdict(one) for one in found]) if as_text else as_table(found), nl=as_text)


@empirics.command()
@click.option(
    "--oracle", required=True, type=click.Path(path_type=Path), help="margins of oracles [models, points]"
)
@click.option(
    "--unlearned", required=True, type=click.Path(path_type=Path), help="margins of unlearned models"
)
@click.option("--points", type=click.Path(path_type=Path), help="indices of the points to score, as .npy")
@click.option(
    "--all-but", type=click.Path(path_type=Path), help="indices of the points to leave out, as .npy"
)
@click.option("--estimator", default="paper", show_default=True, help=" or ".join(ESTIMATORS))
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def score(
    oracle: Path,
    unlearned: Path,
    points: Path | None,
    all_but: Path | None,
    estimator: str,
    as_text: bool,
) -> None:
    """Score margins with KLoM: 95th percentile and mean over the points, beside the null floor."""
    result, floor = score_files(oracle, unlearned, estimator, points, all_but)
    if as_text:
        click.echo(json.dumps(as_json(result, floor)))
        return
    low, high = result.interval
    spread = f" (95% interval {low:.3f} to {high:.3f})" if low == low else " (no interval below 20 models)"
    click.echo(f"KLoM, estimator {result.estimator}, {result.points} points")
    click.echo(f"models     {result.n_oracle} oracles, {result.n_unlearned} unlearned")
    click.echo(f"p95        {result.p95:.3f}{spread}")
    click.echo(f"mean       {result.mean:.3f} (null {floor.mean:.3f})")
    click.echo(f"null p95   {floor.p95:.3f}: what two sets of oracles of these sizes would score")
    click.echo(f"diverged   {result.diverged_oracle} oracles, {result.diverged_unlearned} unlearned")


@empirics.command()
@click.argument("root", type=click.Path(path_type=Path))
@click.option("--forget-set", required=True, type=click.IntRange(min=1), help="its number")
@click.option("--estimator", default="paper", show_default=True, help=" or ".join(ESTIMATORS))
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def published(root: Path, forget_set: int, estimator: str, as_text: bool) -> None:
    """Score published pretrained models against published oracles: what a method that does nothing scores.

    ROOT is a folder in one of the two published layouts, on your disk.
    """
    from empirics.data.artefacts import read_published

    check_estimator(estimator)
    found = read_published(root, forget_set)
    scores = {
        split: score_margins(found.oracles[split], found.pretrained[split], estimator)
        for split in ("retain", "validation", "forget")
    }
    if as_text:
        click.echo(json.dumps({split: as_json(*one) for split, one in scores.items()}))
        return
    click.echo(
        f"{'split':<12}{'points':>8}{'oracles':>9}{'models':>8}{'p95':>8}{'null p95':>10}{'diverged':>10}"
    )
    for split, (result, floor) in scores.items():
        click.echo(
            f"{split:<12}{result.points:>8}{result.n_oracle:>9}{result.n_unlearned:>8}{result.p95:>8.3f}"
            f"{floor.p95:>10.3f}{result.diverged_oracle + result.diverged_unlearned:>10}"
        )


if __name__ == "__main__":
    console.run(empirics, "empirics")
