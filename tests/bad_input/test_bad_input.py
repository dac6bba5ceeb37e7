"""Every command with every kind of bad input: one plain line, status 2, and nothing else."""

from pathlib import Path

import click
import pytest

from ascentcheck.theory.__main__ import theory
from tests.bad_input import calls, inputs
from tests.bad_input.__main__ import PAGE, page
from tests.bad_input.calls import Case, Told
from tests.bad_input.files import surroundings


def test_bad_input_is_one_plain_line_and_status_2():
    wrong = {one: told.wrong for one, told in calls.answers() if told.wrong}
    assert wrong == {}
    assert len(calls.answers()) > 800


def test_the_line_says_where():
    """By the option, the value, the file, or the names that are allowed; a bad word is not taken for another's fault."""
    silent = []
    for one, told in calls.answers():
        value = one.given.removeprefix(one.about).replace("=", " ").split() or ["''"]
        named = any(word in told.err for word in (one.about, f"{one.about.lstrip('-')}:", *value))
        if one.about not in (calls.SHAPE, calls.AT_ONCE) and not named:
            silent.append(one)
    assert silent == []


def test_the_page_is_what_is_printed():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.bad_input`"


def test_every_parameter_of_every_command_is_met():
    met = {(one.command, one.about) for one, _ in calls.answers()}
    flags_and_texts = {"--seed"}
    for name, command in calls.commands():
        for p in command.params if not isinstance(command, click.Group) else ():
            if not (getattr(p, "is_flag", False) or inputs.shown(p) in flags_and_texts):
                assert (name, inputs.shown(p)) in met


def test_a_parameter_without_a_meaning_is_not_passed_over():
    with pytest.raises(LookupError, match="theory list --nowhere"):
        inputs.values("theory list", click.Option(["--nowhere"], type=click.Path()))


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        (Told(2, "", "theory: no\n"), ""),
        (Told(1, "", "theory: no\n"), "exit status 1"),
        (Told(0, "", "theory: no\n"), "exit status 0"),
        (Told(2, "x", "theory: no\n"), "printed 'x'"),
        (Told(2, "", "theory: no\nand more\n"), "2 lines of errors: 'theory: no\\nand more\\n'"),
        (Told(2, "", ""), "0 lines of errors: ''"),
        (Told(2, "", "theory: no\n", ("new.txt",)), "changed new.txt"),
    ],
)
def test_what_breaks_the_contract(told, wrong):
    assert told.wrong == wrong


@pytest.fixture
def broken(monkeypatch):
    """Return a function that adds a command to `theory` and returns what a call of it comes to."""

    def call(does):
        monkeypatch.setitem(theory.commands, "broken", click.command("broken")(does))
        with surroundings():
            return calls.tried(Case("theory broken", "", "", "", ()))

    return call


def test_what_a_broken_command_does_is_seen(broken):
    assert "Traceback" in broken(lambda: 1 / 0).wrong
    assert broken(lambda: Path("left.txt").write_text("half")).changed == ("left.txt",)
    assert "changed oracle.npy" in broken(lambda: Path("oracle.npy").unlink()).wrong
    assert (
        broken(lambda: click.echo("done")).wrong == "exit status 0; printed 'done\\n'; 0 lines of errors: ''"
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("theory evaluate", ("lemma-3", "alpha=1", *inputs.POINT_OF.split())),
        ("theory explain", ("lemma-3",)),
        ("empirics score", tuple(w for pair in inputs.SCORED.items() for w in pair)),
        ("empirics diagnose", (*(w for pair in inputs.HEAD.items() for w in pair), "--json")),
        ("empirics status", ("study.toml",)),
    ],
)
def test_what_is_around_the_bad_word_is_good(command, words):
    with surroundings():
        told = calls.tried(Case(command, "", "", "", words))
    assert (told.status, told.err) == (0, "")
    assert told.out
