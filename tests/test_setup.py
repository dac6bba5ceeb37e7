"""Set-up in surroundings of others: an old torch, a broken one, settings of pip that lead elsewhere; and what it installs."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


@pytest.fixture
def setup(monkeypatch):
    """The module `tools/setup.py`, whose virtual environment is the one that runs this."""
    described = importlib.util.spec_from_file_location("setup_of_the_project", ROOT / "tools" / "setup.py")
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    monkeypatch.setattr(module, "venv_python", lambda: sys.executable)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return module


def test_the_limits_are_those_of_the_project(setup):
    wanted, least, above = setup.limits()
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert wanted in listed["optional-dependencies"]["study"]
    assert least < setup.numbers(setup.TORCH) < above


@pytest.mark.parametrize(
    ("version", "usable"),
    [
        ("2.3.0", False),
        ("2.5.1+cu124", False),
        ("2.6.0", True),
        ("2.6.0a0+df5bbc09d1.nv24.12", True),
        ("2.13.0+cpu", True),
        ("2.14.0", False),
        ("1.13.1", False),
        ("3.0", False),
    ],
)
def test_a_torch_is_used_within_the_limits(setup, version, usable):
    assert setup.usable(version) == usable


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("__version__ = '2.3.0'", "2.3.0"),
        ("print('a banner'); __version__ = '2.9.1+cu126'", "2.9.1+cu126"),
        ("raise ImportError('libcudart.so.12: cannot open shared object file')", None),
        ("import os; os._exit(139)", None),
        ("", None),
    ],
)
def test_the_torch_of_the_calling_python(setup, tmp_path, monkeypatch, text, found):
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert setup.torch_here() == found


CONFIGURED = """
[global]
index-url = https://example.invalid/global
target = /elsewhere
timeout = 7
[install]
user = true
prefix = /elsewhere
no-deps = true
index-url = https://example.invalid/install
find-links =
    /wheels one
    /wheels/two
"""


def test_settings_of_pip_say_where_from_and_never_where_to(setup, tmp_path, monkeypatch):
    (tmp_path / "pip.conf").write_text(CONFIGURED)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    for name in ("USER", "TARGET", "PREFIX", "ROOT", "REQUIRE_VIRTUALENV", "NO_DEPS", "DRY_RUN", "EDITABLE"):
        monkeypatch.setenv(f"PIP_{name}", "1")
    monkeypatch.setenv("PIP_PROXY", "http://proxy.invalid")
    monkeypatch.setenv("PIP_TIMEOUT", "9")
    given = setup.environment()
    wanted = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://example.invalid/install",
        "PIP_FIND_LINKS": "\n/wheels one\n/wheels/two",
        "PIP_PROXY": "http://proxy.invalid",
        "PIP_TIMEOUT": "9",
    }
    assert wanted.items() <= given.items()
    more = {name.removeprefix("PIP_").lower() for name in given.keys() - wanted if name.startswith("PIP_")}
    assert more <= {name.replace("-", "_") for name in setup.SOURCES}  # of this machine
    assert given["PATH"] == os.environ["PATH"]


def test_packages_elsewhere_are_none_that_are_installed(setup, tmp_path, monkeypatch):
    """A real call: pip lists a package below PYTHONPATH, and set-up's does not."""
    info = tmp_path / "somewhere_else-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: somewhere-else\nVersion: 1.0\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    shown = setup.venv_pip("show", "somewhere-else")
    assert subprocess.run(shown, capture_output=True).returncode == 0  # so the setting does harm
    assert not setup.succeeds(*shown)
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONUSERBASE", "/nowhere")
    assert not {"PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE"} & setup.environment().keys()


@pytest.fixture
def wheel(tmp_path):
    """A wheel of nothing."""
    path = tmp_path / "nothing_here-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("nothing_here.py", "")
        info = "nothing_here-1.0.dist-info"
        parts.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: nothing-here\nVersion: 1.0\n")
        parts.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        parts.writestr(f"{info}/RECORD", "")
    return path


