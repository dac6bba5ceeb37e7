"""Jobs computed in this process. The store is the record: whoever drains it claims a job, computes and commits it.

Any number of processes may drain one store at once, on one machine or on several that share a disk.
A process that dies, however it dies, leaves its job to the others. A job that raises is remembered as failed and does
not stop the rest; members that diverge are a result, not a failure.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ascentcheck.empirics.store import StoreError
from ascentcheck.empirics.study.compute import Report, compute, tell
from ascentcheck.empirics.study.job import Job
from ascentcheck.empirics.study.plugins import ends_a_worker
from ascentcheck.empirics.study.workshop import Workshop, workshop

__all__ = ["Drained", "Outcome", "Report", "Workshop", "attempt", "compute", "drain", "workshop"]

Outcome = Literal["computed", "present", "failed", "blocked"]
POLL = 0.5
"""Seconds between two looks at jobs that another process holds."""


@dataclass(frozen=True)
class Drained:
    """What a drain did: jobs computed here, found in the store, failed, and blocked by one that failed.

    `damaged` names jobs whose stored result did not match its checksums and was computed again.
    """

    computed: int = 0
    present: int = 0
    failed: int = 0
    blocked: int = 0
    damaged: tuple[str, ...] = ()


def drain(shop: Workshop, plan: Sequence[Job], report: Report | None = None) -> Drained:
    """Compute every job of `plan` that is not in the store, sharing the work with whoever else drains it.

    Jobs that another process holds are waited for, and taken over if that process dies. A job that fails is not
    tried again, here or by the others, until the next drain. Raises StoreError where results cannot be written.
    """
    known = {job.digest: shop.store.failures(job.digest) for job in plan}
    outcome: dict[str, Outcome] = {}
    damaged: list[str] = []
    while len(outcome) < len(known):
        worked = False
        for job in plan:
            if job.digest in outcome:
                continue
            needed = [outcome.get(digest) for digest in job.needs]
            if "failed" in needed or "blocked" in needed:
                outcome[job.digest] = "blocked"
            elif None not in needed:
                came = attempt(shop, job, known[job.digest], report, damaged)
                if came is not None:
                    outcome[job.digest] = came
            if job.digest in outcome:
                tell(report, job, 1.0)
            worked = outcome.get(job.digest) in ("computed", "failed")
            if worked:  # look from the top: other processes have finished jobs meanwhile
                break
        if not worked and len(outcome) < len(known):
            time.sleep(POLL)
    return Drained(**Counter(outcome.values()), damaged=tuple(damaged))


def attempt(
    shop: Workshop, job: Job, failures: int, report: Report | None, damaged: list[str]
) -> Outcome | None:
    """Compute a job unless it is there or has failed more than `failures` times; None when another has it.

    What the job needs must be in the store. Its label is added to `damaged` where its stored result was. Raises
    StoreError where results cannot be written.
    """
    if shop.store.get(job.digest) is not None:
        return "present"
    with shop.store.claim(job.digest) as mine:
        if not mine:
            return None
        if shop.store.get(job.digest) is not None:
            return "present"
        if shop.store.failures(job.digest) > failures:
            return "failed"
        if shop.store.damaged(job.digest):
            damaged.append(job.label)
        try:
            compute(shop, job, report)
        except StoreError:
            raise
        except (Exception, SystemExit) as error:
            if ends_a_worker(error):
                raise
            if shop.store.get(job.digest) is not None:
                return "computed"  # the error came after the record, which makes it count
            shop.store.fail(job.digest, f"{type(error).__name__}: {error}")
            return "failed"
        return "computed"
