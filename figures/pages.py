"""`python -m figures.pages`: write the generated pages of the documentation, or tell which are stale.

A page per claim with its plot of slack, the list of claims with the graph of what rests on what, the list of errata,
and the parts of written pages that stand between marks. Everything comes from the claims, decided now.
"""

from __future__ import annotations

from ascentcheck.figures import headless  # noqa: F401 - before matplotlib

# isort: split
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import click
import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ascentcheck.empirics.progress import shown
from ascentcheck.figures import claim_graph, dependence, klom_picture, slack, style
from ascentcheck.figures.claim_pages import FOLDER, contents, errata, rules, sentences, verdicts
from ascentcheck.figures.command_page import commands
from ascentcheck.figures.draw import FIGURES, belongs
from ascentcheck.figures.markdown import table
from ascentcheck.figures.overview import in_a_figure, in_short, overview
from ascentcheck.theory import console, listed
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.disk import write_text, written
from ascentcheck.theory.pages import escaped, link, page
from ascentcheck.theory.table import placed
from ascentcheck.theory.verify import ClaimResult, verify

DOCS = Path("docs")
MARKS = ("<!-- made by `python -m figures.pages` -->", "<!-- end of what is made -->")
OF_FIGURE = ("<!-- figure made by `python -m figures.pages` -->", "<!-- end of the figure -->")
DIGEST = "data "
KLOM = "explanation/klom-picture.svg"
README = "../README.md"
"""As seen from docs."""
DOTS, COLOURS = 90, 16
"""Dots per inch and colours of a small picture."""


@dataclass(frozen=True)
class Picture:
    """A picture of the pages: its file under docs, how it is drawn, and a digest of the data."""

    path: str
    draw: Callable[[], Figure]
    digest: str


def texts(results: Sequence[ClaimResult], docs: Path) -> dict[str, str]:
    """Return every generated text by its path under docs, the written pages with their made parts renewed."""
    claims = [r.claim for r in results]
    made = {f"{FOLDER}/{r.claim.name}.md": page(r, claims) for r in results}
    made[f"{FOLDER}/index.md"] = contents(results)
    made["errata.md"] = errata(results)
    made["reference/commands.md"] = commands()
    made["verdicts.md"] = sentences(results)
    made["results/index.md"] = overview(docs / "results")
    parts = {
        "summary.md": verdicts(results),
        "explanation/trust.md": rules(),
        "how-to/figures.md": drawn_here(),
    }
    for name, part in parts.items():
        made[name] = placed((docs / name).read_text(encoding="utf-8"), part, name, MARKS)
    if (docs / README).exists():
        made[README] = (docs / README).read_text(encoding="utf-8")
        for words, marks in ((answers, MARKS), (pictured, OF_FIGURE)):
            made[README] = placed(made[README], words(docs), "README.md", marks)
    return made


def answers(docs: Path) -> str:
    """Return what the README says of networks and of dependence, in Markdown."""
    lines = in_short(docs / "results", f"{docs.name}/results")
    return f"{lines}\n{dependence.in_short(docs, f'{docs.name}/{dependence.PAGE}')}"


def pictured(docs: Path) -> str:
    """Return the README's figure with its caption, in Markdown."""
    return in_a_figure(docs / "results", f"{docs.name}/results")


def drawn_here() -> str:
    """Return the list of the figures that are drawn here: what they show, what the paper's show, the claim, the command."""
    known = {claim.name for claim in CLAIMS}
    rows = []
    for number, module in FIGURES.items():
        claim, paper = belongs(module)
        to = (
            link(claim, f"../{FOLDER}/")
            if claim in known
            else f"[{claim}](../results/index.md)"
            if claim
            else ""
        )
        rows.append((str(number), module.TITLE, escaped(paper), to, f"`ascentcheck figures {number}`"))
    return table(("figure", "shows", "the paper's", "claim", "command"), rows)


