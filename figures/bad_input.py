"""What every command answers to bad input: the command tree is walked, and each parameter is given what it cannot use.

The values come from the parameter's type; what a file or a text means is named in MEANT. `docs/reference/bad-input.md` is
made from what is really printed.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import click
import numpy as np

from ascentcheck.command import ascentcheck
from ascentcheck.empirics.__main__ import empirics
from ascentcheck.figures.__main__ import figures
from ascentcheck.figures.markdown import table
from ascentcheck.theory import console
from ascentcheck.theory.__main__ import theory
from ascentcheck.theory.pages import MADE

STUDY = """name = "tiny"
n_models = 2
data = { kind = "digits" }
model = { kind = "mlp", hidden = [4] }
train = { epochs = 1, peak_epoch = 1, batch_size = 64 }

[[forget_set]]
kind = "random"
name = "random"
size = 10
seed = 0

[[method]]
kind = "ga"
learning_rate = 1e-2
epochs = [1]
"""
"""A study that every command of studies takes."""

Values = tuple[tuple[str, str], ...]
"""What is wrong, and the text that is given."""

ARRAY: Values = (
    ("no such file", "absent.npy"),
    ("a folder", "folder"),
    ("an empty file", "empty.npy"),
    ("a file of something else", "picture.npy"),
    ("a file cut short", "short.npy"),
    ("a header that is damaged", "header.npy"),
    ("an array of objects", "objects.npy"),
    ("a table with a word", "word.csv"),
    ("a table with a short row", "ragged.csv"),
    ("an archive of two arrays", "two.npz"),
    ("a damaged archive", "damaged.npz"),
    ("a name that is too long", "n" * 300),
)
MARGINS = (
    *ARRAY,
    ("text in place of numbers", "words.npy"),
    ("no rows", "none.npy"),
    ("three axes", "cube.npy"),
)
INDICES = (
    *ARRAY,
    ("text in place of numbers", "words.npy"),
    ("fractions", "fractions.npy"),
    ("an index beyond the points", "beyond.npy"),
    ("an index twice", "twice.npy"),
    ("nothing chosen", "nothing.npy"),
)
STUDIES: Values = (
    ("no such file", "absent.toml"),
    ("a folder", "folder"),
    ("an empty file", "empty.toml"),
    ("a file of something else", "picture.npy"),
    ("malformed TOML", "malformed.toml"),
    ("an unknown key", "key.toml"),
    ("an unknown kind", "kind.toml"),
    ("text for a number", "text.toml"),
    ("a number out of range", "range.toml"),
    ("NaN", "nan.toml"),
    ("a name that is too long", "n" * 300),
)
NEW_FILE: Values = (
    ("a folder", "folder"),
    ("below a file", "empty.toml/new"),
    ("a name that is too long", "n" * 300),
)
NEW_FOLDER: Values = (
    ("a file", "empty.toml"),
    ("below a file", "empty.toml/new"),
    ("a name that is too long", "n" * 300),
)
FOLDER: Values = (
    ("no such folder", "absent"),
    ("a file", "empty.toml"),
    ("an empty folder", "folder"),
    ("a name that is too long", "n" * 300),
)
CLAIM: Values = (("an unknown claim", "lemma-33"), ("no name", ""), ("a file", "empty.toml"))
NAME: Values = (("an unknown name", "nothing"), ("no name", ""))
POINT: Values = (
    ("a number out of range", "alpha=-1"),
    ("NaN", "alpha=nan"),
    ("infinity", "alpha=inf"),
    ("text for a number", "alpha=one"),
    ("a division by zero", "alpha=1/0"),
    ("a number that is too large", "alpha=1e999999999"),
    ("an unknown name", "beta=1"),
    ("no value", "alpha="),
    ("no equals sign", "alpha"),
)
SPLIT: Values = (
    ("no equals sign", "indices.npy"),
    ("no name", "=indices.npy"),
    *((what, f"a={value}") for what, value in INDICES),
)
SPLITS = (*ARRAY, ("text of another length", "words.npy"), ("an index beyond the points", "beyond.npy"))
LABELS = (*ARRAY, ("an array of another length", "cube.npy"))
ANY: Values = ()
"""For a text of which none is wrong."""

MEANT: Mapping[str, Values] = {
    "study": STUDIES,
    "theory ID": CLAIM,
    "theory NAME=VALUE": POINT,
    "theory --seed": ANY,
    "theory verify --json": NEW_FILE,
    "theory table": (*NEW_FILE, ("no such file", "absent.md"), ("a file without the lines", "empty.toml")),
    "empirics --store": NEW_FOLDER,
    "empirics --address": (("no address", "nowhere at all"), ("no port", "localhost")),
    "empirics --estimator": NAME,
    "empirics --parquet": NEW_FILE,
    "empirics power --study": STUDIES,
    "empirics score --labels": LABELS,
    "empirics score --points": INDICES,
    "empirics score --all-but": INDICES,
    "empirics score --split": SPLIT,
    "empirics score --splits": SPLITS,
    "empirics score": MARGINS,
    "empirics published SOURCE": (("an unknown name", "nothing"), *FOLDER[1:]),
    "empirics diagnose --features": MARGINS,
    "empirics diagnose --labels": LABELS,
    "empirics diagnose --forget": INDICES,
    "empirics diagnose --loss": NAME,
    "empirics diagnose --picture": NEW_FILE,
    "empirics card --data": FOLDER,
    "empirics card --forget-set": INDICES,
    "empirics card --out": NEW_FOLDER,
    "empirics dependence --out": NEW_FOLDER,
    "figures --study": STUDIES,
    "figures --store": NEW_FOLDER,
    "figures N": (("an unknown figure", "99"), ("text for a number", "one"), ("a negative number", "0")),
    "figures draw --format": (("an unknown format", "gif"), ("no format", "")),
    "figures report --out": NEW_FILE,
    "figures --out": NEW_FOLDER,
    "figures card FOLDER": FOLDER,
    "figures dependence --docs": FOLDER,
}

SCORED = {"--oracle": "oracle.npy", "--unlearned": "unlearned.npy"}
HEAD = {"--features": "features.npy", "--labels": "labels.npy", "--forget": "indices.npy"}
POINT_OF = "n_retain=900 n_forget=100 n_group=9 ridge=1"
GIVEN: Mapping[str, Mapping[str, str]] = {
    "figures draw": {"--study": "study.toml"},
    "figures report": {"--study": "study.toml"},
    "figures results": {"--study": "study.toml"},
    "empirics dependence doses": {"STUDY": "copies.toml"},
    "theory verify": {"ID": "lambert-eq"},
    "theory certify": {"ID": "lambert-eq", "--check": ""},
    "theory mutate": {"ID": "lambert-eq", "--list": ""},
    "empirics score": SCORED,
    "empirics diagnose": HEAD,
    "empirics published": {"SOURCE": "folder", "--forget-set": "1"},
    "empirics card --forget-set": {"--part": "study", "--data": "cifar", "--not-official": ""},
    "empirics card": {"--part": "study", "--data": "folder", "--forget-set": "indices.npy"},
    "empirics power --study": {"--candidates": ""},
    "empirics power --studies": {"--candidates": ""},
    "theory evaluate": {"ID": "lemma-3", "NAME=VALUE": "alpha=1 " + POINT_OF},
    "theory explain": {"ID": "lemma-3"},
    "empirics run --address": {"--engine": "ray"},
    "empirics run --gpus-per-job": {"--engine": "ray"},
}
"""What must be given beside a bad value for it to be met, by command or by command and parameter."""

TOGETHER: Mapping[str, Values] = {
    "theory rocq": (("cannot be given together", "lemma-3 --write"),),
    "theory table": (("cannot be given together", "--write page.md --check page.md"),),
    "theory verify": (("has no meaning alone", "--no-mutants"),),
    "theory evaluate": (
        ("a name twice", f"lemma-3 alpha=1 alpha=2 {POINT_OF}"),
        ("a name is missing", f"lemma-3 {POINT_OF}"),
    ),
    "empirics run": (
        ("has no meaning alone", "study.toml --address auto"),
        ("has no meaning alone", "study.toml --gpus-per-job 0.5"),
        ("cannot be given together", "study.toml --engine ray --address auto --workers 2"),
    ),
    "empirics power": (
        ("has no meaning alone", "--studies 100"),
        ("has no meaning alone", "--study study.toml"),
        ("has no meaning together", "--candidates --points 1000"),
    ),
    "empirics score": tuple(
        (what, f"--oracle oracle.npy --unlearned {rest}")
        for what, rest in (
            ("cannot be given together", "unlearned.npy --points indices.npy --all-but indices.npy"),
            ("cannot be given together", "unlearned.npy --points indices.npy --split a=indices.npy"),
            ("cannot be given together", "unlearned.npy --all-but indices.npy --splits splits.npz"),
            ("different numbers of points", "fewer.npy"),
            ("labels of other points", "unlearned.npy --labels twice.npy"),
            ("a split twice", "unlearned.npy --split a=indices.npy --split a=indices.npy"),
        )
    ),
    "empirics card": (("one without the other", "--part study --data folder"),),
}


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


def shown(parameter: click.Parameter) -> str:
    """Return how a parameter is written: the long name of an option, the metavariable of an argument."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return (parameter.metavar or str(parameter.name).upper()).strip(".[]").partition("|")[0].rstrip("]")


