"""A study file: what is trained, forgotten, unlearned and scored, read strictly from TOML.

Any hyperparameter of a method may be a list: the grid is the product of the lists. Every key is checked; an
unknown key, a value of the wrong type or out of range is an error that names the file, the key and what is
allowed.
"""

from __future__ import annotations

import difflib
import itertools
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from empirics.config import Config
from empirics.data import DataConfig
from empirics.ensemble import TrainConfig
from empirics.forget_sets import ForgetSetConfig
from empirics.klom import ESTIMATORS
from empirics.methods import MethodConfig
from empirics.models import ModelConfig
from theory.console import UserError

Epochs = Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1, strict=False)]


class Trajectory(Config):
    """One method with one choice of its hyperparameters, and the epochs at which it is looked at."""

    method: MethodConfig
    epochs: Epochs


class Study(Config):
    """A whole study. `n_models` is N: of pretrained models, of oracles per set, of unlearned models each."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    seed: Annotated[int, Field(ge=0)] = 0
    n_models: Annotated[int, Field(ge=2)] = 100
    estimator: Literal["paper", "paper-reversed"] = "paper"
    data: DataConfig
    model: ModelConfig
    train: TrainConfig
    forget_sets: Annotated[tuple[ForgetSetConfig, ...], Field(min_length=1, strict=False)]
    trajectories: Annotated[tuple[Trajectory, ...], Field(strict=False)] = ()


assert set(Study.model_fields["estimator"].annotation.__args__) == set(ESTIMATORS)

_LISTS = {"decay_epochs"}
_RENAMED = {"forget_set": "forget_sets"}


def load_study(path: Path) -> Study:
    """Return the study in a TOML file. Raises UserError, in one line, for anything that is not allowed."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8 text; a study is a TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: is not TOML: {error}") from None
    data = {_RENAMED.get(key, key): value for key, value in raw.items() if key != "method"}
    for key in ("trajectories", "forget_sets"):
        if key in raw:
            raise UserError(
                f"{path}: {key}: unknown key; write [[{'method' if key[0] == 't' else 'forget_set'}]]"
            )
    data["trajectories"] = _grids(path, raw.get("method", []))
    try:
        study = TypeAdapter(Study).validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        raise UserError(f"{path}: {_first_problem(error, data)}") from None
    _unique(path, "forget_set name", [s.name for s in study.forget_sets])
    _unique(path, "method", [t.method.model_dump_json() for t in study.trajectories])
    return study


def _grids(path: Path, methods: object) -> list[dict[str, Any]]:
    if not isinstance(methods, list) or not all(isinstance(m, dict) for m in methods):
        raise UserError(f"{path}: method: must be tables, written [[method]]")
    result = []
    for number, method in enumerate(methods):
        if "epochs" not in method:
            raise UserError(f"{path}: method.{number}.epochs: missing; a list of epochs such as [1, 3, 5]")
        fixed = {key: value for key, value in method.items() if key != "epochs"}
        for key, value in fixed.items():
            if value == []:
                raise UserError(f"{path}: method.{number}.{key}: the list is empty")
        choices = [
            value
            if isinstance(value, list) and (key not in _LISTS or isinstance(value[0], list))
            else [value]
            for key, value in fixed.items()
        ]
        for chosen in itertools.product(*choices):
            result.append({"method": dict(zip(fixed, chosen, strict=True)), "epochs": method["epochs"]})
    return result


def _unique(path: Path, what: str, names: list[str]) -> None:
    repeated = {name for name in names if names.count(name) > 1}
    if repeated:
        raise UserError(f"{path}: {what} {min(repeated)} is there twice")


def _first_problem(error: ValidationError, data: dict[str, Any]) -> str:
    """Return where the first problem is, what it is, and what is allowed."""
    problem = next((p for p in error.errors() if p["type"] == "extra_forbidden"), error.errors()[0])
    location = [_UNRENAMED.get(str(part), str(part)) for part in problem["loc"]]
    where = ".".join(location) or "study"
    if problem["type"] == "extra_forbidden":
        key = str(problem["loc"][-1])
        allowed = _allowed_keys(problem["loc"][:-1])
        near = difflib.get_close_matches(key, allowed, 1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"{where}: unknown key{hint}; allowed are {', '.join(sorted(allowed))}"
    given = problem.get("input")
    shown = "" if problem["type"] == "missing" else f", not {json.dumps(given, default=str)[:60]}"
    return f"{where}: {problem['msg'][:1].lower()}{problem['msg'][1:]}{shown}"


def _allowed_keys(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the JSON schema allows at a location of an error."""
    schema = Study.model_json_schema()
    node: dict[str, Any] = schema
    for part in location:
        node = _resolved(schema, node)
        if isinstance(part, int):
            node = node.get("items", {})
        elif part in node.get("properties", {}):
            node = node["properties"][part]
        elif "discriminator" in node:
            node = {"$ref": node["discriminator"]["mapping"][part]}
    node = _resolved(schema, node)
    return [_UNRENAMED.get(key, key) for key in node.get("properties", {})]


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node


_UNRENAMED = {"forget_sets": "forget_set", "trajectories": "method"}