def pictures(results: Sequence[ClaimResult]) -> list[Picture]:
    """Return every generated picture."""
    graph = claim_graph.data([r.claim for r in results], {r.claim.name: r.verdict for r in results})
    panels_of_klom = klom_picture.data()
    made = [
        Picture(f"{FOLDER}/graph.svg", partial(claim_graph.draw, graph), _digest(graph)),
        Picture(KLOM, partial(klom_picture.draw, panels_of_klom), _digest(panels_of_klom)),
    ]
    for r in results:
        panels = slack.data(r.claim)
        made.append(
            Picture(f"{FOLDER}/slack/{r.claim.name}.png", partial(slack.draw, panels), _digest(panels))
        )
    return made


def _digest(data: object) -> str:
    return hashlib.sha256(repr(data).encode()).hexdigest()[:12]


def write(results: Sequence[ClaimResult], docs: Path = DOCS) -> list[str]:
    """Write what is stale and remove what belongs to no claim any more; return the paths under docs."""
    made = texts(results, docs)
    with style.paper():
        drawn = {picture.path: picture for picture in pictures(results)}
        changed = _differing(made, drawn, docs)
        for name in changed:
            path = docs / name
            if name in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_text(path, made[name])
            elif name in drawn:
                path.parent.mkdir(parents=True, exist_ok=True)
                _save(drawn[name], path)
            else:
                path.unlink()
    return changed


def _save(picture: Picture, path: Path) -> None:
    """Write a picture with the digest of its data; a PNG in few colours, a tenth of the size of an SVG of many curves."""
    description = DIGEST + picture.digest
    if path.suffix == ".svg":
        notes_of_svg = {"Date": None, "Creator": None, "Description": description}
        with written(path) as file:
            picture.draw().savefig(file, format="svg", metadata=notes_of_svg)
        return
    with mpl.rc_context({"lines.antialiased": False}):
        picture.draw().savefig(drawn := BytesIO(), format="png", dpi=DOTS)
    notes = PngInfo()
    notes.add_text("Description", description)
    small = Image.open(drawn).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    with written(path) as file:
        small.save(file, "png", optimize=True, pnginfo=notes)


def stale(results: Sequence[ClaimResult], docs: Path = DOCS) -> list[str]:
    """Return the paths under docs that are missing, differ from what the claims say, or belong to no claim.

    A picture is compared by the digest of its data, as its bytes may change with the plotting library.
    """
    return _differing(texts(results, docs), {p.path: p for p in pictures(results)}, docs)


def _differing(made: Mapping[str, str], drawn: Mapping[str, Picture], docs: Path) -> list[str]:
    wrong = [name for name, text in made.items() if _read(docs / name) != text]
    wrong += [name for name, p in drawn.items() if f"{DIGEST}{p.digest}" not in _read(docs / name, "latin-1")]
    here = [*(docs / FOLDER).glob("*.md"), *(docs / FOLDER).rglob("*.svg"), *(docs / FOLDER).rglob("*.png")]
    known = {*made, *drawn}
    names = (f.relative_to(docs).as_posix() for f in here if not f.name.startswith("."))
    return wrong + sorted(name for name in names if name not in known)


def _read(path: Path, encoding: str = "utf-8") -> str:
    return path.read_text(encoding=encoding) if path.is_file() else ""


@click.command()
@click.option("--check", is_flag=True, help="write nothing; exit status 1 when a page is stale")
def pages(check: bool) -> int:
    """Write the generated pages of docs/ from the claims."""
    if not (DOCS / "conf.py").is_file():
        raise console.UserError("docs/conf.py is not here; run this in the project's root")
    results = []
    with shown("claims") as show:
        for number, claim in enumerate(every := listed.every()):
            show(claim.name, number / len(every))
            results.append(verify(claim, mutants=False))
    bad = [r.claim.name for r in results if not r.ok]
    if bad:
        raise console.UserError(f"{', '.join(bad)} fell below the record; see `python -m theory verify`")
    changed = stale(results) if check else write(results)
    for name in changed:
        click.echo(f"{DOCS / name}: {'stale' if check else 'written'}")
    click.echo(
        f"{len(changed)} of the generated pages and pictures {'are stale' if check else 'were renewed'}"
    )
    return 1 if check and changed else 0


if __name__ == "__main__":
    console.run(pages, "pages")
