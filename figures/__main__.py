"""`python -m figures`: draw the figures, write the report, or do everything that `make` does."""

from __future__ import annotations

from ascentcheck.theory import console

if __name__ == "__main__":  # imports take half a second, in which Ctrl-C is one line as well
    console.run("ascentcheck.figures.__main__:figures", "figures")

# isort: split
from ascentcheck.figures import headless  # noqa: F401 - before matplotlib

# isort: split
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ascentcheck.figures import browser
from ascentcheck.theory import disk
from ascentcheck.theory.parameters import NewFile, NewFolder

if TYPE_CHECKING:  # help needs neither torch nor matplotlib
    from ascentcheck.empirics.study.session import Session
    from ascentcheck.empirics.study.table import Row
    from ascentcheck.figures.draw import Drawn

FORMATS = ("pdf", "png", "svg")

STUDY = click.option(
    "--study", type=click.Path(path_type=Path), default=Path("studies/digits-small.toml"), show_default=True
)
STORE = click.option("--store", type=click.Path(path_type=Path), help="where results live (build/store/NAME)")


class FiguresGroup(click.Group):
    """Numbers, or no word at all, mean the command `draw`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `draw` before arguments that name no command."""
        known = (*self.commands, *console.HELP["help_option_names"])
        return super().parse_args(ctx, args if args and args[0] in known else ["draw", *args])


@click.group(cls=FiguresGroup, context_settings=console.HELP)
def figures() -> None:
    """Draw the paper's figures from the claims and the study's table."""


@figures.command("draw")
@click.argument("numbers", nargs=-1, metavar="[N|all]...")
@STUDY
@STORE
@click.option("--out", type=NewFolder(), default=Path("build/figures"), show_default=True)
@click.option("--format", "formats", default="pdf,png", show_default=True, help=f"of {', '.join(FORMATS)}")
def draw_figures(numbers: tuple[str, ...], study: Path, store: Path | None, out: Path, formats: str) -> None:
    """Draw the figures of these numbers (all by default)."""
    kinds = tuple(formats.split(","))
    for kind in kinds:
        if kind not in FORMATS:
            raise console.UserError(f"--format {kind!r} is unknown; allowed are {', '.join(FORMATS)}")
    from ascentcheck.empirics.study.session import open_session
    from ascentcheck.figures.flow import scored

    chosen = parse_numbers(numbers)
    session = open_session(study, store)
    rows = scored(session)
    for figure in draw_all(chosen, rows, session, out, kinds):
        click.echo(f"{' '.join(str(path) for path in figure.files)}  {figure.title}")
    session.tell_lacking()


def parse_numbers(numbers: Sequence[str]) -> list[int]:
    """Return figure numbers. Raises UserError for one that is not drawn here."""
    from ascentcheck.figures.draw import FIGURES

    chosen = []
    for text in numbers if numbers and "all" not in numbers else map(str, FIGURES):
        if not text.isdecimal() or int(text) not in FIGURES:
            raise console.UserError(
                f"figure {text!r} is unknown; figures are {', '.join(map(str, FIGURES))}, all"
            )
        chosen.append(int(text))
    return chosen


def draw_all(
    numbers: Sequence[int], rows: Sequence[Row], session: Session, out: Path, kinds: Sequence[str]
) -> list[Drawn]:
    """Draw figures into a folder. Raises UserError where it cannot be written."""
    from ascentcheck.figures.draw import draw

    with console.writing(out, "--out "):
        return [draw(number, rows, session.title, out, kinds) for number in numbers]


@figures.command()
@STUDY
@STORE
@click.option("--out", type=NewFile(parents=True), default=Path("build/report.html"), show_default=True)
@click.option("--pdf", is_flag=True, help="print it to a PDF file too, with an installed Chromium or Chrome")
def report(study: Path, store: Path | None, out: Path, pdf: bool) -> None:
    """Write the report from what has been run so far."""
    if pdf and browser.find() is None:
        raise console.UserError(browser.MISSING)
    from ascentcheck.empirics.study.session import open_session
    from ascentcheck.figures import flow

    session = open_session(study, store)
    click.echo(f"report: {flow.write_report(session, flow.scored(session), flow.decided(), out)}")
    session.tell_lacking()
    if pdf:
        browser.print_pdf(out, out.with_suffix(".pdf"))
        click.echo(f"report: {out.with_suffix('.pdf')}")


@figures.command()
@STUDY
@STORE
@click.option("--out", type=NewFolder(), default=Path("build/results"), show_default=True)
def results(study: Path, store: Path | None, out: Path) -> None:
    """Write a study's findings, sets and figures as a Markdown page with pictures beside it."""
    from ascentcheck.empirics.study.session import open_session
    from ascentcheck.figures.flow import scored
    from ascentcheck.figures.results import write

    session = open_session(study, store)
    rows = scored(session)
    if not rows:
        raise console.UserError(f"{study}: nothing of the study can be scored yet; run it first")
    with console.writing(out, "--out "):
        for path in write(session, rows, out):
            click.echo(path)
    session.tell_lacking()


@figures.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("docs/results/card"))
@click.option("--out", type=NewFolder(), default=Path("docs/results"), show_default=True)
def card(folder: Path, out: Path) -> None:
    """Write what the runs in a folder's folders have shown, `make gpu`'s, as Markdown pages with pictures."""
    from ascentcheck.empirics.card.table import read
    from ascentcheck.figures.card import write

    found = sorted(path for path in folder.glob("*") if path.is_dir())
    if not found:
        raise console.UserError(f"{folder}: holds no folder of a run")
    with console.writing(out, "--out "):
        for path in write([read(one) for one in found], out):
            click.echo(path)


@figures.command()
@click.option("--docs", type=click.Path(path_type=Path), default=Path("docs"), show_default=True)
def dependence(docs: Path) -> None:
    """Draw figure 10 and renew the page on dependence, from the tables in DOCS/results/dependence."""
    from ascentcheck.figures.dependence import MARKS, PAGE, part, picture
    from ascentcheck.theory.table import placed

    page = docs / PAGE
    try:
        click.echo(picture(docs))
        disk.write_text(page, placed(disk.read_text(page), part(docs), page.name, MARKS))
    except OSError as error:
        raise console.UserError(f"{error.filename or page}: {error.strerror or error}") from None
    click.echo(page)


@figures.command()
@click.argument("study", type=click.Path(path_type=Path), default=Path("studies/digits-small.toml"))
@click.option("--out", type=NewFolder(), default=Path("build"), show_default=True)
def everything(study: Path, out: Path) -> int:
    """Decide the claims, run the study, draw the figures, write the report, and sum up."""
    from ascentcheck.figures import flow

    return flow.everything(study, out)
