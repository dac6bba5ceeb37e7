"""Hypothesis profiles: dev 200 examples, ci 1,000 derandomised, nightly 20,000. HYPOTHESIS_PROFILE picks one."""

import os

from hypothesis import HealthCheck, settings

slow_draws = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", max_examples=200, deadline=None, suppress_health_check=slow_draws)
settings.register_profile(
    "ci", max_examples=1000, deadline=None, derandomize=True, suppress_health_check=slow_draws
)
settings.register_profile("nightly", max_examples=20_000, deadline=None, suppress_health_check=slow_draws)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))
