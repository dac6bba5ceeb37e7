"""What goes out: one version, a workflow of the forge whose commands exist, and a check of a release that can fail."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FORGE = ROOT / ".github"
TARGETS = set(re.findall(r"^([a-z.][\w./]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def release():
    spec = spec_from_file_location("release", ROOT / "tools" / "release.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def jobs():
    return yaml.safe_load((FORGE / "workflows" / "ci.yml").read_text())["jobs"]


def test_the_version_is_one(release):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", release.versions(ROOT))


@pytest.mark.parametrize("name", ["ascentcheck/__init__.py", "CITATION.cff", "CHANGELOG.md"])
def test_another_version_anywhere_is_caught(release, tmp_path, name):
    version = release.versions(ROOT)
    for one in ("ascentcheck/__init__.py", "CITATION.cff", "CHANGELOG.md"):
        (tmp_path / one).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / one, tmp_path / one)
    changed = (tmp_path / name).read_text().replace(version, "9.9.9", 1)
    (tmp_path / name).write_text(changed)
    with pytest.raises(release.Failure, match=f"{name} has version 9.9.9"):
        release.versions(tmp_path)


def test_a_change_log_that_is_not_dated_is_no_release(release, tmp_path):
    for one in ("ascentcheck/__init__.py", "CITATION.cff", "CHANGELOG.md"):
        (tmp_path / one).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / one, tmp_path / one)
    text = re.sub(r"\(\d{4}-\d\d-\d\d\)", "(unreleased)", (ROOT / "CHANGELOG.md").read_text())
    (tmp_path / "CHANGELOG.md").write_text(text)
    with pytest.raises(release.Failure, match=r"CHANGELOG\.md has version none"):
        release.versions(tmp_path)


def test_a_command_that_fails_is_told_in_one_line(release, tmp_path):
    with pytest.raises(release.Failure, match=r"exit status 3: no$"):
        release.run("sh", "-c", "echo no >&2; exit 3", cwd=tmp_path)
    assert release.run("sh", "-c", "echo yes; exit 3", cwd=tmp_path, status=3) == ("yes\n", "")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--source", "/nowhere"], 1, "/nowhere/ascentcheck/__init__.py: cannot be read: No such file"),
        (["--source", __file__], 2, "test_release.py: is no folder"),
        (["--out", __file__], 2, "test_release.py: is no folder"),
    ],
)
def test_a_tree_that_is_none_is_told_without_a_traceback(words, status, said):
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "release.py", *words], capture_output=True, text=True
    )
    assert done.returncode == status
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_the_forge_tests_every_python_that_is_declared(jobs):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [c.rpartition(" ")[2] for c in project["classifiers"] if re.search(r":: 3\.\d+$", c)]
    assert jobs["test"]["strategy"]["matrix"]["python"] == declared
    assert set(jobs) == {"lint", "test", "proofs", "wheel", "docs"}


def test_the_forge_s_commands_exist(jobs):
    lines = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert len(lines) >= 8
    for line in lines:
        program, *words = line.split()
        if program == "make":
            assert words[0] in TARGETS, line
        else:
            assert program in (".venv/bin/python", "python", "apt-get"), line
            for word in words:
                assert not word.endswith(".py") or (ROOT / word).is_file(), line


@pytest.mark.parametrize(
    "path",
    sorted(p for p in FORGE.glob("ISSUE_TEMPLATE/*.yml") if p.name != "config.yml"),
    ids=lambda p: p.stem,
)
def test_an_issue_asks_for_what_is_needed(path):
    form = yaml.safe_load(path.read_text())
    assert form["name"]
    assert form["description"]
    asked = {field["id"]: field for field in form["body"]}
    assert len(asked) == len(form["body"])
    assert any(field.get("validations", {}).get("required") for field in asked.values())
    named = set(re.findall(r"`ascentcheck ([a-z]+)", path.read_text()))
    from ascentcheck.command import COMMANDS

    assert named <= set(COMMANDS)