def test_pip_installs_here_whatever_the_settings(setup, wheel, tmp_path, monkeypatch):
    """A real call: what pip would do with a wheel, under settings that lead elsewhere or forbid it."""
    (tmp_path / "pip.conf").write_text("[install]\nuser = true\n[global]\nrequire-virtualenv = true\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "target"))
    report = tmp_path / "report.json"
    more = "install", "--dry-run", "--no-index", "--no-deps", "--report", str(report), str(wheel)
    plain = subprocess.run(setup.venv_pip(*more), capture_output=True, text=True)
    assert plain.returncode != 0  # so the settings do harm
    assert setup.pip("-q", *more) == 0
    (wanted,) = json.loads(report.read_text())["install"]
    assert wanted["metadata"]["name"] == "nothing-here"
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("changed", [False, True])
def test_a_file_that_is_not_the_locked_one_is_refused(setup, wheel, tmp_path, monkeypatch, changed):
    """A real call with the words that set-up uses, on a lock of one package."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if changed:
        with zipfile.ZipFile(wheel, "a") as parts:
            parts.writestr("more.py", "import os")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    (tmp_path / "requirements.lock").write_text(f"nothing-here==1.0 --hash=sha256:{digest}\n")
    done = setup.pip(*setup.LOCKED, "--dry-run", "--no-index", "--find-links", str(tmp_path))
    assert (done != 0) == changed


def test_packages_are_compiled_but_for_their_tests(setup, tmp_path, monkeypatch):
    """In a checkout below a folder of tests, beside a file that is no Python."""
    venv = tmp_path / "tests" / ".venv"
    packages = venv / "lib" / "python3" / "site-packages"
    for path in ("one/__init__.py", "one/tests/test_one.py", "two.py"):
        (packages / path).parent.mkdir(parents=True, exist_ok=True)
        (packages / path).write_text("")
    (packages / "template.py").write_text("{{ name }} =")
    monkeypatch.setattr(setup, "VENV", venv)
    setup.compile_packages()
    assert {path.name.partition(".")[0] for path in packages.rglob("*.pyc")} == {"__init__", "two"}


def locked():
    """Return the lock's requirements by name, as there may be two for different Pythons, and the hashes of each."""
    found = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not line.startswith("#"):
            wanted, *hashes = line.split(" --hash=sha256:")
            one = Requirement(wanted.strip())
            found.setdefault(canonicalize_name(one.name), []).append((one, [h.strip() for h in hashes]))
    return found


def test_the_lock_pins_each_package_with_the_hashes_of_its_files():
    for name, every in locked().items():
        for one, hashes in every:
            (pin,) = one.specifier
            assert pin.operator == "=="
            assert hashes, name
            assert all(len(h) == 64 and int(h, 16) >= 0 for h in hashes), name
    assert not [name for name in locked() if name == "torch" or name.startswith(("nvidia", "triton", "cuda"))]


def named(*requirements):
    """Return those of the requirements that this Python on this system has, by name."""
    return {
        canonicalize_name(r.name): r
        for r in map(Requirement, requirements)
        if not r.marker or r.marker.evaluate()
    }


def test_the_lock_has_all_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = named(*project["dependencies"], *(r for e in extras if e != "all" for r in extras[e]))
    lock = locked()
    for name in asked.keys() - {"torch", "ascentcheck"}:
        versions = [next(iter(one.specifier)).version for one, _ in lock[name]]
        assert all(asked[name].specifier.contains(v) for v in versions), name


def test_the_lock_has_all_that_its_packages_ask_for():
    """Of those that are installed here: what each of them needs is locked, so that nothing else has to be fetched."""
    lock, seen = locked(), 0
    for name, every in lock.items():
        try:
            here, asked = version(name), requires(name) or ()
        except PackageNotFoundError:
            continue
        if here not in {next(iter(one.specifier)).version for one, _ in every}:
            continue  # this Python was set up without the lock
        seen += 1
        missing = [
            r for r in asked if "extra ==" not in r and canonicalize_name(Requirement(r).name) not in lock
        ]
        assert [r for r in named(*missing) if r != "torch"] == [], name
    assert seen > 50 or os.environ.get("NO_LOCK")