def values(name: str, parameter: click.Parameter) -> Values:
    """Return the bad values of a parameter of the command `name`, by its type or, of files and texts, its meaning."""
    kind = parameter.type
    if isinstance(parameter, click.Option) and parameter.is_flag:
        return ()
    if isinstance(kind, click.Choice):
        return (("an unknown name", "nothing"), ("no name", ""))
    if isinstance(kind, (click.types.IntParamType, click.types.FloatParamType)):
        whole = isinstance(kind, click.types.IntParamType)
        found = [("text for a number", "one"), ("no number", ""), ("NaN", "nan"), ("infinity", "inf")]
        found += [("a fraction", "1.5")] if whole else []
        if isinstance(kind, (click.IntRange, click.FloatRange)):
            below = None if kind.min is None else kind.min if kind.min_open else kind.min - 1
            above = None if kind.max is None else kind.max + 1
            found += [("a number out of range", str(end)) for end in (below, above) if end is not None]
        else:
            found += [("a number out of range", "-1")]
        return tuple(found)
    words = name.split()
    nearest = [f"{' '.join(words[:length])} {shown(parameter)}" for length in range(len(words), 0, -1)]
    for key in (*nearest, name, str(parameter.name)):
        if key in MEANT:
            return MEANT[key]
    raise LookupError(f"{name} {shown(parameter)}: MEANT does not say what it takes")


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


