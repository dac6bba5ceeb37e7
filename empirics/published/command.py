"""The command that scores published models."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ascentcheck.empirics.klom.estimators import ESTIMATORS
from ascentcheck.empirics.klom.files import as_json, check_estimator, score_margins


@click.command()
@click.argument("source")
@click.option("--forget-set", required=True, type=click.IntRange(min=1), help="its number")
@click.option(
    "--models",
    default=100,
    show_default=True,
    type=click.IntRange(min=2),
    help="how many of each kind, the first",
)
@click.option("--estimator", default="paper", show_default=True, help=" or ".join(ESTIMATORS))
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def published(source: str, forget_set: int, models: int, estimator: str, as_text: bool) -> None:
    """Score published pretrained models against published oracles: what a method that does nothing scores.

    SOURCE is easydub or data-unlearning-bench, which are fetched, or a folder in the layout of one of them.
    """
    from ascentcheck.empirics.published.hub import REPOSITORIES, fetched
    from ascentcheck.empirics.published.margins import read_published

    check_estimator(estimator)
    root = Path(source)
    here = root.exists()
    if not here:
        root = fetched(source, forget_set, models)
    found = read_published(root, forget_set)
    scores = {
        split: score_margins(found.oracles[split][:models], found.pretrained[split][:models], estimator)
        for split in ("retain", "validation", "forget")
    }
    origin = {} if here else {"source": {"repository": REPOSITORIES[source].name, "revision": root.name}}
    if as_text:
        click.echo(json.dumps(origin | {split: as_json(one) for split, one in scores.items()}))
        return
    for where in origin.values():
        click.echo(f"{where['repository']} at {where['revision'][:12]}, forget set {forget_set}")
    click.echo(
        f"{'split':<12}{'points':>8}{'oracles':>9}{'models':>8}{'mean':>8}{'p95':>8}{'null p95':>10}{'diverged':>10}"
    )
    for split, scored in scores.items():
        result, floor = scored.result, scored.floor
        click.echo(
            f"{split:<12}{result.points:>8}{result.n_oracle:>9}{result.n_unlearned:>8}{result.mean:>8.3f}{result.p95:>8.3f}"
            f"{floor.p95:>10.3f}{result.diverged_oracle + result.diverged_unlearned:>10}"
        )
