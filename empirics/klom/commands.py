"""The command that scores margins."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from ascentcheck.empirics.klom.estimators import ESTIMATORS
from ascentcheck.empirics.klom.files import Layout, Samples, check_estimator, read_labels, read_samples
from ascentcheck.theory.console import UserError, one_line

if TYPE_CHECKING:
    from ascentcheck.empirics.klom.comparison import Comparison
    from ascentcheck.empirics.klom.scoring import Score


@click.command()
@click.option(
    "--oracle", required=True, type=click.Path(path_type=Path), help="margins of oracles [models, points]"
)
@click.option(
    "--unlearned",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    help="margins of unlearned models; repeat the option to compare configurations",
)
@click.option(
    "--labels", type=click.Path(path_type=Path), help="labels [points], where the files hold logits"
)
@click.option("--points", type=click.Path(path_type=Path), help="a mask or indices of the points to score")
@click.option(
    "--all-but", type=click.Path(path_type=Path), help="a mask or indices of the points to leave out"
)
@click.option(
    "--split", multiple=True, metavar="NAME=FILE", help="a split by name: its mask or indices; repeat it"
)
@click.option(
    "--splits",
    type=click.Path(path_type=Path),
    help="all splits: an .npz of masks or indices, or names [points]",
)
@click.option(
    "--held-out",
    type=click.Path(path_type=Path),
    help="margins of other oracles: what a perfect method would score",
)
@click.option("--transposed/--not-transposed", default=None, help="the files are [points, models]")
@click.option("--estimator", default="paper", show_default=True, help=" or ".join(ESTIMATORS))
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def score(
    oracle: Path,
    unlearned: tuple[Path, ...],
    labels: Path | None,
    points: Path | None,
    all_but: Path | None,
    split: tuple[str, ...],
    splits: Path | None,
    held_out: Path | None,
    transposed: bool | None,
    estimator: str,
    as_text: bool,
) -> None:
    """Score margins: 95th percentile and mean over the points, beside what oracles would score.

    Files are .npy, .npz, .pt, .safetensors, .csv or .parquet, a row for each model.
    """
    check_estimator(estimator)
    chosen = [name for name, given in (("--points", points), ("--all-but", all_but)) if given]
    chosen += ["--split or --splits"] if split or splits else []
    if len(chosen) > 1:
        raise UserError(f"{' and '.join(chosen)} cannot be given together")
    layout = Layout(None if labels is None else read_labels(labels), transposed)
    samples = read_samples(oracle, unlearned, held_out, layout)
    n_points, chosen_splits = samples.oracle.shape[1], None
    cautions = samples.cautions
    if split or splits:
        from ascentcheck.empirics.klom.splits import read_splits

        chosen_splits = read_splits(splits, split, n_points)
    elif (path := points or all_but) is not None:
        from ascentcheck.empirics.klom.splits import read_split

        mask = read_split(path, n_points)
        samples = samples.at(mask if points else ~mask)
    if len(unlearned) > 1 or chosen_splits is not None:
        found = _compared(samples, chosen_splits, estimator)
        _warn(cautions)
        if not as_text:
            click.echo(repr(found))
            return
        records = found.to_dict()
        if chosen_splits is None:  # with the names of 0.2.0
            records = [{"file": one["method"], **one, "p_value_holm": one["p_adjusted"]} for one in records]
        click.echo(json.dumps(records))
        return
    from ascentcheck.empirics.klom.scoring import score as scored_of

    (margins,) = samples.unlearned.values()
    try:
        scored = scored_of(samples.oracle, margins, samples.held_out, estimator, cautions)
    except ValueError as error:
        raise UserError(str(error)) from None
    _warn(cautions)
    if as_text:
        click.echo(json.dumps(scored.to_dict()))
        return
    _tell(scored)
    click.echo(f"verdict    {scored.verdict}")


def _warn(cautions: Sequence[str]) -> None:
    for line in cautions:
        click.echo(f"score: {one_line(line)}", err=True)


def _compared(samples: Samples, splits: dict[str, np.ndarray] | None, estimator: str) -> Comparison:
    from ascentcheck.empirics.arrays import as_splits
    from ascentcheck.empirics.klom.comparison import CONTROL, compared

    if CONTROL in samples.unlearned and samples.held_out is not None:
        raise UserError(f"--unlearned {CONTROL}: is the name of what --held-out gives")
    control = {} if samples.held_out is None else {CONTROL: samples.held_out}
    masks = as_splits(splits, samples.oracle.shape[1])
    try:
        return compared(
            samples.oracle, samples.unlearned | control, masks, estimator, CONTROL if control else None
        )
    except ValueError as error:
        raise UserError(str(error)) from None


def _tell(of: Score) -> None:
    scored = of.scored
    result, floor = scored.result, scored.floor
    if scored.inference is None:
        click.echo(f"KLoM, estimator {result.estimator}, {result.points} points")
    else:
        click.echo(f"energy distance in spreads of the oracles, {result.points} points")
    click.echo(f"models     {result.n_oracle} oracles, {result.n_unlearned} unlearned")
    if scored.inference is None:
        click.echo(f"p95        {result.p95:.3f}{_told(result.interval, 20)}")
        click.echo(f"mean       {result.mean:.3f} (null {floor.mean:.3f})")
        click.echo(
            f"null p95   {floor.p95:.3f}: what two sets of oracles of these sizes would score at many points, simulated"
        )
    else:
        inference = scored.inference
        click.echo(f"mean       {result.mean:.4f}{_told(inference.interval, 4)}, null 0")
        lost = result.diverged_oracle + result.diverged_unlearned
        click.echo(
            f"p-value    {inference.p_value:.4f}: "
            + (
                "twice the smaller of two, of how many diverged and of the others, if these were oracles"
                if lost
                else "the share of exchanges of whole models that are at least as far apart, if these were oracles"
            )
        )
        if inference.detectable == inference.detectable:
            click.echo(
                f"detectable {inference.detectable:.3f} spreads: the shift of all models seen with 90% at the 5% level"
            )
        click.echo(
            f"p95        {result.p95:.3f}{_told(result.interval, 20)} (null {floor.p95:.3f}, simulated)"
        )
    if result.gaps:
        click.echo(f"no score   {result.gaps}")
    if scored.held_out is not None:
        held = scored.held_out
        click.echo(f"held out   mean {held.mean:.4f}, p95 {held.p95:.3f}: {held.n_unlearned} other oracles")
    click.echo(f"diverged   {result.diverged_oracle} oracles, {result.diverged_unlearned} unlearned")


def _told(interval: tuple[float, float], least: int) -> str:
    low, high = interval
    return (
        f" (95% interval {low:.3f} to {high:.3f})" if low == low else f" (no interval below {least} models)"
    )
