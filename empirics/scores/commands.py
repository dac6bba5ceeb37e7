"""The commands that simulate what the estimators see: power, floors, and how often intervals hold the truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click
from click.core import ParameterSource

from ascentcheck.empirics.progress import shown
from ascentcheck.theory.console import UserError


def _numbers_of_models(least: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(
        "--n",
        "n_models",
        multiple=True,
        type=click.IntRange(least, 1000),
        help="numbers of models; repeat the option",
    )


@click.command("power")
@_numbers_of_models(2)
@click.option(
    "--points", default=4000, show_default=True, type=click.IntRange(100, 10**6), help="points simulated"
)
@click.option("--candidates", is_flag=True, help="of whole splits, by all candidates for a score")
@click.option(
    "--studies",
    default=400,
    show_default=True,
    type=click.IntRange(10, 10**6),
    help="with --candidates: studies simulated",
)
@click.option(
    "--study",
    "file",
    type=click.Path(path_type=Path),
    help="with --candidates: a study whose pretrained models are told from its oracles",
)
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def power_study(
    n_models: tuple[int, ...], points: int, candidates: bool, studies: int, file: Path | None, as_text: bool
) -> None:
    """Simulate what each estimator detects at the 5% level, and its null floor, by number of models."""
    chosen = {
        name for name, parameter in (("--points", "points"), ("--studies", "studies"), ("--study", "file"))
        if click.get_current_context().get_parameter_source(parameter) is ParameterSource.COMMANDLINE
    }  # fmt: skip
    for name in chosen & ({"--points"} if candidates else {"--studies", "--study"}):
        raise UserError(f"{name}: has a meaning {'without' if candidates else 'with'} --candidates only")
    if candidates:
        _candidates(n_models, studies, file, as_text)
        return
    from ascentcheck.empirics.klom.power import N_MODELS, as_table, power

    sizes = n_models or N_MODELS
    found = []
    with shown("power") as show:
        for done, n in enumerate(sizes):
            show(f"N = {n}", done / len(sizes))
            found += power((n,), points)
    click.echo(json.dumps([asdict(one) for one in found]) if as_text else as_table(found), nl=as_text)


def _candidates(n_models: tuple[int, ...], studies: int, file: Path | None, as_text: bool) -> None:
    from ascentcheck.empirics.scores import comparison

    found: list[comparison.Seen] = []
    with shown("power") as show:
        if file is None:
            for done, n in enumerate(sizes := n_models or comparison.N_MODELS):
                show(f"N = {n}", done / len(sizes))
                found += comparison.compare((n,), studies)
        else:
            from ascentcheck.empirics.study.controls import controls
            from ascentcheck.empirics.study.session import open_session

            for done, one in enumerate(splits := controls(open_session(file))):
                show(one.name, done / len(splits))
                found += comparison.on_networks(one, n_models or (20, 50), studies)
            found.sort(key=lambda seen: seen.n_models)
    click.echo(
        json.dumps([asdict(one) for one in found]) if as_text else comparison.as_table(found), nl=as_text
    )


@click.command("floors")
@_numbers_of_models(2)
def floors(n_models: tuple[int, ...]) -> None:
    """Simulate the null floor of each estimator by the shape of the margins."""
    from ascentcheck.empirics.klom.floor import by_shape

    click.echo(by_shape(n_models or (20, 50, 100)), nl=False)


@click.command("coverage")
@_numbers_of_models(4)
@click.option(
    "--studies", default=2000, show_default=True, type=click.IntRange(10, 10**6), help="studies simulated"
)
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def coverage_study(n_models: tuple[int, ...], studies: int, as_text: bool) -> None:
    """Simulate how often the intervals of the energy score and of its differences hold the truth."""
    from ascentcheck.empirics.scores.coverage import N_MODELS, SCENARIOS, as_table, coverage

    sizes, found = n_models or N_MODELS, []
    with shown("coverage") as show:
        for one in coverage(sizes, studies):
            show(f"N = {one.n_models}", len(found) / (len(sizes) * len(SCENARIOS)))
            found.append(one)
    click.echo(json.dumps([asdict(one) for one in found]) if as_text else as_table(found), nl=as_text)
