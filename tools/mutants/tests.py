"""Which tests hold each module of the code that decides: arguments of pytest, for the narrowest choice that is asked to.

Left out is what reads files and what prints, and the simulations by which scores were chosen (`klom/power.py`; in `scores`,
`candidates.py`, `comparison.py`, `coverage.py` and `assumptions.py`): their tests repeat them, for a minute at a time.
"""

from __future__ import annotations

K, S, F, T = "tests/empirics/klom", "tests/empirics/scores", "tests/empirics/findings", "tests/theory"
M = "tests/empirics/methods"
HISTOGRAM = "histogram or constant or definition or blocks or layout or worst or sample_in_no or directions or left_alone"
OF_THE_KERNEL = ("test_kernel_demands", "test_kernel", "test_kernel_symbols")
OF_METHODS = tuple(f"{M}/{name}.py" for name in ("test_methods_claims", "test_methods"))
OF_EACH_METHOD = (*OF_METHODS, f"{M}/test_contract.py", f"{M}/test_methods_plain.py")
METHODS = (
    "descent_ascent", "do_nothing", "fine_tune", "ga", "gda", "neg_grad_plus", "noisy_descent", "npo",
    "oracle_matching", "rewind", "scrub", "statistics_only",
)  # fmt: skip

TESTS: dict[str, tuple[str, ...]] = {
    "theory/check/frame.py": tuple(f"{T}/{name}.py" for name in ("test_frame", *OF_THE_KERNEL)),
    "theory/check/kernel.py": tuple(f"{T}/{name}.py" for name in (*OF_THE_KERNEL, "test_attack")),
    "theory/evaluate.py": ("tests/theory/theorems/test_evaluate.py", "tests/theory/test_cli.py"),
    "empirics/store.py": ("tests/empirics/test_store.py",),
    "empirics/ensemble.py": ("tests/empirics/test_ensemble.py", "-k", "not learns and not Cnn"),
    "empirics/step.py": (
        "tests/empirics/test_step.py", "tests/empirics/test_ensemble.py",
        "-k", "card or kind or goes_down or sgd or descent or decays_by or entropy or (plain and Mlp) or (broken and Mlp)",
    ),
    "empirics/klom/cells.py": (f"{K}/test_klom.py", f"{K}/test_robust.py", "-k", f"{HISTOGRAM} or robust"),
    "empirics/klom/estimators.py": (f"{K}/test_klom.py",),
    "empirics/klom/floor.py": (f"{K}/test_floor.py",),
    "empirics/klom/floor_law.py": (f"{K}/test_floor_law.py",),
    "empirics/klom/histogram.py": (f"{K}/test_klom.py", "-k", HISTOGRAM),
    "empirics/klom/robust.py": (f"{K}/test_robust.py", "-k", "not thousand"),
    "empirics/klom/summary.py": (f"{K}/test_klom.py",),
    "empirics/scores/diverged.py": (f"{S}/test_diverged.py", f"{S}/test_energy.py"),
    "empirics/scores/energy.py": (f"{S}/test_energy.py",),
    "empirics/scores/epsilon.py": (f"{S}/test_peers.py",),
    "empirics/scores/inference.py": (f"{S}/test_inference.py", "-k", "not page"),
    "empirics/scores/membership.py": (f"{S}/test_peers.py",),
    "empirics/scores/cautions.py": (f"{S}/test_cautions.py",),
    "empirics/scores/tug_of_war.py": (f"{S}/test_peers.py",),
    "empirics/scores/u_lira.py": (f"{S}/test_peers.py",),
    "empirics/scores/whole_models.py": (f"{S}/test_whole_models.py",),
    "empirics/findings/__init__.py": (f"{F}/test_da_fails.py", f"{F}/test_doing_nothing.py"),
    "empirics/findings/answer.py": (f"{F}/test_answer.py",),
    "empirics/findings/appendix_k.py": (f"{F}/test_da_fails.py",),
    "empirics/findings/at_equal_cost.py": (f"{F}/test_da_fails.py",),
    "empirics/findings/da_fails.py": (f"{F}/test_da_fails.py",),
    "empirics/findings/difficulty.py": (f"{F}/test_da_fails.py",),
    "empirics/findings/doing_nothing.py": (f"{F}/test_doing_nothing.py",),
    "empirics/findings/klom_n.py": (f"{F}/test_klom_n.py",),
    "empirics/findings/outcome.py": (f"{F}/test_outcome.py", f"{F}/test_da_fails.py"),
    "empirics/findings/words.py": (f"{F}/test_words.py", f"{F}/test_da_fails.py"),
    "empirics/methods/__init__.py": (f"{M}/test_methods.py", "-k", "not cnn"),
    "empirics/methods/base.py": (*OF_METHODS, f"{M}/test_methods_plain.py", "-k", "not cnn"),
    "empirics/methods/promises.py": (f"{M}/test_contract.py", f"{M}/test_methods.py", "-k", "not cnn"),
    **{
        f"empirics/methods/{name}.py": (
            *OF_EACH_METHOD, "-k", f"not cnn and (claims or {name.replace('_', '-')} or wrong or never)",
        )
        for name in METHODS
    },
}  # fmt: skip
