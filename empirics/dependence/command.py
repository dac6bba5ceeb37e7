"""`diagnose`: a page and a picture of what descent-ascent will do to a linear head, from three files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ascentcheck.theory.parameters import Finite, NewFile

FILE = click.Path(path_type=Path)


@click.command()
@click.option("--features", required=True, type=FILE, help="features [n, d] as .npy, used as given")
@click.option(
    "--labels", required=True, type=FILE, help="labels [n] as .npy; of its two values the greater is +1"
)
@click.option(
    "--forget", required=True, type=FILE, help="indices of the samples to forget, or a mask [n], as .npy"
)
@click.option("--ridge", default=1e-2, show_default=True, type=Finite(0, min_open=True), help="λ of λ/2·‖w‖²")
@click.option("--loss", default="logistic", show_default=True, help="logistic or exponential")
@click.option("--picture", type=NewFile(), help="where the picture goes (diagnosis.png, none with --json)")
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def diagnose(
    features: Path, labels: Path, forget: Path, ridge: float, loss: str, picture: Path | None, as_text: bool
) -> None:
    """Tell what descent-ascent will do to a linear head on these features: first step, best stop, end.

    Up to 4096 features. 10⁶ × 512 in float32 took 168 seconds of one core and 2.7 GB. Where it takes longer than seconds it
    says beforehand how long about, and how far it is.
    """
    # scipy and scikit-learn, which other commands do without
    from ascentcheck.empirics.dependence.diagnosis import solve
    from ascentcheck.empirics.dependence.inputs import checked
    from ascentcheck.empirics.dependence.large import expected
    from ascentcheck.empirics.klom.splits import read_split
    from ascentcheck.empirics.npy import LABELS, read_array
    from ascentcheck.empirics.progress import shown, spelled
    from ascentcheck.empirics.telling import tell
    from ascentcheck.theory.console import UserError

    x = read_array(features)
    if x.ndim != 2 or len(x) < 2:
        raise UserError(
            f"{features}: has shape {list(x.shape)}; [samples, features] is needed, of 2 samples or more"
        )
    problem = checked(x, read_array(labels, LABELS), read_split(forget, len(x)), ridge, loss)
    if (takes := expected(problem)) is not None:
        said = f"about {spelled(takes.seconds)} and {takes.bytes / 1e9:.1f} GB of memory"
        tell(f"diagnose: {x.shape[0]:,} x {x.shape[1]}: {said}")
    with shown("diagnose") as show:
        found = solve(problem, x.shape[1], show)
    target = picture or (None if as_text else Path("diagnosis.png"))
    if target is not None:
        from ascentcheck.empirics.dependence.picture import save

        save(found, target)
    if as_text:
        click.echo(json.dumps(found.to_dict()))
        return
    click.echo(repr(found))
    click.echo(f"picture: {target}")
