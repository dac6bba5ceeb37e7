"""The generated page of all commands."""

from __future__ import annotations

import click

from ascentcheck.command import COMMANDS, EMPIRICS, SECTIONS, THEORY
from ascentcheck.command import FIGURES as DRAWN
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.figures.__main__ import figures
from ascentcheck.theory import console
from ascentcheck.theory.__main__ import theory
from ascentcheck.theory.pages import MADE


def commands() -> str:
    """Return the page of all commands: what `--help` prints."""
    lines = [
        MADE,
        "",
        "# Commands",
        "",
        "What `--help` prints for each; every number is exact or says its unit.",
    ]
    for title, entries in SECTIONS.items():
        lines += ["", f"## {title}"]
        for name, entry in entries.items():
            lines += _help(f"ascentcheck {name}", name, entry.command)
            if isinstance(entry.command, click.Group):
                for part, command in entry.command.commands.items():
                    lines += _help(f"ascentcheck {name} {part}", f"{name} {part}", command)
    there = {(entry.group, entry.name) for entry in COMMANDS.values()}
    lines += ["", "## For who works on the project"]
    for path, group in ((THEORY, theory), (EMPIRICS, empirics), (DRAWN, figures)):
        for name, command in group.commands.items():
            if (path, name) not in there:
                lines += _help(f"python -m {group.name} {name}", f"{group.name} {name}", command)
    return "\n".join(lines) + "\n"


def _help(called: str, heading: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=called, max_content_width=90, **console.HELP)
    context.terminal_width = 90
    return ["", f"### {heading}", "", "```text", command.get_help(context), "```"]
