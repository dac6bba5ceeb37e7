"""Hypothesis profiles: dev 200 examples, ci 400 derandomised, nightly 20,000, mutants 50. HYPOTHESIS_PROFILE picks one."""

import os

# before numpy and torch, in workers too: two threads beside a busy neighbour are many times slower than one
os.environ.setdefault("OMP_NUM_THREADS", "1")

# isort: split
import math
import re
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, Phase, settings

from ascentcheck.empirics import progress
from ascentcheck.theory.check.derivation import StepResult
from ascentcheck.theory.check.mutants import MutantResults
from ascentcheck.theory.claim import Level, Verdict
from ascentcheck.theory.rocq.record import why_not
from ascentcheck.theory.verify import SAMPLES, ClaimResult, StatementResult

HANG = 1800.0
"""Seconds that nothing takes but what never ends: tests wait for what happens, on however busy a machine."""

PROGRESS = re.compile(r"^[^\n]*: +\d+% [^\n]*\n", re.MULTILINE)

ALLOWED = os.environ.get("ALLOWED_SKIPS")
"""Where it is set, as in CI, a skip is a failure unless its reason holds one of these, between semicolons."""


def _as_allowed(report):
    """Return a report as it is, or as a failure where it is of a skip that is not allowed."""
    if ALLOWED is None or not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if not any(part and part in reason for part in ALLOWED.split(";")):
        report.outcome, report.longrepr = "failed", f"{reason}: what is skipped here is not tested anywhere"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _as_allowed((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _as_allowed((yield))


slow_draws = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", max_examples=200, deadline=None, suppress_health_check=slow_draws)
settings.register_profile(
    "ci", max_examples=400, deadline=None, derandomize=True, suppress_health_check=slow_draws
)
settings.register_profile(
    "nightly", max_examples=20_000, deadline=None, suppress_health_check=slow_draws,
    phases=[phase for phase in Phase if phase is not Phase.explain],  # which goes through all examples once more
)  # fmt: skip
settings.register_profile(  # whether it fails, and not the simplest way in which it does
    "mutants", max_examples=50, deadline=None, derandomize=True, suppress_health_check=slow_draws,
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="session")
def until():
    """Return a function that waits for a condition and returns what it gave; a process that ends before is a failure."""

    def wait(condition, process=None):
        deadline = time.monotonic() + HANG
        while not (found := condition()):
            assert process is None or process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)
        return found

    return wait


@pytest.fixture(scope="session")
def ended():
    """Return a function that waits until a process ends and returns what it wrote, its output and its errors.

    Lines of progress are left out: how many there are depends on how busy the machine is.
    """

    def wait(process):
        out, err = process.communicate(timeout=HANG)
        return out, PROGRESS.sub("", err)

    return wait


@pytest.fixture(scope="session", autouse=True)
def no_progress():
    """Let commands in this process print no lines of progress, as they do on a machine that is not busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "SILENCE", math.inf)
        yield


@pytest.fixture(scope="session")
def as_recorded():
    """Return what deciding a claim gives if all is as recorded, which `tests/theory/test_claims.py` holds it to.

    Deciding all claims again takes half a minute of a processor; this takes seconds.
    """
    return _as_recorded


def _recorded(claim, statement):
    verdict, level = statement.recorded
    return verdict, Level.PROVED if level <= Level.CERTIFIED and not why_not(claim, statement) else level


def _as_recorded(claim):
    statements = tuple(
        StatementResult(
            statement,
            *_recorded(claim, statement),
            tuple(StepResult(s, s.witness is None, s.witness is not None) for s in statement.steps),
            sum(1 for p in statement.verified for _ in p.domain.points(SAMPLES)),
            (),
            tuple(Verdict.AS_PRINTED if r.witness is None else Verdict.FALSE for r in statement.readings),
        )
        for statement in claim.statements
    )
    simulation = claim.simulate() if claim.simulate else None
    return ClaimResult(claim, statements, MutantResults(()), (), simulation, (), 0.0)


@pytest.fixture(scope="session")
def computed():
    """Return a function that writes a study's text into a folder, computes all of it there, and returns its session."""
    from ascentcheck.empirics.study.drain import drain, workshop
    from ascentcheck.empirics.study.session import open_session

    def compute(text, folder):
        path = folder / "study.toml"
        path.write_text(text)
        session = open_session(path, folder / "store")
        drain(workshop(session.study, session.dataset, session.store), session.plan)
        return session

    return compute


@pytest.fixture(scope="session")
def ray_starts():
    """Skip what needs Ray where it is not installed, or where it cannot start a cluster of its own on this machine."""
    pytest.importorskip("ray")
    probe = "import ray; ray.init(address='local', num_cpus=1, include_dashboard=False); ray.get(ray.remote(lambda: 1).remote())"
    quiet = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    try:
        subprocess.run(
            [sys.executable, "-c", probe], env=quiet, timeout=HANG, check=True, capture_output=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        pytest.skip(f"Ray itself does not start here: {error}")