def make(folder: Path) -> None:
    """Write the files that the calls name into a folder."""
    (folder / "folder").mkdir()
    batches = folder / "cifar" / "cifar-10-batches-bin"
    batches.mkdir(parents=True)
    for name in ("test_batch", *(f"data_batch_{k}" for k in range(1, 6))):
        (batches / f"{name}.bin").write_bytes(bytes(2 * (1 + 3 * 32 * 32)))
    rng = np.random.default_rng(0)
    oracle, features = rng.normal(size=(12, 20)).astype(np.float32), rng.normal(size=(20, 6))
    arrays = {
        "oracle": oracle, "unlearned": oracle + 1, "fewer": oracle[:, :15], "indices": np.arange(3),
        "features": features, "labels": np.arange(20) % 2, "words": np.array(["a", "b"]),
        "none": oracle[:0], "nothing": np.arange(0), "cube": oracle.reshape(2, 6, 20), "fractions": np.array([0.5, 1.0]),
        "beyond": np.array([0, 99]), "twice": np.array([1, 1]),
    }  # fmt: skip
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    np.save(folder / "objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    np.savez(folder / "two.npz", a=oracle, b=oracle)
    np.savez(folder / "splits.npz", a=np.arange(3), b=np.arange(3, 6))
    whole = (folder / "oracle.npy").read_bytes()
    np.savez(folder / "damaged.npz", a=oracle)
    packed = bytearray((folder / "damaged.npz").read_bytes())
    packed[len(packed) // 2] ^= 1
    files = {
        "empty.npy": b"", "empty.toml": b"", "picture.npy": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "short.npy": whole[:-9], "header.npy": whole[:10] + b"{{{{" + whole[14:], "damaged.npz": bytes(packed),
        "word.csv": b"1,2\n3,four\n", "ragged.csv": b"1,2\n3\n", "page.md": b"# A page\n",
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    changes = {
        "study": ("", ""),
        "copies": ('{ kind = "digits" }', '{ kind = "digits", copies = { points = 4, aside = 1 } }'),
        "malformed": ("name =", "name"),
        "key": ("learning_rate", "learning_rat"),
        "kind": ('"ga"', '"gaa"'),
        "text": ("1e-2", '"fast"'),
        "range": ("size = 10", "size = -10"),
        "nan": ("1e-2", "nan"),
    }
    for name, (old, new) in changes.items():
        (folder / f"{name}.toml").write_text(STUDY.replace(old, new), encoding="utf-8")


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


@contextlib.contextmanager
def surroundings() -> Iterator[Path]:
    """Make a folder with the files the current one, and remove it again."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        make(Path())
        yield Path(name)


@cache
def answers() -> tuple[tuple[Case, Told], ...]:
    """Return what every bad call comes to."""
    with surroundings() as folder:
        plain = ((one, tried(one)) for one in cases())
        return tuple((one, replace(told, err=told.err.replace(str(folder), "/here"))) for one, told in plain)


def page() -> str:
    """Return the page: what every command prints, a table for each parameter."""
    found = answers()
    lines = [
        MADE,
        "",
        "# Bad input",
        "",
        f"What commands answer to what they cannot use: {len(found)} calls, each made when this page was, with what it printed "
        "to standard error after the command's name and a colon. Nothing is printed to standard output, no file is "
        "written or changed, and the exit status is as it stands in the table. `ascentcheck` answers as the commands do that it "
        "calls. Files are named for what is wrong with them.",
    ]
    for about in dict.fromkeys(
        one.about for one, _ in sorted(found, key=lambda f: f[0].about not in (SHAPE, AT_ONCE))
    ):
        rows: dict[tuple[str, ...], list[str]] = {}
        for one, told in found:
            if one.about == about:
                said = told.err.strip().partition(": ")[2]
                key = one.what, _code(one.given), _code(said), str(told.status)
                rows.setdefault(key, []).append(one.command)
        lines += ["", f"## {about}", ""]
        head = ("what is wrong", "given", "printed", "status", "commands")
        lines.append(table(head, [(*key, ", ".join(names)) for key, names in rows.items()]))
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    short = text.replace("n" * 300, "nnn…").replace("|", "\\|")
    return f"`` {short} ``" if short.strip() else ""
