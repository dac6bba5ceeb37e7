"""A diagnosis as text and as a page of a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ascentcheck.empirics.dependence.diagnosis import Diagnosis, Followed

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


def head(found: Diagnosis) -> str:
    """Return what was diagnosed, in a line."""
    return (
        f"{found.n_retain} samples to retain, {found.n_forget} to forget, {found.n_features} features; {found.loss} loss, "
        f"ridge {found.ridge:g}"
    )


def page(found: Diagnosis) -> Iterator[str]:
    """Yield the diagnosis as text."""
    yield head(found)
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
            f"{course.first_line.best_stop:.4g}); {course.end}, {course.end_to_first_order:.4g} away to first order"
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


def html(found: Diagnosis) -> str:
    """Return the distances, the numbers known before unlearning and the advice, as HTML."""
    rows = [
        (
            f"β = {course.beta:.4g}",
            course.first_step,
            *(f"{known:.4g}" for known in (course.weights.do_nothing, course.weights.best_stop)),
            "diverges" if course.weights.end is None else f"{course.weights.end:.4g}",
        )
        for course in found.objectives
    ]
    distances = _table(("descent-ascent", "first step", "do nothing", "best stop", "end"), rows)
    before = _table((), [(WORDS[name], f"{value:.4g}") for name, value in asdict(found.dependence).items()])
    advice = "".join(f"<li>{escape(one.says)} [{escape(one.evidence)}]</li>" for one in found.advice)
    said = "Distances in weights from the retrained head:"
    return f"<p>{escape(head(found))}. {said}</p>{distances}<ul>{advice}</ul>{before}"


def _table(names: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    top = "<tr>" + "".join(f"<th>{escape(name)}</th>" for name in names) + "</tr>" if names else ""
    body = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{top}{''.join(body)}</table>"
