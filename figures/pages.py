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

from ascentcheck.command import COMMANDS, EMPIRICS, SECTIONS, THEORY
from ascentcheck.command import FIGURES as DRAWN
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.progress import shown
from ascentcheck.figures import claim_graph, dependence, klom_picture, slack, style
from ascentcheck.figures.__main__ import figures
from ascentcheck.figures.draw import FIGURES, belongs
from ascentcheck.figures.markdown import table
from ascentcheck.figures.overview import in_a_figure, in_short, overview
from ascentcheck.theory import console, listed
from ascentcheck.theory.__main__ import theory
from ascentcheck.theory.claim import Rule, Verdict
from ascentcheck.theory.claims import CLAIMS
from ascentcheck.theory.disk import write_text, written
from ascentcheck.theory.explain import is_ours, verdict_words
from ascentcheck.theory.pages import MADE, correction, escaped, link, page
from ascentcheck.theory.pages.statements import CHANGED
from ascentcheck.theory.pages.typeset import in_markdown
from ascentcheck.theory.table import counted, placed, which
from ascentcheck.theory.verify import ClaimResult, verify

DOCS = Path("docs")
FOLDER = "derivations"
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


def contents(results: Sequence[ClaimResult]) -> str:
    """Return the page that lists the claims and shows which rest on which."""
    lines = [
        MADE,
        "",
        "# Derivations",
        "",
        "One page for each claim: what is printed, what is true, the derivation line by line, and how it was checked.",
        "An arrow leads from a claim to one that rests on it; arrows that follow from others are left out.",
        "",
        "![Which claims rest on which, by verdict](graph.svg)",
        "",
        _listed([r for r in results if not is_ours(r.claim)], results),
    ]
    ours = [r for r in results if is_ours(r.claim)]
    if ours:
        lines += [
            "",
            "## Beyond the paper",
            "",
            "Theorems of this project; the paper does not state them.",
            "",
            _listed(ours, results),
        ]
    lines += ["", "```{toctree}", ":hidden:", "", *[r.claim.name for r in results], "```"]
    return "\n".join(lines) + "\n"


def _listed(shown_here: Sequence[ClaimResult], results: Sequence[ClaimResult]) -> str:
    names = {r.claim.name for r in results}
    rows = []
    for r in shown_here:
        below = ", ".join(link(name) if name in names else name for name in r.claim.rests_on)
        rows.append((link(r.claim.name), escaped(r.claim.title), verdict_words(r.claim, r.verdict), below))
    return table(("claim", "title", "verdict", "rests on"), rows)


def verdicts(results: Sequence[ClaimResult]) -> str:
    """Return the verdicts on the paper's claims as a list, which reads on a phone where a table does not."""
    lines = []
    for r in (r for r in results if not is_ours(r.claim)):
        name = link(r.claim.name, f"{FOLDER}/")
        lines.append(
            f"- **{name}** ({escaped(r.claim.where)}): **{r.verdict.words}**{which(r)} ({r.level.name})."
        )
        lines.append(f"  {in_markdown(r.claim.summary)}")
    return "\n".join(lines)


def sentences(results: Sequence[ClaimResult]) -> str:
    """Return the page of every printed sentence with its verdict, false ones first in each claim's table."""
    paper = [r for r in results if not is_ours(r.claim)]
    lines = [
        MADE,
        "",
        "# Every sentence, decided",
        "",
        f"{counted(s.verdict for r in paper for s in r.statements)}. A claim is as bad as its worst sentence: "
        f"{counted(r.verdict for r in paper)}. What each verdict and level of evidence means stands in "
        "[what is trusted](explanation/trust.md). That α ≤ 1 is no loss of generality, which App. H assumes for all that "
        "follows, is counted as false once, in lemma-12.",
    ]
    for r in paper:
        lines += ["", f"## {r.claim.name}", ""]
        lines += [
            f"{escaped(r.claim.title)} ({escaped(r.claim.where)}). Decided in {link(r.claim.name, f'{FOLDER}/')}.",
            "",
        ]
        rows = [
            (
                _loud(s.verdict),
                f"“{in_markdown(s.statement.quote)}”",
                escaped(s.statement.where),
                s.level.name,
            )
            for s in sorted(r.statements, key=lambda s: -s.verdict)
        ]
        lines.append(table(("verdict", "sentence", "where", "evidence"), rows))
    lines += changed(paper)
    return "\n".join(lines) + "\n"


def changed(results: Sequence[ClaimResult]) -> list[str]:
    """Return the section of the sentences whose verdicts were changed after the result was known."""
    rows = [
        (
            f"{link(r.claim.name, f'{FOLDER}/')}, {s.statement.name}",
            before.words,
            s.verdict.words,
            escaped(why),
        )
        for r in results
        for s in r.statements
        if s.statement.formerly is not None
        for before, why in (s.statement.formerly,)
    ]
    return [
        "",
        "## Verdicts that were changed",
        "",
        f"On {CHANGED}, after the results were known, for sentences that a reader may fairly take in another way than the one "
        "that was decided first. The witnesses that refuted them stand, as those of one reading; lemma-4 and stay-close have new "
        "ones. Two sentences were counted twice: that descent-ascent is always farthest, and a part of contribution 4. "
        "Refutations at a point, EXACT before where Rocq lacks them, are CERTIFIED. A reading of corollary 1's 'few steps' that "
        "no data set has, and one of lemma 10's range that turned its quantifiers round, were replaced by others.",
        "",
        table(("sentence", "before", "now", "why"), rows),
    ]


def _loud(verdict: Verdict) -> str:
    return f"**{verdict.words}**" if verdict is Verdict.FALSE else verdict.words


def errata(results: Sequence[ClaimResult]) -> str:
    """Return the page of all lines to correct in the paper."""
    lines = [
        MADE,
        "",
        "# To correct in the paper",
        "",
        "Lines of the paper that should read differently, under the claim in which they were decided: one at least for each "
        "sentence that is false as printed, and others where a proof, a formula or a reading asks for it.",
    ]
    for r in results:
        if r.claim.errata:
            lines += ["", f"## {r.claim.name}", "", f"Decided in {link(r.claim.name, f'{FOLDER}/')}.", ""]
            lines += [line for e in r.claim.errata for line in correction(e)]
    return "\n".join(lines).rstrip() + "\n"


def rules() -> str:
    """Return what each rule of a derivation means, under a heading each, which gives the anchor."""
    return "\n\n".join(
        f"### Rule: {rule.name.lower()}\n\n{escaped(rule.value[0].upper() + rule.value[1:])}."
        for rule in Rule
    )


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
