"""theory runs where torch is not installed."""

import re
import subprocess
import sys
from pathlib import Path

import ascentcheck.theory as theory

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
        "import importlib, pkgutil, ascentcheck.theory.__main__, ascentcheck.theory as theory; "
        "names = [m.name for m in pkgutil.walk_packages(theory.__path__, 'ascentcheck.theory.')]; "
        "assert len(names) > 30; [importlib.import_module(name) for name in names]; "
        "from ascentcheck.theory.claims import by_name; from ascentcheck.theory.verify import verify; "
        "assert all(verify(by_name(n), mutants=False).ok for n in ('lemma-2', 'lemma-6'))"
    )
    result = run(code)
    assert result.returncode == 0, result.stderr


def test_no_module_imports_torch_later():
    sources = [path.read_text() for path in Path(theory.__file__).parent.rglob("*.py")]
    assert len(sources) > 30
    assert not [text for text in sources if re.search(r"^\s*(import|from) torch", text, re.MULTILINE)]


def test_this_test_can_fail():
    assert run("import torch").returncode != 0
