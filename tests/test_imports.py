"""One import name: everything is imported as `ascentcheck.…`, and nothing is imported twice under a folder's bare name."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("theory", "empirics", "figures")
SOURCES = sorted(
    path
    for folder in ("ascentcheck", *FOLDERS, "tests", "docs", "benchmarks", "tools")
    for path in (ROOT / folder).rglob("*.py")
)
PYTHON_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
PAGES = [ROOT / "README.md", ROOT / "theory" / "README.md", *(ROOT / "docs").rglob("*.md")]
TEXTS = {path: [path.read_text(encoding="utf-8")] for path in SOURCES}
TEXTS |= {path: PYTHON_BLOCK.findall(path.read_text(encoding="utf-8")) for path in PAGES}
OTHERS = {"figures.pages", "figures.md"}
"""Strings that are no module's name: a command at the checkout's root, and a page."""
SECONDS = 0.3
"""Seconds of a processor that importing `ascentcheck` may take, with Python's own start left out."""

COMMANDS = (("theory", "list"), ("empirics", "--help"), ("figures", "--help"), ("figures.pages", "--help"))
AS_A_COMMAND = """
import atexit, runpy, sys
module, *sys.argv[1:] = sys.argv[1:]
atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def bare(text):
    """Return what a source imports by a folder's bare name, in a string that is itself a program too."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.append(node.module)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"(?:^|[;\n] *)(?:import|from) +([\w.]+)", node.value)
            found += re.findall(r"^([a-z_]+(?:\.\w+)+)$", node.value)
    return [name for name in found if name.split(".")[0] in FOLDERS and name not in OTHERS]


def above(text, below):
    """Return what a source imports of the project that is neither in the packages `below` nor `ascentcheck`'s own facts."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module != "ascentcheck":
            found.append(node.module)
    return [name for name in found if name.startswith("ascentcheck.") and name.split(".")[1] not in below]


def loaded(folder, module, *arguments):
    """Return the modules that `python -m MODULE …` has imported by a folder's bare name when it ends."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", AS_A_COMMAND, module, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [name for name in done.stderr.splitlines()[-1].split() if name.split(".")[0] in FOLDERS]


def test_nothing_imports_a_bare_name():
    assert len(SOURCES) > 250
    found = {path.relative_to(ROOT).as_posix(): bare("\n".join(texts)) for path, texts in TEXTS.items()}
    assert {path: names for path, names in found.items() if names and path != "tests/test_imports.py"} == {}


@pytest.mark.parametrize(
    "text",
    [
        "import theory",
        "import empirics.klom as klom",
        "def f():\n    from figures.draw import draw",
        "run('import sys; from theory.claims import CLAIMS')",
        "import_module('empirics.study')",
        "patch('theory.check.certificate.FOLDER', folder)",
    ],
)
def test_a_bare_import_is_found(text):
    assert len(bare(text)) == 1
    assert bare(re.sub(r"\b(theory|empirics|figures)\b", r"ascentcheck.\1", text)) == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_command_at_the_root_imports_each_module_once(command):
    module, *arguments = command
    assert loaded(ROOT, module, *arguments) == [module.split(".")[0]]  # the folder itself, which has no code


@pytest.mark.parametrize(
    ("folder", "below"),
    [("theory", {"theory"}), ("empirics", {"theory", "empirics"}), ("figures", {*FOLDERS, "command"})],
)
def test_packages_import_one_way(folder, below):
    paths = sorted((ROOT / folder).rglob("*.py"))
    found = {
        path.relative_to(ROOT).as_posix(): above(path.read_text(encoding="utf-8"), below) for path in paths
    }
    assert paths
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "text", ["import ascentcheck.figures.draw", "def f():\n    from ascentcheck.facts import evaluate"]
)
def test_an_import_the_other_way_is_found(text):
    assert len(above(text, {"theory", "empirics"})) == 1


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folders_themselves_have_no_code(folder):
    (only,) = ast.parse((ROOT / folder / "__init__.py").read_text(encoding="utf-8")).body
    assert isinstance(only, ast.Expr)


def test_a_command_that_imports_a_bare_name_is_caught(tmp_path):
    (tmp_path / "theory").mkdir()
    for name in ("__init__.py", "claims.py"):
        (tmp_path / "theory" / name).touch()
    (tmp_path / "theory" / "__main__.py").write_text("import theory.claims")
    assert loaded(tmp_path, "theory") == ["theory", "theory.claims"]


def test_importing_the_package_is_cheap_and_brings_nothing():
    code = (
        "import sys, time; before = set(sys.modules); start = time.process_time(); import ascentcheck; "
        "took = time.process_time() - start; assert ascentcheck.__version__; "
        "print(took, *{name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    took, *others = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    assert others == ["ascentcheck"]
    assert float(took) < SECONDS
