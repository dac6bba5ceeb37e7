"""Where the jobs of a study run: in local processes, or as tasks of Ray. The store is the record for both.

An engine is a function of a session, a progress display and a `Placement` that computes what is missing and tells what
it did. Seeds come from the study and the job, so that where a job runs does not change its result, apart from rounding
that differs between devices and numbers of threads.
"""

from __future__ import annotations

from ascentcheck.empirics.engines.local import helped, run_locally, status
from ascentcheck.empirics.engines.on_ray import Cluster, run_on_ray
from ascentcheck.empirics.engines.placement import THREADS, Placement

__all__ = ["THREADS", "Cluster", "Placement", "helped", "run_locally", "run_on_ray", "status"]
