"""`tools/mutants.py` tells tests that hold a module to what it does from those that do not."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray", reason="cosmic-ray is not installed: `make setup`")

ROOT = Path(__file__).parents[1]
TOOL = ROOT / "tools" / "mutants.py"
MODULE = '''
"""A rule of 2."""

LIMIT: int = 2

def passes(value):
    """Whether a value is at most 2."""
    return value <= LIMIT
'''
HOLDS = "from rule import passes\n\ndef test_it():\n    assert passes(2) and not passes(3)\n"
LOOSE = "from rule import passes\n\ndef test_it():\n    assert passes(1)\n"
FALSE = "def test_it():\n    assert False\n"
BLIND = "def test_it():\n    assert True\n"
SOURCE = '''
"""A text with 1 + 1."""

LIMIT: int | None = 2

NEAR = 0.5
def passes(value: int | None) -> bool | None:
    if value > LIMIT:
        print(value)
'''


@pytest.fixture(scope="module")
def tool():
    described = importlib.util.spec_from_file_location("mutants_of_the_project", TOOL)
    module = importlib.util.module_from_spec(described)
    sys.modules[described.name] = module
    described.loader.exec_module(module)
    return module


@pytest.fixture
def tried(tmp_path):
    def run(tests):
        (tmp_path / "rule.py").write_text(MODULE)
        (tmp_path / "test_rule.py").write_text(tests)
        command = [sys.executable, str(TOOL), "rule.py", "test_rule.py", "--loaded", ""]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else done.stderr

    return run


def test_a_change_is_at_one_place_and_texts_and_annotations_are_left_alone(tool):
    found = tool.drawn(SOURCE, 100, "0")
    assert [m.line for m in found] == [4, 6, 8, 8, 9]
    for mutant in found:
        pairs = zip(SOURCE.splitlines(), mutant.source.splitlines(), strict=True)
        assert [k for k, (a, b) in enumerate(pairs, 1) if a != b] == [mutant.line]


def test_what_is_ours_among_the_changes(tool):
    (dropped,) = (m for m in tool.drawn("if x:\n    f(1.5)\n", 9, "0") if m.what.startswith("DropCall"))
    assert dropped.source == "if x:\n    pass\n"
    (place,) = tool.places("x = 0.5")
    assert ("Percent", 0) in tool.places("x = 0.5")[place]
    assert all(name != "Percent" for changes in tool.places("x = 5").values() for name, _ in changes)


def test_tests_that_hold_a_rule_and_tests_that_do_not(tried):
    assert "rule.py: 2 of 2 killed (100.0%; 95% interval 34.2% to 100.0%), at 2 of 2 places" in tried(HOLDS)
    lines = tried(LOOSE).splitlines()
    assert "killed" in lines[-1]
    assert all(line.startswith(("rule.py:4: ", "rule.py:8: ")) for line in lines[:-1])
    assert lines[:-1]


def test_a_control_that_fails_is_said(tried):
    assert (
        tried(FALSE)
        == "rule.py: the control does not survive: its tests fail, or none runs, without any change\n"
    )


def test_a_control_that_raises_must_be_seen(tried):
    assert tried(BLIND) == "rule.py: the control that raises survives: its tests do not read it\n"
