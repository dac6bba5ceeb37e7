"""A study file: what is trained, forgotten, unlearned and scored, read strictly from TOML.

Any hyperparameter of a method may be a list: the grid is the product of the lists. So may those of a forget set, whose name
then tells them apart: `near-{size}-{point}`. Every key is checked; an
unknown key, a value of the wrong type or out of range is an error that names the file, the key and what is
allowed.
"""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin

from pydantic import Field

from ascentcheck.empirics.config import Config
from ascentcheck.empirics.data import DataConfig, Source
from ascentcheck.empirics.ensemble import TrainConfig
from ascentcheck.empirics.forget_sets import ForgetSetConfig
from ascentcheck.empirics.influence import DatamodelsConfig, InfluenceConfig
from ascentcheck.empirics.klom import ESTIMATORS
from ascentcheck.empirics.methods import Method, MethodConfig
from ascentcheck.empirics.models import MIXED, ModelConfig, Network
from ascentcheck.empirics.study.plugins import Family
from ascentcheck.empirics.study.problems import unknown, validated
from ascentcheck.theory.console import UserError
from ascentcheck.theory.disk import read_text

Epochs = Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1, strict=False)]


class Trajectory(Config):
    """One method with one choice of its hyperparameters, and the epochs at which it is looked at."""

    method: Method
    epochs: Epochs


class Head(Config):
    """What stands at the top of a study. `n_models` is N: of pretrained models, of oracles and of held-out oracles
    per set, and of unlearned models per configuration.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    seed: Annotated[int, Field(ge=0)] = 0
    n_models: Annotated[int, Field(ge=2, le=100_000)] = 100
    estimator: Literal[ESTIMATORS] = "paper"


class Study(Head):
    """A whole study, its grids multiplied out."""

    data: Config
    model: Config
    train: TrainConfig
    forget_sets: tuple[ForgetSetConfig, ...]
    trajectories: tuple[Trajectory, ...]
    influence: InfluenceConfig | None = None


METHODS = Family(MethodConfig, Method, "ascentcheck.methods")
FAMILIES = {
    "data": Family(DataConfig, Source, "ascentcheck.datasets"),
    "model": Family(ModelConfig, Network, "ascentcheck.networks"),
}
PARTS = {"train": TrainConfig}
OPTIONAL = {"influence": InfluenceConfig}
TABLES = ("forget_set", "method")
MOST = 10_000
"""Methods or sets that one table may stand for."""
JOBS = 100_000
"""Jobs that a study may have: to plan them all takes a minute or so, in which nothing can be said."""
_KEY = re.compile(r"\{(\w+)\}")


def load_study(path: Path) -> Study:
    """Return the study in a TOML file. Raises UserError, in one line, for anything that is not allowed."""
    raw = _read(path)
    allowed = (*Head.model_fields, *FAMILIES, *PARTS, *OPTIONAL, *TABLES)
    for key in raw:
        if key not in allowed:
            raise UserError(f"{path}: {unknown('key', key, allowed)}")
    head = validated(Head, {key: raw[key] for key in Head.model_fields if key in raw}, str(path))
    for key in (*FAMILIES, *PARTS):
        if key not in raw:
            raise UserError(f"{path}: the table [{key}] is missing")
    kinds = {**PARTS, **{key: kind for key, kind in OPTIONAL.items() if key in raw}}
    parts = {
        key: family.settings(raw[key], f"{path}: [{key}]", path.parent) for key, family in FAMILIES.items()
    }
    parts |= {key: validated(kind, raw[key], f"{path}: [{key}]") for key, kind in kinds.items()}
    mixed = parts["model"].kind in MIXED or getattr(parts["model"], "mixed", False)
    if parts["train"].precision == "bfloat16" and not mixed:
        raise UserError(
            f"{path}: [train]: precision bfloat16 is for {' and '.join(MIXED)}, not for {parts['model'].kind}"
        )
    sets = tuple(
        validated(ForgetSetConfig, one, f"{path}: [[forget_set]] {number}")
        for number, table in _tables(path, raw, "forget_set")
        for one in _sets(table, f"{path}: [[forget_set]] {number}")
    )
    if not sets:
        raise UserError(f"{path}: a study needs at least one [[forget_set]]")
    trajectories = tuple(
        trajectory
        for number, table in _tables(path, raw, "method")
        for trajectory in _grid(table, f"{path}: [[method]] {number}", path.parent)
    )
    _few(path, len(sets), len(trajectories), parts.get("influence"))
    _unique(path, "[[forget_set]] of that name", [chosen.name for chosen in sets])
    _unique(path, "[[method]] with those settings", [t.method.model_dump_json() for t in trajectories])
    _one_class_a_kind(path, [t.method for t in trajectories])
    return Study(**dict(head), **parts, forget_sets=sets, trajectories=trajectories)


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = tomllib.loads(read_text(path))
        repr(raw)  # hexadecimal numbers may have any length, but not where a message shows them
        return raw
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8 text; a study is a TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: is not TOML: {error}") from None
    except (ValueError, RecursionError):  # of thousands of digits, or of brackets in brackets
        raise UserError(f"{path}: has a number, or lists in lists, beyond what can be read") from None


def _tables(path: Path, raw: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the tables [[key]] with their numbers, counted from 1."""
    tables = raw.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UserError(f"{path}: {key}: must be tables, written [[{key}]]")
    yield from enumerate(tables, 1)


