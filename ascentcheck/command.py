"""`ascentcheck`: one command for everything. A module is imported when its command runs, so that help answers at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from ascentcheck import __version__
from ascentcheck.theory import console

THEORY, EMPIRICS, FIGURES = (
    f"ascentcheck.{part}.__main__:{part}" for part in ("theory", "empirics", "figures")
)

LARGE = ("theory", "study", "figures")
"""Extras in whose place a command may name its own: the others bring what a file needs, whatever reads it."""


@dataclass(frozen=True)
class Entry:
    """A command: where its group is, what it is called there, and what it does, in a line.

    `extra` brings all that it needs; by default what brings the first package that is missing is named.
    """

    group: str
    name: str
    does: str
    extra: str | None = None

    @property
    def command(self) -> click.Command:
        """The command, imported when it is asked for."""
        group = console.imported(self.group)
        return group.commands[self.name]  # type: ignore[attr-defined]

    def missing(self, error: ModuleNotFoundError) -> str | None:
        """Return in one line which package is not there, and the extra that brings it; None for one that no extra brings."""
        of_file = console.EXTRAS.get((error.name or "").partition(".")[0]) not in LARGE
        return console.missing(error, None if of_file else self.extra)


SECTIONS: dict[str, dict[str, Entry]] = {
    "The paper's claims": {
        "claims": Entry(THEORY, "list", "list the claims"),
        "verify": Entry(THEORY, "verify", "decide the claims"),
        "explain": Entry(THEORY, "explain", "statement, verdict, derivation and witness of a claim"),
        "evaluate": Entry(THEORY, "evaluate", "a claim at a point"),
        "certify": Entry(THEORY, "certify", "what is stored of proofs, searched or checked"),
        "rocq": Entry(THEORY, "rocq", "the claims for the proof assistant Rocq"),
        "real-data": Entry(THEORY, "real-data", "how far lemma 2 is off on real data"),
    },
    "Models of your own": {
        "score": Entry(EMPIRICS, "score", "margins against those of oracles"),
        "diagnose": Entry(EMPIRICS, "diagnose", "what descent-ascent will do to a linear head", "diagnose"),
        "published": Entry(EMPIRICS, "published", "published margins"),
        "power": Entry(EMPIRICS, "power", "what each estimator detects"),
        "floors": Entry(EMPIRICS, "floors", "what it reads where nothing is wrong"),
        "coverage": Entry(EMPIRICS, "coverage", "how often its intervals hold"),
    },
    "Studies": {
        "plan": Entry(EMPIRICS, "plan", "what a study takes before anything runs"),
        "run": Entry(EMPIRICS, "run", "run what is missing of it"),
        "status": Entry(EMPIRICS, "status", "how far it is"),
        "sets": Entry(EMPIRICS, "sets", "its forget sets"),
        "table": Entry(EMPIRICS, "table", "its scores"),
        "findings": Entry(EMPIRICS, "findings", "the paper's sentences decided on it"),
        "peers": Entry(EMPIRICS, "peers", "the scores of others on it"),
        "dependence": Entry(EMPIRICS, "dependence", "is dependence why ascent fails"),
        "card": Entry(EMPIRICS, "card", "a part of CIFAR-10 on a GPU, in minutes"),
    },
    "Figures": {
        "figures": Entry(FIGURES, "draw", "the paper's figures", "figures"),
        "report": Entry(FIGURES, "report", "one page that opens offline", "figures"),
        "results": Entry(FIGURES, "results", "a study's page to commit", "figures"),
        "dependence-pages": Entry(FIGURES, "dependence", "figure 10 and the page on dependence", "figures"),
        "card-pages": Entry(FIGURES, "card", "the pages of what cards have shown", "figures"),
        "everything": Entry(FIGURES, "everything", "claims, study, figures, report", "figures"),
    },
}
COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class Sections(click.Group):
    """The commands by section, without importing any of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the sections."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, if there is one of that name."""
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else entry.command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises UserError where a package of its extra is missing."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            entry = COMMANDS.get(ctx.invoked_subcommand or "")
            told = None if entry is None else entry.missing(error)
            if told is None:
                raise
            raise console.UserError(told) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections."""
        for title, entries in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, entry.does) for name, entry in entries.items()])


@click.group(cls=Sections, context_settings=console.HELP)
@click.version_option(__version__, message="%(prog)s %(version)s")
def ascentcheck() -> None:
    """Decide the claims of 'Ascent Fails to Forget', run its study, and score your own unlearned models."""


def main() -> None:
    """Run the command and exit."""
    console.run(ascentcheck, "ascentcheck")


if __name__ == "__main__":
    main()
