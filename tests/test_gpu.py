"""The script that runs `card` with any Python that has torch: what it asks for is what the command imports."""

import ast
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "tools" / "gpu.py"
LOADED = """
import sys
import ascentcheck.empirics.__main__, ascentcheck.empirics.card.command, ascentcheck.empirics.card.study
import ascentcheck.empirics.data, ascentcheck.empirics.models, ascentcheck.empirics.device
print(*(m.__file__ for name, m in sys.modules.items() if name.startswith("ascentcheck.") and m.__file__))
"""


def at_the_top(tree):
    """Yield the packages that a module imports as it is imported, without those for types alone."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]


def test_what_card_imports_is_asked_for():
    spec = spec_from_file_location("gpu", SCRIPT)
    gpu = module_from_spec(spec)
    spec.loader.exec_module(gpu)
    files = subprocess.check_output([sys.executable, "-c", LOADED], text=True).split()
    found = {name for file in files for name in at_the_top(ast.parse(Path(file).read_text(encoding="utf-8")))}
    found -= {*sys.stdlib_module_names, "ascentcheck"}
    assert "array_api_compat" in found
    assert found <= {*gpu.NEEDED}


def test_an_option_without_its_folder_is_one_line():
    done = subprocess.run([sys.executable, SCRIPT, "--wheels"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "gpu: --wheels: a folder is needed\n")
