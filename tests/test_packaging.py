"""What is installed: sdist and wheel have all that the tree has, under one name, and work away from any checkout."""

import ast
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import numpy as np
import pytest

from ascentcheck import __version__
from tests.small_study import study_text

setuptools = pytest.importorskip("setuptools", "77")

ROOT = Path(__file__).parents[1]
FOLDERS = ("theory", "empirics", "figures")
DATA = (".json", ".csv", ".html", ".typed")
BUILD = "import sys; from setuptools import build_meta as b; print(getattr(b, sys.argv[1])(sys.argv[2]))"
METHODS = """
[[method]]
kind = "ga"
learning_rate = 1e-2
epochs = [1]
"""
STUDY = study_text(METHODS, name="mine", n_models=2, hidden=4, epochs=1, batch_size=128)
HELPED = """
from ascentcheck.empirics.__main__ import console, empirics
from ascentcheck.empirics.engines import local
start = local._helper
def finished(*arguments):
    helper = start(*arguments)
    helper.process.wait()
    return helper
local._helper = finished
console.run(empirics, "empirics")
"""
"""The command, which begins only when its helper has done all there is to do."""


def built(source, kind, target):
    """Build an sdist or a wheel of the tree `source` without a network; return its path."""
    command = [sys.executable, "-c", BUILD, f"build_{kind}", str(target)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target / done.stdout.splitlines()[-1]


def tracked(*folders):
    """Return what belongs to folders of the checkout, by path."""
    files = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if path.suffix not in (".pyc", ".pyo")}


def in_wheel(tree):
    """Return the names that a wheel gives to the modules and data of the checkout's `tree`."""
    kept = {name for name in tree if name.endswith((".py", *DATA))}
    return {name if name.startswith("ascentcheck/") else f"ascentcheck/{name}" for name in kept}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """The sdist, unpacked, built from a copy: building leaves files in its source."""
    folder = tmp_path_factory.mktemp("sdist")
    copy = folder / "copy"
    copy.mkdir()
    for path in ROOT.iterdir():
        if path.name not in (".git", ".venv", "build") and not path.name.startswith(
            ("ascentcheck.egg", "__")
        ):
            (copy / path.name).symlink_to(path)
    with tarfile.open(built(copy, "sdist", folder)) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"ascentcheck-{__version__}"


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    """The wheel that the sdist builds, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(built(sdist, "wheel", tmp_path_factory.mktemp("built"))) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def away(wheel, tmp_path):
    """Return a function that runs Python in an empty folder, where only the unpacked wheel has `ascentcheck`."""

    def run(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(wheel), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


def test_the_wheel_has_one_name_and_everything_under_it(wheel):
    assert {path.name for path in wheel.iterdir()} == {"ascentcheck", f"ascentcheck-{__version__}.dist-info"}
    there = {
        path.relative_to(wheel).as_posix() for path in (wheel / "ascentcheck").rglob("*") if path.is_file()
    }
    assert there == in_wheel(tracked("ascentcheck", *FOLDERS))


def test_a_module_that_is_forgotten_is_missed():
    assert in_wheel({"theory/new/a.py", "ascentcheck/b.py", "theory/c.json", "theory/README.md"}) == {
        "ascentcheck/theory/new/a.py",
        "ascentcheck/b.py",
        "ascentcheck/theory/c.json",
    }


def test_every_folder_with_modules_is_a_package():
    folders = {path.parent for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")}
    assert [path for path in folders if not (path / "__init__.py").is_file()] == []


def test_the_sdist_has_what_its_tests_need(sdist):
    needed = tracked(".github", "tests", "studies", "benchmarks", "tools", "ascentcheck", *FOLDERS)
    needed |= {name for name in tracked("docs") if not name.startswith("docs/reference/modules/")}
    needed |= {
        "Makefile",
        "README.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "CONTRIBUTING.md",
        "LICENSE",
        "setup.py",
    }
    needed |= {"pyproject.toml", "requirements.lock"}
    assert sorted(name for name in needed if not (sdist / name).is_file()) == []


def test_the_metadata_say_who_what_and_where(wheel):
    text = (wheel / f"ascentcheck-{__version__}.dist-info" / "METADATA").read_text(encoding="utf-8")
    metadata = Parser().parsestr(text)
    assert metadata["Version"] == __version__
    assert metadata["Author"] == "The ascentcheck authors"
    assert metadata.get_all("Project-URL") == ["Paper, https://arxiv.org/abs/2509.26427"]
    assert "Typing :: Typed" in metadata.get_all("Classifier")


def test_every_module_of_the_wheel_comes_from_the_wheel(away, wheel):
    code = (
        "import pkgutil, importlib, ascentcheck; names = [m.name for m in pkgutil.walk_packages("
        "ascentcheck.__path__, 'ascentcheck.')]; assert len(names) > 180, len(names);"
        "print(*{importlib.import_module(name).__file__ for name in names}, sep='\\n')"
    )
    done = away("-c", code)
    assert done.returncode == 0, done.stderr
    assert [name for name in done.stdout.split("\n")[:-1] if not Path(name).is_relative_to(wheel)] == []


def test_commands_work_from_the_wheel(away, tmp_path):
    listed = away("-m", "ascentcheck.theory", "list")
    assert "lambert-eq" in listed.stdout, listed.stderr
    stored = "from ascentcheck.theory.check.certificate import load; print(load('figure-4-empty').boxes)"
    assert int(away("-c", stored).stdout) > 100
    rng = np.random.default_rng(0)
    for name in ("oracle", "unlearned"):
        np.save(tmp_path / f"{name}.npy", rng.normal(size=(20, 30)))
    scored = away(
        "-m",
        "ascentcheck.empirics",
        "score",
        "--oracle",
        "oracle.npy",
        "--unlearned",
        "unlearned.npy",
        "--json",
    )
    assert json.loads(scored.stdout)["p95"] > 0, scored.stderr
    assert away("-m", "theory", "list").returncode == 1


def test_the_contract_of_methods_comes_with_the_wheel(away, wheel):
    """By the entry point for pytest, without a word in the call but the option."""
    named = ("--ascentcheck-method", "ascentcheck.empirics.methods.ga:GaConfig", "-k", "example", "-v")
    done = away("-m", "pytest", "-p", "no:cacheprovider", *named)
    assert "1 passed, 10 deselected" in done.stdout, done.stdout + done.stderr
    assert "test_it_has_a_kind_and_an_example[GaConfig]" in done.stdout


def test_a_helper_starts_from_the_wheel(away, tmp_path):
    (tmp_path / "mine.toml").write_text(STUDY, encoding="utf-8")
    done = away("-c", HELPED, "run", "mine.toml", "--workers", "2", "--device", "cpu")
    assert "mine: 0 jobs computed here" in done.stdout, done.stderr
    assert "0 failed" in done.stdout


def test_the_version_has_one_source():
    text = (ROOT / "ascentcheck" / "__init__.py").read_text(encoding="utf-8")
    (value,) = [
        n.value
        for n in ast.parse(text).body
        if isinstance(n, ast.Assign) and n.targets[0].id == "__version__"
    ]
    assert value.value == __version__
    assert f'"{__version__}"' not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
