"""The observation in networks as tables: a row for each set with its predictors, and one for each course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from ascentcheck.empirics.dependence.memorisation import memorised
from ascentcheck.empirics.dependence.network_predictors import look, mean_predictors
from ascentcheck.empirics.dependence.networks import Course
from ascentcheck.empirics.dependence.ratio import jackknife
from ascentcheck.empirics.dependence.tables import Row
from ascentcheck.empirics.forget_sets import ForgetSetConfig, RankedConfig
from ascentcheck.empirics.models import build
from ascentcheck.empirics.progress import Show
from ascentcheck.empirics.study.job import oracle_of, pretrained_of
from ascentcheck.empirics.study.packing import unpack
from ascentcheck.empirics.study.session import Session
from ascentcheck.theory.console import UserError


def set_rows(session: Session, courses: Sequence[Course], members: int, show: Show) -> list[Row]:
    """Return name, kind, size and doing nothing's distance of each set with courses, and its predictors at some members.

    Memorisation is by the oracles of all sets of the session that are done.
    """
    study, data = session.study, session.dataset
    model = build(study.model, data.shape, data.n_classes)
    kept = session.store.get(pretrained_of(session.plan).digest)
    if kept is None:
        raise ValueError("the pretrained models are not in the store")
    state = unpack(kept)
    looked = []
    for member in range(min(members, state.n_members)):
        looked.append(look(model, state, data, member))
        show(f"member {member}", (member + 1) / members)
    nothing = {course.forget_set: course.nothing for course in courses}
    oracles = {}
    for chosen in study.forget_sets:
        result = session.store.get(oracle_of(session.plan, chosen).digest)
        if result is not None:
            oracles[chosen.name] = np.asarray(result.array("forget")), np.asarray(result.array("train"))
    remembered = memorised(np.asarray(kept.array("train")), oracles)
    sets = [chosen for chosen in study.forget_sets if chosen.name in nothing]
    forget_sets = [oracles[chosen.name][0] for chosen in sets]
    rows = []
    for chosen, known in zip(
        sets, mean_predictors(looked, forget_sets, study.train.weight_decay), strict=True
    ):
        found = jackknife(float(nothing[chosen.name][0]), nothing[chosen.name][1:])
        row: Row = {"name": chosen.name, "kind": kind_of(chosen), "size": len(oracles[chosen.name][0])}
        row |= {"n_models": study.n_models, "nothing": found.value}
        row |= {"nothing_low": found.low, "nothing_high": found.high}
        rows.append(row | known | asdict(remembered[chosen.name]))
    return rows


def kind_of(chosen: ForgetSetConfig) -> str:
    """Return the kind of a set as the study counts kinds: what points are ranked by is a kind of its own."""
    return chosen.by if isinstance(chosen, RankedConfig) else chosen.kind


def features(session: Session) -> tuple[np.ndarray, np.ndarray]:
    """Return the last layer's features [n, f] of the first pretrained member, at all training points, and their classes [n].

    Raises UserError where the pretrained models are not in the store.
    """
    import torch

    study, data = session.study, session.dataset
    kept = session.store.get(pretrained_of(session.plan).digest)
    if kept is None:
        raise UserError(
            f"{session.path}: its pretrained models are not in the store; run `dependence sets` first"
        )
    model = build(study.model, data.shape, data.n_classes)
    with torch.no_grad():
        found = model.features(unpack(kept).members(slice(0, 1)), data.ready(data.train_x))[0]
    return found.double().numpy(), data.train_y.numpy()


def course_rows(courses: Sequence[Course]) -> list[Row]:
    """Return each course's setting, its log ratio with its interval, and the rise of the validation score."""
    rows = []
    for course in courses:
        ratio = jackknife(float(course.log_ratio[0]), course.log_ratio[1:])
        row: Row = {"name": course.forget_set, "method": course.method, "learning_rate": course.learning_rate}
        row |= {"batch_norm": course.batch_norm, "epoch": course.epoch}
        row |= {"ratio": ratio.value, "ratio_low": ratio.low, "ratio_high": ratio.high}
        rows.append(row | {"validation_rise": float(course.validation_rise[0])})
    return rows
