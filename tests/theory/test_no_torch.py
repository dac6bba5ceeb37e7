"""theory runs where torch is not installed."""

import subprocess
import sys

BLOCK = """
import sys
class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("torch is not there", name="torch")
sys.meta_path.insert(0, NoTorch())
"""


def run(code):
    return subprocess.run([sys.executable, "-c", BLOCK + code], capture_output=True, text=True)


def test_theory_runs_without_torch():
    code = (
        "import theory.__main__ as m; from theory.claims import CLAIMS; from theory.verify import verify; "
        "assert all(verify(c, mutants=False).ok for c in CLAIMS)"
    )
    result = run(code)
    assert result.returncode == 0, result.stderr


def test_this_test_can_fail():
    assert run("import torch").returncode != 0
