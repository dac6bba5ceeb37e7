"""`dependence`: run the study of dependence, in linear models and in networks, and write its tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascentcheck.empirics.progress import Show, shown
from ascentcheck.theory.console import UserError
from ascentcheck.theory.parameters import NewFolder

if TYPE_CHECKING:
    from ascentcheck.empirics.dependence.tables import Row

STORE = click.option("--store", type=click.Path(path_type=Path), help="where results live (build/store/NAME)")
OUT = click.option(
    "--out",
    type=NewFolder(),
    default=Path("build/dependence"),
    show_default=True,
    help="folder for the tables",
)
STUDY = click.argument("study", type=click.Path(path_type=Path))
LOOKED_AT = 4
"""Pretrained members whose gradients are looked at."""


@click.group()
def dependence() -> None:
    """Is dependence why ascent fails? Interrupt any of these at any time; the same command goes on."""


@dependence.command()
@STORE
@OUT
@click.option("--fashion", is_flag=True, help="Fashion-MNIST alone: no copies, and the main dose")
def linear(store: Path | None, out: Path, fashion: bool) -> None:
    """Solve linear models exactly.

    Random forget sets at every dose of near-copies, and with dependence taken away, and 128 sets of eight kinds.
    """
    from ascentcheck.empirics.dependence import linear_apart, linear_doses, linear_sets
    from ascentcheck.empirics.dependence.doses import DOSES, MAIN, NONE
    from ascentcheck.empirics.dependence.linear_data import FASHION, SETTINGS
    from ascentcheck.empirics.dependence.tables import FILES, flat, write, write_all
    from ascentcheck.empirics.store import Store

    kept = Store(store or Path("build/store/dependence-linear"))
    settings, doses = ((FASHION,), (NONE, MAIN)) if fashion else (SETTINGS, DOSES)
    with shown("linear models, doses") as show:
        dosed = linear_doses.run(kept, show, settings, doses=doses)
    write(out / FILES.linear_doses, [flat(one) for one in linear_doses.responses(dosed)])
    click.echo(out / FILES.linear_doses)
    if fashion:
        return
    with shown("linear models, apart") as show:
        apart = linear_apart.run(kept, show)
    with shown("linear models, sets") as show:
        sets = linear_sets.run(kept, show)
    tables = {
        FILES.linear_apart: [flat(one) for one in linear_apart.responses(apart)],
        FILES.linear_sets: [linear_sets.row(one) for one in sets],
    }
    write_all(out, tables)
    for name in tables:
        click.echo(out / name)


@dependence.command()
@STUDY
@STORE
@click.option(
    "--kept",
    type=click.Path(path_type=Path),
    default=Path("build/store/dependence-linear"),
    show_default=True,
    help="where results of linear models live",
)
@OUT
def ridges(study: Path, store: Path | None, kept: Path, out: Path) -> None:
    """Solve linear models at every ridge, on the digits, on features of a study's first pretrained network, and by softmax.

    With what it costs on held-out samples, and the stationary points of descent-ascent.
    """
    from ascentcheck.empirics.dependence import (
        linear_held_out,
        linear_points,
        linear_sweep,
        network_sets,
        networks,
    )
    from ascentcheck.empirics.dependence.linear_data import bundled, halves
    from ascentcheck.empirics.dependence.tables import FILES, flat, write_all
    from ascentcheck.empirics.store import Store

    linear_models = Store(kept)
    session = networks.set_session(study, store)
    data = {
        "digits-halves": bundled("digits-halves"),
        "pretrained-features": halves(*network_sets.features(session)),
    }
    with shown("linear models, ridges") as show:
        found = linear_sweep.run(linear_models, show, data)
    with shown("softmax") as show:
        found |= linear_sweep.run_softmax(linear_models, show)
    with shown("held-out samples") as show:
        unseen = linear_held_out.run(linear_models, show, data)
    with shown("held-out samples, softmax") as show:
        unseen |= linear_held_out.run_softmax(linear_models, show)
    with shown("stationary points") as show:
        points = linear_points.run(linear_models, show, data)
    tables = {
        FILES.linear_sweep: [flat(one) for one in linear_sweep.responses(found)],
        FILES.linear_held_out: [flat(one) for one in linear_held_out.responses(unseen)],
        FILES.linear_points: [flat(one) for one in linear_points.responses(points)],
    }
    write_all(out, tables)
    for name in tables:
        click.echo(out / name)


@dependence.command()
@STUDY
@STORE
@OUT
@click.option("--draws", type=click.IntRange(1), default=1, show_default=True, help="random forget sets")
@click.option(
    "--doses", "count", type=click.IntRange(1), help="the first doses of the list only; all by default"
)
def doses(study: Path, store: Path | None, out: Path, draws: int, count: int | None) -> int:
    """Run a study whose data have copies once for each dose, and for each draw of the points to forget.

    The table has every dose and draw that is done, of those that are run now and of the others.
    """
    from ascentcheck.empirics.dependence import network_doses, networks
    from ascentcheck.empirics.dependence.doses import DOSES
    from ascentcheck.empirics.dependence.tables import FILES, flat, write

    sessions = {
        (draw, dose): networks.dose_session(study, store, draw, dose)
        for draw in range(draws)
        for dose in DOSES
    }
    wanted = [session for (_, dose), session in sessions.items() if dose in DOSES[:count]]
    failed = 0
    with shown(wanted[0].study.name) as show:
        for number, session in enumerate(wanted):
            failed += networks.run(session, _part(show, number, len(wanted)))
    done = {one: session for one, session in sessions.items() if session in wanted or not session.missing()}
    found = {one: list(networks.courses(session)) for one, session in done.items()}
    table = out / FILES.doses(wanted[0].study.name)
    rows = [flat(one) for one in network_doses.responses(found)]
    if not rows:
        raise UserError(f"{study}: nothing can be compared: the models without copies have failed")
    write(table, rows)
    click.echo(table)
    return 1 if failed else 0


@dependence.command()
@click.argument("studies", type=click.Path(path_type=Path), nargs=-1, required=True)
@STORE
@OUT
@click.option(
    "--draws", type=click.IntRange(1), default=1, show_default=True, help="of data that draw points, how many"
)
def sets(studies: tuple[Path, ...], store: Path | None, out: Path, draws: int) -> int:
    """Run studies of many forget sets, without held-out oracles, and take the predictors of each set."""
    from ascentcheck.empirics.dependence import network_sets, networks
    from ascentcheck.empirics.dependence.tables import FILES, write_all

    sessions = [one for path in studies for one in networks.set_sessions(path, store, draws)]
    failed = 0
    with shown("sets") as show:
        for number, (_, session) in enumerate(sessions):
            failed += networks.run(session, _part(show, number, len(sessions)))
    rows: list[Row] = []
    outcomes: list[Row] = []
    with shown("predictors") as show:
        for number, (ending, session) in enumerate(sessions):
            courses = list(networks.courses(session))
            if not courses:
                continue
            part = _part(show, number, len(sessions))
            rows += _ending(ending, network_sets.set_rows(session, courses, LOOKED_AT, part))
            outcomes += _ending(ending, network_sets.course_rows(courses))
    if not outcomes:
        raise UserError(f"{studies[0]}: nothing of the study is done")
    write_all(out, {FILES.courses: outcomes, FILES.sets: rows})
    for name in (FILES.sets, FILES.courses):
        click.echo(out / name)
    return 1 if failed else 0


def _ending(ending: str, rows: Sequence[Row]) -> list[Row]:
    return [{**row, "name": f"{row['name']}{ending}"} for row in rows]


def _part(show: Show, number: int, of: int) -> Callable[[str, float], None]:
    return lambda what, share: show(what, (number + share) / of)
