"""`diagnose`: a page and a picture of what descent-ascent will do to a linear head, from three files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ascentcheck.empirics.dependence.diagnosis import Diagnosis, Followed

FILE = click.Path(path_type=Path)
WORDS = {
    "gradient_cka": "likeness of the gradients' second moments, F against R (0 to 1)",
    "gradient_cosine": "cosine of the mean gradients of F and R",
    "forget_gradient": "length of F's mean gradient",
    "curvature_ratio": "largest curvature of F against R's and the ridge",
    "neighbour_agreement": "share of retained neighbours with a forget point's label",
    "class_concentration": "largest share of one label in F",
    "entanglement": "spread of the features against the distance of F's and R's means",
    "forget_loss": "mean loss on F",
    "memorisation": "fall of a forget sample's margin where it alone is left out",
    "effective_alpha": "squares of F's gradients over R's, on F's leading direction",
    "effective_epsilon": "ε of the pair with the angle of the leading directions",
    "first_step_speed": "speed of the first step, beta = 1 (below 0: toward)",
    "first_step_speed_by_influence": "the same without retraining, by influence",
}


@click.command()
@click.option("--features", required=True, type=FILE, help="features [n, d] as .npy, used as given")
@click.option(
    "--labels", required=True, type=FILE, help="labels [n] as .npy; of its two values the greater is +1"
)
@click.option("--forget", required=True, type=FILE, help="indices of the samples to forget, as .npy")
@click.option("--ridge", default=1e-2, show_default=True, type=float, help="λ of λ/2·‖w‖², > 0")
@click.option("--loss", default="logistic", show_default=True, help="logistic or exponential")
@click.option("--picture", type=FILE, help="where the picture goes (diagnosis.png, none with --json)")
@click.option("--json", "as_text", is_flag=True, help="print JSON")
def diagnose(
    features: Path, labels: Path, forget: Path, ridge: float, loss: str, picture: Path | None, as_text: bool
) -> None:
    """Tell what descent-ascent will do to a linear head on these features: first step, best stop, end."""
    from ascentcheck.empirics.dependence import (
        diagnosis,
    )  # scipy and scikit-learn, which other commands do without
    from ascentcheck.empirics.npy import LABELS, read_array, read_indices
    from ascentcheck.theory.console import UserError

    x = read_array(features)
    if x.ndim != 2:
        raise UserError(f"{features}: has shape {list(x.shape)}; [samples, features] is needed")
    found = diagnosis.diagnose(x, read_array(labels, LABELS), read_indices(forget, len(x)), ridge, loss)
    target = picture or (None if as_text else Path("diagnosis.png"))
    if target is not None:
        from ascentcheck.empirics.dependence.picture import save

        save(found, target)
    if as_text:
        click.echo(json.dumps(found.record()))
        return
    for line in page(found):
        click.echo(line)
    click.echo(f"picture: {target}")


def page(found: Diagnosis) -> Iterator[str]:
    """Yield the diagnosis as text."""
    yield (
        f"{found.n_retain} samples to retain, {found.n_forget} to forget, {found.n_features} features; {found.loss} loss, "
        f"ridge {found.ridge:g}"
    )
    yield ""
    yield "distance from the retrained head   in weights                      in margins (root mean square)"
    yield "                                   do nothing  best stop     end   do nothing  best stop     end"
    for course in found.objectives:
        yield f"  descent-ascent, beta = {course.beta:<9.4g}  {_row(course, 'weights')}   {_row(course, 'margins')}"
    yield ""
    for course in found.objectives:
        stop = "none" if course.best_stop_time == 0 else "its end" if course.best_stop_time is None else None
        yield (
            f"  beta = {course.beta:.4g}: the first step leads {course.first_step} (speed {course.first_step_margin:.3g}); best "
            f"stop: {stop or f'time {course.best_stop_time:.4g}'} (on its first line: {course.first_line.time:.4g}, leaving "
            f"{course.first_line.best_stop:.4g}); {course.end}"
        )
    yield ""
    yield "before unlearning"
    for name, value in asdict(found.dependence).items():
        yield f"  {WORDS[name]:<66} {value:10.4g}"
    yield ""
    yield "advice"
    for one in found.advice:
        yield f"  {one.says} [{one.evidence}]"


def _row(course: Followed, kind: str) -> str:
    known = getattr(course, kind)
    end = "    none" if known.end is None else f"{known.end:8.4g}"
    return f"{known.do_nothing:10.4g} {known.best_stop:10.4g} {end}"
