"""Adding a method as CONTRIBUTING says: one module, and its name in the list; then a study can name it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODULE = '''
"""Shrink: every parameter is pulled to zero on the retain set's batches."""

from typing import Literal

from ascentcheck.empirics.config import Rate
from ascentcheck.empirics.methods.base import Method, Trajectory


class ShrinkConfig(Method):
    """`strength` is the weight of the squared logits."""

    kind: Literal["shrink"] = "shrink"
    strength: Rate

    def epoch(self, run: Trajectory, number: int) -> None:
        """Descend once over R."""
        for batch in run.batches("retain", 64):
            run.descend(self.strength * run.logits(batch).square().mean((1, 2)), 0.1)
'''
STUDY = """
name = "mine"
n_models = 2
data = { kind = "digits" }
model = { kind = "mlp", hidden = [4] }
train = { epochs = 1, peak_epoch = 1, batch_size = 128 }

[[forget_set]]
kind = "random"
name = "random"
size = 10
seed = 0

[[method]]
kind = "shrink"
strength = [0.1, 1.0]
epochs = [1]
"""


def test_a_user_s_method_is_one_module_and_one_name(tmp_path):
    for package in ("ascentcheck", "empirics", "theory"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "mine.toml").write_text(STUDY)
    assert "unknown kind 'shrink'" in run(tmp_path, "plan").stderr
    methods = tmp_path / "empirics" / "methods"
    (methods / "shrink.py").write_text(MODULE)
    listed = (methods / "__init__.py").read_text()
    line = "from ascentcheck.empirics.methods.statistics_only import StatisticsOnlyConfig\n"
    listed = listed.replace(line, f"from ascentcheck.empirics.methods.shrink import ShrinkConfig\n{line}")
    listed = listed.replace("    | StatisticsOnlyConfig,", "    | StatisticsOnlyConfig\n    | ShrinkConfig,")
    (methods / "__init__.py").write_text(listed)
    assert "0 failed" in run(tmp_path, "run", "--workers", "1").stdout
    table = run(tmp_path, "table", "--csv").stdout.splitlines()
    assert sum(",shrink," in line for line in table) == 2 * 3


def run(folder, name, *options):
    command = [sys.executable, "-m", "empirics", name, "mine.toml", *options]
    environment = {**os.environ, "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
