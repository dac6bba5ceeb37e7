"""What a study's forget sets are made of, and whether those of a principal component are more than noise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ascentcheck.empirics.forget_sets import (
    ComponentConfig,
    ForgetSetConfig,
    make,
    needs_pretrained,
)
from ascentcheck.empirics.influence import READINGS, Stability, projections, shared, stability
from ascentcheck.empirics.store import Result
from ascentcheck.empirics.study.job import Matrix, OnSet
from ascentcheck.empirics.study.session import Session

if TYPE_CHECKING:
    from ascentcheck.empirics.forget_sets import ForgetSet


@dataclass(frozen=True)
class SetReport:
    """One forget set. What is not known yet, or does not apply, is None.

    `commonest_class` is the share of the set that is in the class most of it is in.
    """

    name: str
    kind: str
    size: int | None
    commonest_class: float | None
    stability: Stability | None


@dataclass(frozen=True)
class InfluenceReport:
    """The influence matrix: its record's notes, and for each reading its singular values and noise's first ones.

    `shared` and `noise_shared` are the shares of each component that the other half of the models has in its first
    ones; see `ascentcheck.empirics.influence.components.shared`. TRAK has no noise to compare with.
    """

    notes: dict[str, Any]
    singular_values: dict[str, list[float]]
    shared: dict[str, list[float]]
    noise: dict[str, list[float]] | None
    noise_shared: dict[str, list[float]] | None


def influence_report(session: Session) -> InfluenceReport | None:
    """Return how good the study's influence matrix is; None where there is none yet."""
    found = _matrix(session)
    if found is None:
        return None
    return InfluenceReport(
        found.record["influence"],
        {reading: found.array(f"singular_{reading}").tolist() for reading in READINGS},
        {reading: shared(found.array(f"halves_{reading}")).tolist() for reading in READINGS},
        {reading: found.array(f"noise_singular_{reading}").tolist() for reading in READINGS}
        if _has_noise(found)
        else None,
        {reading: shared(found.array(f"noise_{reading}")).tolist() for reading in READINGS}
        if _has_noise(found)
        else None,
    )


def set_reports(session: Session) -> list[SetReport]:
    """Return what is known of each forget set, in the study's order."""
    matrix, labels = _matrix(session), session.dataset.labels
    reports = []
    for chosen in session.study.forget_sets:
        points = _points(session, chosen, matrix)
        reports.append(
            SetReport(
                chosen.name,
                chosen.kind,
                getattr(chosen, "size", None) if points is None else len(points),
                None if points is None else float(np.bincount(labels[points]).max() / len(points)),
                _stability(chosen, matrix),
            )
        )
    return reports


def unstable(session: Session) -> frozenset[str]:
    """Return the names of sets of a component on which halves of the models do not agree, or that are not known yet."""
    return frozenset(
        report.name
        for report in set_reports(session)
        if report.kind == "component" and (report.stability is None or report.stability.warning)
    )


def _matrix(session: Session) -> Result | None:
    jobs = [job for job in session.plan if isinstance(job, Matrix)]
    return session.store.get(jobs[0].digest) if jobs else None


def _points(session: Session, chosen: ForgetSetConfig, matrix: Result | None) -> ForgetSet | None:
    for job in session.plan:
        if not isinstance(job, OnSet) or job.forget_set != chosen:
            continue
        if (result := session.store.get(job.digest)) is not None:
            return np.asarray(result.array("forget"))
    if needs_pretrained(chosen) or (isinstance(chosen, ComponentConfig) and matrix is None):
        return None
    return make(chosen, session.dataset, projections=None if matrix is None else projections(matrix))


def _stability(chosen: ForgetSetConfig, matrix: Result | None) -> Stability | None:
    if not isinstance(chosen, ComponentConfig) or matrix is None:
        return None
    number = chosen.component - 1
    halves = matrix.array(f"halves_{chosen.reading}")[:, :, number]
    value = matrix.array(f"singular_{chosen.reading}")[number]
    if not _has_noise(matrix):
        return stability(halves, chosen.highest, chosen.lowest, value)
    return stability(
        halves,
        chosen.highest,
        chosen.lowest,
        value,
        matrix.array(f"noise_{chosen.reading}")[:, :, number],
        matrix.array(f"noise_singular_{chosen.reading}"),
    )


def _has_noise(matrix: Result) -> bool:
    return "noise_target" in matrix.names()


def as_text(report: InfluenceReport | None, sets: list[SetReport]) -> str:
    """Return both as lines for people."""
    lines = []
    if report is not None:
        notes = report.notes
        ridge = f", ridge {notes['ridge']:g}" if "ridge" in notes else ""
        lines.append(f"influence    {notes['models']} models, {notes['diverged']} diverged{ridge}")
        if "lds" in notes:
            score, wrong = notes["lds"], notes["lds_shuffled"]
            lines += [
                f"LDS          {_interval(score['mean'], score['interval'])} over {score['subsets']} held-out subsets, mean of "
                f"{score['targets']} targets; shuffled masks {_interval(wrong['mean'], wrong['interval'])}",
                f"reliability  {notes['reliability']:.2f} between means of half of the models of each subset",
            ]
        for reading in READINGS:
            ours = " ".join(f"{v:.3g}" for v in report.singular_values[reading])
            noise = [] if report.noise is None else report.noise[reading]
            beside = f"; of noise {min(noise):.3g} to {max(noise):.3g}" if noise else ""
            lines.append(f"components   as {reading}: {ours}{beside}")
            again = " ".join(f"{v:.2f}" for v in report.shared[reading])
            noise = [] if report.noise_shared is None else report.noise_shared[reading]
            beside = f"; of noise {' '.join(f'{v:.2f}' for v in noise)}" if noise else ""
            lines.append(f"  in halves  {again} is shared{beside}")
    lines.append(
        f"{'set':<18}{'size':>5}{'class':>7}  {'in common':<18}{'of noise':<18}{'random':>6}  {'correlation':<18}"
    )
    for row in sets:
        size = "" if row.size is None else str(row.size)
        share = "" if row.commonest_class is None else f"{row.commonest_class:.0%}"
        line = f"{row.name:<18}{size:>5}{share:>7}"
        if row.stability is not None:
            found, of_noise = row.stability.found, row.stability.noise
            line += (
                f"  {_interval(found.overlap, found.overlap_interval):<18}"
                f"{'' if of_noise is None else _interval(of_noise.overlap, of_noise.overlap_interval):<18}"
                f"{row.stability.chance:>6.2f}  "
                f"{_interval(found.correlation, found.correlation_interval):<18}  "
                f"{row.stability.warning}"
            )
        lines.append(line.rstrip())
    return "\n".join(lines)


def as_json(report: InfluenceReport | None, sets: list[SetReport]) -> dict[str, Any]:
    """Return both as plain values."""
    rows = [
        asdict(row) | {"warning": None if row.stability is None else row.stability.warning} for row in sets
    ]
    return {"influence": None if report is None else asdict(report), "sets": rows}


def _interval(value: float, interval: tuple[float, float]) -> str:
    return f"{value:.2f} ({interval[0]:.2f}–{interval[1]:.2f})"
