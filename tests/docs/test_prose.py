"""The written pages: every block is run as written, every link leads somewhere, every name is one."""

import contextlib
import io
import re
import runpy
import shlex
import shutil
import sys
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from ascentcheck import __version__
from ascentcheck.command import ascentcheck
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.figures.__main__ import figures
from ascentcheck.figures.draw import FIGURES
from ascentcheck.figures.pages import pages
from ascentcheck.theory import console
from ascentcheck.theory.__main__ import find, theory

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = sorted(p for p in DOCS.rglob("*.md") if "modules" not in p.parts)
WRITTEN = [README, *(p for p in PAGES if p.parent.name != "derivations")]
DERIVATIONS = [p for p in PAGES if p.parent.name == "derivations" and p.stem != "index"]
NAMES = tuple(claim.name for claim in find())
GROUPS = {
    "theory": theory,
    "empirics": empirics,
    "figures": figures,
    "figures.pages": pages,
    "ascentcheck": ascentcheck,
}
REASONS = (
    "takes minutes",
    "needs a GPU",
    "needs the published margins",
    "needs CIFAR-10",
    "needs Fashion-MNIST",
    "needs a SLURM cluster",
    "needs a Ray cluster",
    "writes the pages of the project itself",
    "a test of its own does the same",
    "shows commands on files of your own",
)
OTHERS = {"CITATION", "cff", "flock"}
"""Names on the pages that are of no code: a file, and a call of the operating system."""
BLOCK = re.compile(r"(?:<!-- (?P<mark>[^>]*) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A code block: its language, its text, and the mark before it: `file: NAME`, `append: NAME`, `not run: REASON`, or
    `printed` for what the last command must print.
    """

    kind: str
    text: str
    mark: str

    @property
    def reason(self):
        """Why it is not run, if it is not."""
        return self.mark.removeprefix("not run: ") if self.mark.startswith("not run: ") else None

    @property
    def file(self):
        """The file that it is the content of, or is added to, if it is."""
        found = re.fullmatch(r"(?:file|append): (.*)", self.mark)
        return found and found[1]

    @property
    def lines(self):
        """Its commands; a backslash at the end of a line joins the next."""
        text = self.text.replace("\\\n", " ")
        lines = [line.partition("  #")[0].rstrip() for line in text.splitlines() if not line.startswith("#")]
        return [line for line in lines if line]


def blocks(page):
    return [
        Block(m["kind"], m["text"], m["mark"] or "") for m in BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]


def name(page):
    return page.relative_to(ROOT).as_posix()


def split(line):
    """Return the words of a command line; `ascentcheck` is the module of that name."""
    words = shlex.split(line)
    return [".venv/bin/python", "-m", *words] if words[0] == "ascentcheck" else words


def run_line(line):
    """Run one command line, `ascentcheck …` or `.venv/bin/python -m MODULE …`, perhaps with `> FILE`, in this process."""
    words = split(line)
    target = words[words.index(">") + 1] if ">" in words else None
    words = words[: words.index(">")] if ">" in words else words
    assert words[:2] == [".venv/bin/python", "-m"], f"{line}: not a command that can be run here"
    out, before = io.StringIO(), sys.argv
    sys.argv = words[2:]
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*found in sys.modules", category=RuntimeWarning)
            # by its path: pytest rewrites every package of a plug-in, and runpy cannot load a module that it rewrites
            runpy.run_path(find_spec(f"{words[2]}.__main__").origin, run_name="__main__")
        status = 0
    except SystemExit as stop:
        status = stop.code or 0
    finally:
        sys.argv = before
    assert status == 0, f"{line}: exit status {status}"
    if target is not None:
        Path(target).write_text(out.getvalue(), encoding="utf-8")
    return out.getvalue()


def parse_line(line):
    """Let click read a command line without running it: an unknown command, option or claim fails."""
    words = split(line.split(">")[0])
    command, arguments, context = GROUPS[words[2]], words[3:], None
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=words[2], **console.HELP)
        _, command, arguments = command.resolve_command(context, arguments)
    command.make_context(words[2], arguments, parent=context)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the studies in it, in which pages are followed."""
    shutil.copytree(ROOT / "studies", tmp_path / "studies")
    shutil.copy(ROOT / "CITATION.cff", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return tmp_path


def follow(page, folder, monkeypatch):
    """Do what a page says, from top to bottom; return what was printed."""
    names, printed = {"__name__": "page"}, []
    for block in blocks(page):
        if block.file is not None:
            path = folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a" if block.mark.startswith("append") else "w", encoding="utf-8") as file:
                file.write(block.text)
        elif block.reason is not None:
            continue
        elif block.mark == "printed":
            assert printed[-1] == block.text, f"{page}: the command prints {printed[-1]}"
        elif block.kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(block.text, str(page), "exec"), names)
            printed.append(out.getvalue())
        elif block.kind == "bash":
            printed += [run_line(line) for line in block.lines]
    return printed


@pytest.mark.parametrize("page", [p for p in WRITTEN if blocks(p)], ids=name)
def test_every_block_runs_as_written(page, folder, monkeypatch, request):
    if "--engine ray" in page.read_text(encoding="utf-8"):
        request.getfixturevalue("ray_starts")
    follow(page, folder, monkeypatch)


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_what_is_not_run_says_why_and_is_a_command(page):
    for block in blocks(page):
        assert not block.mark.startswith("not run") or block.reason in REASONS
        assert block.kind in ("bash", "python", "toml", "text", "bibtex", "include", "eval")
        if block.kind == "python":
            compile(block.text, str(page), "exec")
        for line in block.lines if block.kind == "bash" and block.reason else []:
            if split(line)[0] == ".venv/bin/python":
                parse_line(line)
            else:
                assert line.split()[0] in ("make", "pip", "pytest", "sbatch", "ray", "srun"), line


@pytest.mark.parametrize("page", DERIVATIONS, ids=lambda p: p.stem)
def test_the_commands_to_rerun_a_claim(page, folder):
    (block,) = [b for b in blocks(page) if b.kind == "bash"]
    verify, explain, evaluate = block.lines
    for line in (verify, explain):
        assert shlex.split(line)[-1] == page.stem
        parse_line(line)
    assert "conclusion" in run_line(evaluate)


def test_a_claim_is_verified_and_explained_as_its_page_says(folder):
    page = DOCS / "derivations" / "lambert-eq.md"
    (block,) = [b for b in blocks(page) if b.kind == "bash"]
    verify, explain, _ = block.lines
    assert "lambert-eq" in run_line(verify)
    assert "verdict:" in run_line(explain)


def test_a_page_that_says_something_wrong_fails(folder, monkeypatch):
    page = folder / "page.md"
    for text in (
        "```bash\n.venv/bin/python -m theory evaluate lambert-eq b=1\n```",
        "```bash\n.venv/bin/python -m theory verify lemma-99\n```",
        "```bash\nrm nothing\n```",
        "```python\nassert 1 == 2\n```",
        "```python\nprint(1)\n```\n<!-- printed -->\n```text\n2\n```",
    ):
        page.write_text(text, encoding="utf-8")
        with pytest.raises(AssertionError):
            follow(page, folder, monkeypatch)
    for line in (
        ".venv/bin/python -m empirics rum x.toml",
        ".venv/bin/python -m empirics run x.toml --wrkers 2",
    ):
        with pytest.raises(click.UsageError):
            parse_line(line)


def anchors(page):
    """The headings of a page as a forge and MyST name them."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    included = re.findall(r"```\{include\} (\S+)", page.read_text(encoding="utf-8"))
    found = {
        re.sub(r"[^\w\- ]", "", heading.replace("\\", "").strip().lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    }
    return found.union(*(anchors((page.parent / other).resolve()) for other in included))


@pytest.mark.parametrize("page", [README, *PAGES], ids=name)
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if page == README and target.startswith("https://arxiv.org/abs/"):
            continue
        assert not re.match(r"[a-z]+:", target), f"{target}: a page needs no network"
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        assert other.is_file(), target
        assert not anchor or anchor in anchors(other), target


def test_every_claim_is_in_the_summary_and_every_name_is_a_claim():
    text = (DOCS / "summary.md").read_text(encoding="utf-8")
    prose = text.split("## What changes")[1]
    assert [c for c in NAMES if not re.search(rf"[`\[]{c}[`\]]|{c.replace('-', ' ')}", prose)] == []
    for page in WRITTEN:
        for claim in re.findall(r"derivations/([\w-]+)\.md", page.read_text(encoding="utf-8")):
            assert claim in (*NAMES, "index"), f"{name(page)}: {claim}"


def test_every_figure_is_listed():
    text = (DOCS / "how-to" / "figures.md").read_text(encoding="utf-8")
    assert [n for n in FIGURES if f"`ascentcheck figures {n}`" not in text] == []


def test_dotted_names_and_files_on_the_pages_exist():
    for page in WRITTEN:
        for code in re.findall(r"`([\w./-]+/[\w./-]+)`", page.read_text(encoding="utf-8")):
            made = code.startswith(("build/", ".venv/"))
            made |= (
                ROOT / "theory" / "claims" / f"{code.partition('/')[0]}.py"
            ).exists()  # a place in a claim
            assert made or (ROOT / code).exists(), f"{name(page)}: {code}"


@pytest.fixture(scope="module")
def words():
    """Every name in the code, the studies and the packages that are used."""
    files = [*ROOT.glob("*.toml"), *ROOT.glob("studies/*.toml"), ROOT / "Makefile"]
    for package in ("ascentcheck", "theory", "empirics", "figures", "docs"):
        files += (ROOT / package).rglob("*.py")
    return set(re.findall(r"[A-Za-z_]\w*", " ".join(path.read_text(encoding="utf-8") for path in files)))


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_names_are_spelled_as_in_the_code(page, words):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    local = {word for block in blocks(page) for word in re.findall(r"[A-Za-z_]\w*", block.text)}
    named = {part for code in re.findall(r"`([A-Za-z_][\w.]*)`", text) for part in code.split(".")}
    assert sorted(named - words - local - OTHERS) == []


def test_a_name_that_is_not_in_the_code_is_caught(words):
    assert "klom" in words
    assert "kloom" not in words


def test_the_example_of_what_is_trusted_says_what_it_claims(capsys):
    (block,) = [b for b in blocks(ROOT / "theory" / "README.md") if b.kind == "python"]
    exec(compile(block.text, "theory/README.md", "exec"), {})
    assert complex(capsys.readouterr().out.strip().replace(" ", "")).real < 0


def test_the_citation_is_the_one_of_the_software():
    text = (DOCS / "how-to" / "cite.md").read_text(encoding="utf-8")
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version = {{{__version__}}}" in text
    assert f"version: {__version__}" in cff
    assert re.search(r'^title: "(.*)"$', cff, re.MULTILINE)[1] in text
