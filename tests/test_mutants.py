"""`tools/mutants.py` tells tests that hold a module to what it does from those that do not."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_a_change_is_at_one_place_and_texts_are_left_alone(tool):
    found = tool.mutants(MODULE)
    before = ast.unparse(ast.parse(MODULE)).splitlines()
    for mutant in found:
        after = ast.unparse(ast.fix_missing_locations(mutant.tree(MODULE))).splitlines()
        assert [a for a, b in zip(after, before, strict=True) if a != b]
        assert sum(a != b for a, b in zip(after, before, strict=True)) == 1
    assert len({(m.line, m.what) for m in found}) == len(found) == 4


def test_tests_that_hold_a_rule_and_tests_that_do_not(tried):
    assert "rule.py: 4 of 4 killed (100.0%; 95% interval 51.0% to 100.0%)" in tried(HOLDS)
    lines = tried(LOOSE).splitlines()
    assert lines[:-1] == [
        "rule.py:4: plus 1: 2",
        "rule.py:4: minus 1: 2",
        "rule.py:8: LtE to Lt: value <= LIMIT",
    ]
    assert "1 of 4 killed" in lines[-1]


def test_a_control_that_fails_is_said(tried):
    assert tried(FALSE) == "rule.py: the control does not survive: its tests fail without any change\n"
