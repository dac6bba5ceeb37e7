"""`python -m tools.mutants` tells tests that hold a module to what it does from those that do not."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray", reason="cosmic-ray is not installed: `make setup`")

ROOT = Path(__file__).parents[1]
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

if TYPE_CHECKING:
    TWICE = 2 * LIMIT
if __name__ == "__main__":
    print(passes(1))
'''


@pytest.fixture(scope="module")
def changes():
    return importlib.import_module("tools.mutants.changes")


@pytest.fixture
def tried(tmp_path):
    def run(tests, *options):
        (tmp_path / "rule.py").write_text(MODULE)
        (tmp_path / "test_rule.py").write_text(tests)
        command = [sys.executable, "-m", "tools.mutants", "rule.py", "test_rule.py", "--loaded", "", *options]
        done = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
        )
        return done.returncode, done.stdout or done.stderr.splitlines(keepends=True)[-1]

    return run


def test_a_change_is_at_one_place_and_texts_and_annotations_are_left_alone(changes):
    found = sorted(changes.drawn({"m.py": SOURCE}, 100, "0"), key=lambda m: m.place.start)
    assert [m.place.start[0] for m in found] == [4, 6, 8, 8, 9]
    assert [m.place.within for m in found] == ["", "", "passes", "passes", "passes"]
    for mutant in found:
        pairs = zip(SOURCE.splitlines(), mutant.source.splitlines(), strict=True)
        ((line, was, becomes),) = [(k, a, b) for k, (a, b) in enumerate(pairs, 1) if a != b]
        assert (line, was.strip(), becomes.strip()) == (mutant.place.start[0], mutant.was, mutant.becomes)


def test_places_of_all_modules_are_drawn_together_and_a_smaller_sample_begins_a_larger_one(changes):
    sources = {f"{name}.py": f"{name} = {k} + 1\n" for k, name in enumerate("abcdefgh")}
    found = changes.drawn(sources, 12, "0")
    assert len({m.place for m in found}) == 12
    assert len({m.place.module for m in found}) > 4
    assert found[:5] == changes.drawn(sources, 5, "0")
    assert found[:5] != changes.drawn(sources, 5, "1")


def test_what_is_ours_among_the_changes(changes):
    found = changes.drawn({"m": "if x:\n    f(1.5)\n"}, 9, "0")
    (dropped,) = (m for m in found if m.operator == "DropCall")
    assert dropped.source == "if x:\n    pass\n"
    ((_, of_a_float),) = changes.places("m", "x = 0.5").items()
    ((_, of_a_whole),) = changes.places("m", "x = 5").items()
    assert ("Percent", 0) in of_a_float
    assert all(name != "Percent" for name, _ in of_a_whole)


def test_tests_that_hold_a_rule_and_tests_that_do_not(tried):
    status, said = tried(HOLDS)
    assert status == 0
    assert "rule.py: 2 of 2 killed (100.0%; 95% interval 34.2% to 100.0%), at 2 of 2 places" in said
    status, said = tried(LOOSE)
    *survivors, last = said.splitlines()
    assert status == 1
    assert "0 of 2 killed" in last
    assert [line.partition(": ")[0] for line in sorted(survivors)] == ["rule.py:4", "rule.py:8"]
    (one,) = tried(LOOSE, "--at", "rule.py:4")[1].splitlines()[:-1]
    assert one in survivors


def test_a_run_that_was_stopped_goes_on_from_its_log(tried, tmp_path):
    log, options = tmp_path / "log", ("--log", "log")
    assert "0 of 2 killed" in tried(LOOSE, *options)[1]
    first, second = log.read_text().splitlines(keepends=True)
    log.write_text(first + second[:10])
    assert "0 of 2 killed" in tried(LOOSE, *options)[1]
    assert sorted(log.read_text().splitlines(keepends=True)) == sorted([first, second])
    assert "0 of 2 killed" in tried(HOLDS, *options)[1]
    assert "2 of 2 killed" in tried(HOLDS, *options, "--again")[1]
    assert "2 of 2 killed" in tried(HOLDS, *options)[1]


def test_tests_that_run_a_function_come_first(tmp_path):
    """What a fixture runs counts for all that ask for it; a line of no function is nobody's."""
    (tmp_path / "two.py").write_text("LIMIT = 2\n\ndef f(x):\n    return x\n\ndef g(x):\n    return f(x)\n")
    (tmp_path / "test_two.py").write_text(
        "import time, pytest, two\n"
        "@pytest.fixture(scope='module')\ndef made():\n    return two.g(2)\n"
        "def test_none():\n    assert two.LIMIT == 2\n"
        "def test_slow():\n    time.sleep(0.3)\n    assert two.f(1) == 1\n"
        "def test_one(made):\n    assert made == 2\n"
        "def test_other(made):\n    time.sleep(0.1)\n    assert made == 2\n"
    )
    ask = (
        "from pathlib import Path; from tools.mutants import trial; path = Path('two.py'); "
        "found = trial.reach(path.read_text(), path, ['test_two.py'], 60); "
        "print(*(' '.join(t.partition('test_two.py::')[2] for t in found.first(n)) for n in (1, 4, 7)), sep=';')"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stdout == ";test_one test_other test_slow;test_one test_other\n", done.stderr


def test_a_control_that_fails_is_said(tried):
    told = "rule.py: the control does not survive: its tests fail, or none runs, without any change\n"
    assert tried(FALSE) == (1, told)


def test_a_control_that_raises_must_be_seen(tried):
    assert tried(BLIND) == (1, "rule.py: the control that raises survives: its tests do not read it\n")


def test_the_table_names_modules_and_tests_that_are_there():
    table = importlib.import_module("tools.mutants.tests").TESTS
    for module, arguments in table.items():
        tests = arguments[: arguments.index("-k")] if "-k" in arguments else arguments
        assert (ROOT / module).is_file()
        assert tests
        assert all((ROOT / path.partition("::")[0]).is_file() for path in tests)


def test_each_reason_is_of_a_change_that_can_be_made(changes):
    same = importlib.import_module("tools.mutants.same")
    for module in {one.module for one in same.SAME}:
        source = (ROOT / module).read_text(encoding="utf-8")
        lines = source.splitlines()
        left = {one for one in same.SAME if one.module == module}
        for place, every in changes.places(module, source).items():
            on_line = {one for one in left if one.was == lines[place.start[0] - 1].strip()}
            for name in every if on_line else ():
                mutant = changes.made(source, place, *name)
                left -= {one for one in on_line if mutant and one.is_of(mutant)}
        assert not left
