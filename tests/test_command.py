"""The one command: every command of the package is in it, help is quick, and what is missing is named."""

import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.shell_completion import shell_complete
from click.testing import CliRunner

from ascentcheck.command import COMMANDS, ascentcheck
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.figures.__main__ import figures
from ascentcheck.theory.__main__ import theory
from ascentcheck.theory.console import EXTRAS

STUDY = str(Path(__file__).parents[1] / "studies" / "digits-small.toml")
MAINTENANCE = {("theory", "table"), ("theory", "mutate"), ("theory", "trust")}
"""Commands for who works on the project."""


def test_every_command_is_in_it_once():
    reached = [(entry.group.rpartition(":")[2], entry.name) for entry in COMMANDS.values()]
    there = {(g.name, name) for g in (theory, empirics, figures) for name in g.commands}
    assert len(reached) == len(set(reached))
    assert set(reached) == there - MAINTENANCE


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_own_help(name):
    result = CliRunner().invoke(ascentcheck, [name, "--help"])
    assert result.exit_code == 0
    assert COMMANDS[name].does
    assert "Usage:" in result.output


@pytest.mark.parametrize("group", ["", *dict.fromkeys(entry.group for entry in COMMANDS.values())])
def test_help_imports_nothing_of_weight(group):
    """That of the whole, and that of the commands of a folder; margins alone need numpy."""
    code = (
        "import sys; from click.testing import CliRunner; from ascentcheck.command import COMMANDS, ascentcheck; "
        f"words = ['--help'] if not {group!r} else next([n, '-h'] for n, e in COMMANDS.items() if e.group == {group!r}); "
        "print(CliRunner().invoke(ascentcheck, ['--help']).output); CliRunner().invoke(ascentcheck, words); "
        f"heavy = {{'torch', 'sympy', 'flint', 'matplotlib', 'pydantic'}} | (set() if {group!r} else {{'numpy'}}); "
        "print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.rstrip().endswith("[]")
    assert all(name in said for name in COMMANDS)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("ascentcheck diag", "plain,diagnose"),
        ("ascentcheck score --est", "plain,--estimator"),
        ("ascentcheck explain lemma-3", "plain,lemma-3"),
    ],
)
def test_a_shell_completes_it(words, offered, monkeypatch, capsys):
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    assert shell_complete(ascentcheck, {}, "ascentcheck", "_ASCENTCHECK_COMPLETE", "bash_complete") == 0
    assert capsys.readouterr().out.splitlines() == [offered]


def test_an_unknown_command_is_one_line_and_status_2():
    done = subprocess.run([sys.executable, "-m", "ascentcheck", "verfy"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "verfy" in done.stderr


@pytest.mark.parametrize(
    ("package", "command"), [("flint", ["evaluate", "lemma-3"]), ("torch", ["run", STUDY])]
)
def test_a_package_that_is_not_there_is_named_with_its_extra(package, command, tmp_path):
    code = (
        f"import sys; sys.modules[{package!r}] = None; sys.argv = ['ascentcheck', *{command!r}]; "
        "from ascentcheck.command import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr == (
        f"ascentcheck: this needs {package}, which is not installed: pip install 'ascentcheck[{EXTRAS[package]}]'\n"
    )


@pytest.mark.parametrize(
    ("gone", "command", "package", "extra"),
    [
        ("torch pydantic matplotlib jinja2", ["report", "--study", STUDY], "pydantic", "figures"),
        (
            "matplotlib",
            ["diagnose", "--features", "x.npy", "--labels", "y.npy", "--forget", "f.npy"],
            "matplotlib",
            "diagnose",
        ),
        (
            "pydantic torch huggingface_hub",
            ["published", "easydub", "--forget-set", "1"],
            "huggingface_hub",
            "published",
        ),
    ],
    ids=["report", "diagnose", "published"],
)
def test_one_extra_brings_all_that_a_command_needs(gone, command, package, extra, tmp_path):
    draw = np.random.default_rng(0)
    x = draw.standard_normal((40, 2))
    for name, array in (("x", x), ("y", (x[:, 0] > 0).astype(int)), ("f", np.arange(5))):
        np.save(tmp_path / f"{name}.npy", array)
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({gone!r}.split())); sys.argv = ['ascentcheck', *{command!r}]; "
        "from ascentcheck.command import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    said = f"this needs {package}, which is not installed: pip install 'ascentcheck[{extra}]'"
    assert (done.returncode, done.stderr) == (2, f"ascentcheck: {said}\n")


@pytest.mark.parametrize(
    ("package", "used", "extra"),
    [
        ("sympy", "ascentcheck.evaluate('lemma-3')", "theory"),
        ("sklearn", "ascentcheck.diagnose", "diagnose"),
        (
            "matplotlib",
            "ascentcheck.plot_klom(ascentcheck.compare(*margins, splits={'retain': [0], 'forget': [1]}))",
            "plot",
        ),
        ("torch", "import ascentcheck.metric", "torchmetrics"),
    ],
)
def test_functions_name_it_too(package, used, extra):
    code = (
        f"import sys; sys.modules[{package!r}] = None; import ascentcheck\n"
        f"margins = [[0., 1.], [2., 3.]], {{'mine': [[0., 1.], [1., 3.]]}}\n{used}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    said = f"ModuleNotFoundError: this needs {package}, which is not installed: pip install 'ascentcheck[{extra}]'"
    assert done.stderr.splitlines()[-1] == said


def test_scores_and_lambert_w_need_the_core_alone():
    code = (
        "import sys; sys.modules |= dict.fromkeys(('sympy', 'flint', 'mpmath', 'matplotlib', 'sklearn'))\n"
        "import ascentcheck as a; a.klom([[0., 1.], [2., 3.]], [[0., 1.], [1., 3.]])\n"
        "print(a.lambert_w0(0.0), a.lambert_wm1(-0.1))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("0.0 -3.577"), done.stderr


def test_every_extra_that_is_named_is_one():
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    named = {entry.extra for entry in COMMANDS.values() if entry.extra} | {"plot"}
    assert named | set(EXTRAS.values()) <= set(project["optional-dependencies"])
    assert project["scripts"] == {"ascentcheck": "ascentcheck.command:main"}
