"""What `.ci/run` does with a browser or Rocq that is there, that apt-get brings, or that cannot be had; make is not run."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "make": 'echo "make $* [${ALLOWED_SKIPS-}]"; [ "$1" != "${BROKEN-}" ]',
    "id": 'echo "$USER_ID"',
    "apt-get": 'echo "apt-get $*"; [ "$1" = update ] || { [ "$APT" = works ] && case "$*" in *coq) : > "$COQC"; '
    '/bin/chmod +x "$COQC";; *) : > "$BROWSER";; esac; }',
    "timeout": 'shift; "$@"',
}
PYTHON = 'case "$*" in *version_info*) [ "$NEW" = yes ];; *) [ -e "$BROWSER" ];; esac'


@pytest.fixture
def ci(tmp_path):
    """Return a function that runs `.ci/run` in an empty checkout, among commands that tell what they are asked."""
    for folder in (".ci", "bin", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    programs = {tmp_path / "bin" / name: text for name, text in COMMANDS.items()}
    for path, text in {**programs, tmp_path / ".venv" / "bin" / "python": PYTHON}.items():
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run(browser=False, coqc=True, apt="works", user=0, broken="none", new=False):
        there = tmp_path / "browser"
        if browser:
            there.touch()
        if coqc:
            (tmp_path / "bin" / "coqc").touch(mode=0o755)
        if apt == "missing":
            (tmp_path / "bin" / "apt-get").unlink()
        environment = {"PATH": f"{tmp_path / 'bin'}{os.pathsep}/nowhere", "BROWSER": str(there)}
        environment["COQC"] = str(tmp_path / "bin" / "coqc")
        environment |= {"APT": apt, "USER_ID": str(user), "BROKEN": broken, "NEW": "yes" if new else "no"}
        command = ["/bin/bash", str(tmp_path / ".ci" / "run")]
        (tmp_path / "bin" / "dirname").write_text('#!/bin/sh\necho "${1%/*}"\n')
        (tmp_path / "bin" / "dirname").chmod(0o755)
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()

    return run


SETUP, SITE = "make setup []", ["make .venv/.docs []", "make site []"]
PROOFS = "make rocq FALSE=10 []"
APT = ["apt-get update -q", "apt-get install -qy --no-install-recommends chromium"]


def test_a_browser_that_is_there_is_used(ci):
    assert ci(browser=True) == (0, [SETUP, PROOFS, *SITE, "make test [no card;JAX is not a dependency]"])


def test_a_python_that_has_no_ray_may_skip_its_tests(ci):
    assert (
        ci(browser=True, new=True)[1][-1]
        == "make test [no card;JAX is not a dependency;could not import 'ray']"
    )


def test_apt_get_brings_one(ci):
    assert ci() == (0, [SETUP, *APT, PROOFS, *SITE, "make test [no card;JAX is not a dependency]"])


ROCQ = "apt-get install -qy --no-install-recommends coq"


def test_apt_get_brings_rocq(ci):
    assert ci(browser=True, coqc=False)[1] == [
        SETUP, APT[0], ROCQ, PROOFS, *SITE, "make test [no card;JAX is not a dependency]"
    ]  # fmt: skip


def test_apt_get_brings_both(ci):
    assert ci(coqc=False)[1] == [
        SETUP,
        *APT,
        ROCQ,
        PROOFS,
        *SITE,
        "make test [no card;JAX is not a dependency]",
    ]


@pytest.mark.parametrize("machine", [{"apt": "fails"}, {"apt": "missing"}, {"user": 1000}])
def test_without_rocq_its_tests_may_be_skipped(ci, machine):
    told = ci(browser=True, coqc=False, **machine)[1]
    assert told[-1] == "make test [no card;JAX is not a dependency;no coqc]"
    assert PROOFS not in told


@pytest.mark.parametrize(
    ("machine", "tried"),
    [({"apt": "fails"}, APT), ({"apt": "missing"}, []), ({"user": 1000}, [])],
    ids=["it fails", "it is missing", "it is not ours to use"],
)
def test_without_one_its_tests_may_be_skipped(ci, machine, tried):
    assert ci(**machine) == (
        0,
        [SETUP, *tried, PROOFS, *SITE, "make test [no card;JAX is not a dependency;no Chromium or Chrome]"],
    )


def test_without_the_packages_of_the_site_its_tests_may_be_skipped(ci):
    wanted = [SETUP, PROOFS, SITE[0], "make test [no card;JAX is not a dependency;no site as new]"]
    assert ci(browser=True, broken=".venv/.docs") == (0, wanted)


@pytest.mark.parametrize("stage", ["setup", "rocq", "site", "test"])
def test_what_fails_fails(ci, stage):
    status, told = ci(browser=True, broken=stage)
    assert status != 0
    assert told[-1].startswith(f"make {stage}")
