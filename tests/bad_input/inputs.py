"""What each parameter of a command cannot use: by its type, and, where it is a file or a text, by what it means."""

from __future__ import annotations

from collections.abc import Mapping

import click

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
    ("a table with an index", "index.csv"),
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
    "theory mutate --log": NEW_FILE,
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
    "empirics dependence ridges --kept": NEW_FOLDER,
    "figures --study": STUDIES,
    "figures --store": NEW_FOLDER,
    "figures N": (("an unknown figure", "99"), ("text for a number", "one"), ("a negative number", "0")),
    "figures draw --format": (("an unknown format", "gif"), ("no format", "")),
    "figures report --out": NEW_FILE,
    "figures --out": NEW_FOLDER,
    "empirics dependence sets STUDIES": STUDIES,
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
    "empirics dependence sets": {"STUDIES": "study.toml"},
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
            ("a file twice", "unlearned.npy --unlearned unlearned.npy"),
            ("a split twice", "unlearned.npy --split a=indices.npy --split a=indices.npy"),
        )
    ),
    "empirics card": (("one without the other", "--part study --data folder"),),
}


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


def shown(parameter: click.Parameter) -> str:
    """Return how a parameter is written: the long name of an option, the metavariable of an argument."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return (parameter.metavar or str(parameter.name).upper()).strip(".[]").partition("|")[0].rstrip("]")
