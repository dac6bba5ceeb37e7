"""Computing one job and committing it, in pieces where it is an ensemble."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import torch
from threadpoolctl import threadpool_limits

from ascentcheck import __version__
from ascentcheck.empirics.device import described
from ascentcheck.empirics.study.job import DatamodelsMatrix, Ensemble, Job, Matrix, Pretrained, TrakMatrix
from ascentcheck.empirics.study.matrices import of_datamodels, of_trak
from ascentcheck.empirics.study.members import members, without_kept
from ascentcheck.empirics.study.pieces import Arrays, Notes, discard_pieces, free_cache, in_pieces
from ascentcheck.empirics.study.workshop import Workshop
from ascentcheck.theory.cores import cores

Report = Callable[[Job, float], None]
"""Told a job and the share of it that is done, from 0 to 1."""


def tell(report: Report | None, job: Job, share: float) -> None:
    """Report, if someone listens."""
    if report is not None:
        report(job, share)


def compute(shop: Workshop, job: Job, report: Report | None = None) -> None:
    """Compute one job and commit it. What it needs must be in the store."""
    if isinstance(job, Matrix):
        _compute_matrix(shop, job, report)
    else:
        _compute_ensemble(shop, job, report)


def _compute_matrix(shop: Workshop, job: Matrix, report: Report | None) -> None:
    start = time.perf_counter()

    def told(share: float) -> None:
        tell(report, job, share)

    with threadpool_limits(torch.get_num_threads()):  # numpy has threads of its own
        match job:
            case DatamodelsMatrix():
                arrays, notes = of_datamodels(shop, job, told)
            case TrakMatrix():
                arrays, notes = of_trak(shop, job, told)
    shop.store.put(job.digest, arrays, _record(shop, job, time.perf_counter() - start, notes))


def _compute_ensemble(shop: Workshop, job: Ensemble, report: Report | None) -> None:
    some = members(shop, job)

    def piece(which: slice) -> tuple[Arrays, Notes]:
        def told(share: float) -> None:
            tell(report, job, (which.start + share * (which.stop - which.start)) / some.n)

        return some.compute(which, told)

    whole = in_pieces(shop.store, job.digest, some.n, shop.room, piece)
    notes = {**whole.notes, "members_at_once": whole.largest, "memory_ran_out": whole.halved}
    arrays = {**whole.arrays, **some.beside}
    if isinstance(job, Pretrained):
        arrays, found = without_kept(job, arrays)
        for kept, checkpoint in found:
            shop.store.put(kept.digest, checkpoint, _record(shop, kept, 0.0, {**notes, "epoch": kept.epoch}))
    shop.store.put(job.digest, arrays, _record(shop, job, whole.seconds, notes))
    discard_pieces(shop.store, job.digest, some.n)
    free_cache()


def _record(shop: Workshop, job: Job, seconds: float, notes: Notes) -> dict[str, Any]:
    return {
        "kind": job.kind,
        "label": job.label,
        "settings": job.settings,
        "seconds": seconds,
        "versions": {
            "python": platform.python_version(),
            **{p: version(p) for p in ("torch", "numpy", "scikit-learn")},
            "ascentcheck": __version__,
        },
        "device": described(shop.dataset.device),
        "machine": f"{platform.node()}, {platform.machine()}, {platform.system()}, {cores()} cores",
        "threads": torch.get_num_threads(),
        **notes,
    }
