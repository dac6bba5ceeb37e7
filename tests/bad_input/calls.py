"""Every command with every kind of bad input: the command tree is walked, and each call made in this process."""

from __future__ import annotations

import contextlib
import io
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import click

from ascentcheck.command import ascentcheck
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.figures.__main__ import figures
from ascentcheck.theory import console
from ascentcheck.theory.__main__ import theory
from tests.bad_input.files import surroundings
from tests.bad_input.inputs import GIVEN, POINT_OF, TOGETHER, shown, values


@dataclass(frozen=True)
class Case:
    """A bad call: the command, what is wrong, what is given, and all words that follow the command.

    `about` is the parameter that is given something bad, or AT_ONCE, or SHAPE for calls that no command takes.
    """

    command: str
    about: str
    what: str
    given: str
    words: tuple[str, ...]


SHAPE, AT_ONCE = "Shape", "Together"


@dataclass(frozen=True)
class Told:
    """What a call came to: its exit status, what it wrote to both streams, and the files that it wrote or removed."""

    status: int
    out: str
    err: str
    changed: tuple[str, ...] = ()

    @property
    def wrong(self) -> str:
        """How it breaks the contract of bad input; empty where it does not."""
        lines = self.err.splitlines()
        found = [f"exit status {self.status}"] if self.status != 2 else []
        found += [f"printed {self.out[:80]!r}"] if self.out else []
        found += [f"{len(lines)} lines of errors: {self.err[-400:]!r}"] if len(lines) != 1 else []
        found += [f"changed {', '.join(self.changed)}"] if self.changed else []
        return "; ".join(found)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command of `theory`, `empirics` and `figures` by its full name, groups before what is in them."""
    for group in (theory, empirics, figures):
        yield from _below(str(group.name), group)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from _below(f"{name} {inner}", one)


def cases() -> list[Case]:
    """Return every bad call. Raises LookupError for a parameter of files or text whose meaning MEANT does not tell."""
    found = [Case("ascentcheck", SHAPE, what, word, (word,)) for what, word in GROUP]
    for name, command in commands():
        if isinstance(command, click.Group):
            wrong = GROUP[1:] if name == "figures" else GROUP  # whose words may be numbers of figures
            found += [Case(name, SHAPE, what, word, (word,)) for what, word in wrong]
            continue
        found += _misshaped(name, command)
        for p in command.params:
            for what, value in values(name, p):
                given = f"{shown(p)} {value}" if isinstance(p, click.Option) else value
                found.append(Case(name, shown(p), what, given, _words(name, command, p, value)))
        found += [
            Case(name, AT_ONCE, what, text, tuple(text.split())) for what, text in TOGETHER.get(name, ())
        ]
    return list(dict.fromkeys(found))


GROUP = (("an unknown command", "nothing"), ("an unknown option", "--nothing"))


def _misshaped(name: str, command: click.Command) -> Iterator[Case]:
    """Yield the calls of a command that have a word too many or too few, whatever the words are."""
    every = _words(name, command, None, "")
    yield Case(name, SHAPE, "an unknown option", "--nothing", (*every, "--nothing"))
    if any(p.required for p in command.params):
        yield Case(name, SHAPE, "no arguments", "", ())
    if not any(isinstance(p, click.Argument) and p.nargs == -1 for p in command.params):
        yield Case(name, SHAPE, "a word too many", "more", (*_filled(name, command), "more"))
    for option in command.params:
        if isinstance(option, click.Option) and option.is_flag:
            yield Case(
                name, SHAPE, "a value for a flag", f"{shown(option)}=yes", (*every, f"{shown(option)}=yes")
            )
        elif isinstance(option, click.Option):
            yield Case(name, SHAPE, "an option without its value", shown(option), (*every, shown(option)))


def _filled(name: str, command: click.Command) -> tuple[str, ...]:
    """Return the words of a call with all its arguments, so that another is one too many."""
    given = [
        GIVEN.get(name, {}).get(shown(p), "study.toml")
        for p in command.params
        if isinstance(p, click.Argument)
    ]
    return (
        (*_words(name, command, None, ""), *given) if not GIVEN.get(name) else _words(name, command, None, "")
    )


def _words(name: str, command: click.Command, bad: click.Parameter | None, value: str) -> tuple[str, ...]:
    """Return the words of a call in which one parameter has a bad value and what is needed is there."""
    given = (
        dict(GIVEN.get(name, {}))
        if bad is None
        else dict(GIVEN.get(f"{name} {shown(bad)}", GIVEN.get(name, {})))
    )
    if bad is not None:
        given[shown(bad)] = value
    options: list[str] = []
    arguments: list[str] = []
    for parameter in command.params:
        word = next((w for w in (shown(parameter), *parameter.secondary_opts) if w in given), None)
        if word is None:
            if bad is not None and parameter.required:
                arguments.append("study.toml")
            continue
        if isinstance(parameter, click.Argument):
            text = given[word]
            arguments += text.split() if parameter is not bad and parameter.nargs == -1 else [text]
            if parameter is bad and word == "NAME=VALUE":
                arguments += POINT_OF.split() + (["alpha=1"] if not value.startswith("alpha") else [])
        else:
            options += [word] if parameter.is_flag else [word, given[word]]
    return (*options, *arguments)


def tried(case: Case) -> Told:
    """Make a call in this process, in the current folder."""
    first, *rest = case.command.split()
    group = {"theory": theory, "empirics": empirics, "figures": figures, "ascentcheck": ascentcheck}[first]
    out, err = io.StringIO(), io.StringIO()
    before = _files()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            console.run(group, first, (*rest, *case.words))
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 1
        except Exception:
            status = 1
            traceback.print_exc()
    after = _files()
    changed = sorted(name for name in before | after if before.get(name) != after.get(name))
    return Told(status, out.getvalue(), err.getvalue(), tuple(changed))


def _files() -> dict[str, int | None]:
    """Return every file and folder below the current one, a file with the time of its last change."""
    return {str(p): p.stat().st_mtime_ns if p.is_file() else None for p in Path().rglob("*")}


@cache
def answers() -> tuple[tuple[Case, Told], ...]:
    """Return what every bad call comes to."""
    with surroundings() as folder:
        plain = ((one, tried(one)) for one in cases())
        return tuple((one, replace(told, err=told.err.replace(str(folder), "/here"))) for one, told in plain)