def _sets(table: dict[str, Any], where: str) -> Iterator[dict[str, Any]]:
    """Yield the sets of one [[forget_set]]: the product of its lists, `{key}` in its name replaced by the value of a key."""
    choices = [_choices(key, value, False, where) for key, value in table.items()]
    if (count := math.prod(map(len, choices))) > MOST:
        raise UserError(f"{where}: its lists multiply to {count:,} sets; at most {MOST:,} are allowed")
    for chosen in itertools.product(*choices):
        one = dict(zip(table, chosen, strict=True))
        if isinstance(name := one.get("name"), str):
            one["name"] = _KEY.sub(lambda found, one=one: str(one.get(found[1], found[0])), name)
        yield one


def _grid(table: dict[str, Any], where: str, folder: Path) -> Iterator[Trajectory]:
    """Yield the trajectories of one [[method]]: the product of all hyperparameters that are lists."""
    if "epochs" not in table:
        raise UserError(f"{where}: epochs is missing; give a list such as [1, 3, 5]")
    epochs = validated(_EpochsOnly, {"epochs": table["epochs"]}, where).epochs
    names = [key for key in table if key != "epochs"]
    kind = table.get("kind")
    fields = METHODS.find(kind, where, folder).model_fields if isinstance(kind, str) else {}
    lists = {key for key, field in fields.items() if get_origin(field.annotation) is tuple}
    choices = [_choices(key, table[key], key in lists, where) for key in names]
    if (count := math.prod(map(len, choices))) > MOST:
        raise UserError(f"{where}: its lists multiply to {count:,} methods; at most {MOST:,} are allowed")
    for chosen in itertools.product(*choices):
        method = METHODS.settings(dict(zip(names, chosen, strict=True)), where, folder)
        if max(epochs) > (last := method.last_epoch()):
            raise UserError(
                f"{where}: epochs: {max(epochs)} is after the last epoch of {method.kind}, {last:g}"
            )
        yield Trajectory(method=method, epochs=epochs)


class _EpochsOnly(Config):
    epochs: Epochs


def _choices(key: str, value: object, is_list: bool, where: str) -> list[Any]:
    """Return the values of one hyperparameter; of one that is itself a list, the choices are a list of lists."""
    if not isinstance(value, list) or key == "kind":
        return [value]
    if not value:
        raise UserError(f"{where}: {key}: the list is empty")
    return value if isinstance(value[0], list) or not is_list else [value]


def _one_class_a_kind(path: Path, methods: list[Method]) -> None:
    """Raise UserError where two classes have one `kind`, under which tables and figures would mix them."""
    classes: defaultdict[str, set[type]] = defaultdict(set)
    for method in methods:
        classes[method.kind].add(type(method))
    for kind, found in classes.items():
        if len(found) > 1:
            raise UserError(f"{path}: [[method]]: two methods call themselves {kind!r}")


def _few(path: Path, sets: int, methods: int, influence: InfluenceConfig | None) -> None:
    """Raise UserError for more jobs than can be planned: batches of datamodels, two of oracles a set, a method on a set."""
    jobs = sets * (2 + methods)
    if isinstance(influence, DatamodelsConfig):
        tested = influence.test_subsets * influence.test_repeats
        jobs += -(-influence.n_models // influence.batch) - (-tested // influence.batch)
    if jobs > JOBS:
        raise UserError(f"{path}: stands for {jobs:,} jobs; at most {JOBS:,} are allowed")


def _unique(path: Path, what: str, names: list[str]) -> None:
    repeated = {name for name, times in Counter(names).items() if times > 1}
    if repeated:
        raise UserError(f"{path}: there are two {what}: {min(repeated)}")
