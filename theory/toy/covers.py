"""Covers of the toy's problems, as they are stored: what `stationary.search` said of each box, which `replay` checks.

A cover is stored under its whole problem in words, so that it can be taken for no other one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.metadata import version

from ascentcheck.theory import disk, kept
from ascentcheck.theory.check.certificate import FOLDER
from ascentcheck.theory.check.store import Proofs
from ascentcheck.theory.toy import stationary
from ascentcheck.theory.toy.problem import Toy
from ascentcheck.theory.toy.stationary import Cover

PATH = FOLDER / "toy-covers.json"
_wanted: ContextVar[Proofs] = ContextVar("_wanted", default=Proofs.EITHER)
_asked: ContextVar[dict[str, Toy] | None] = ContextVar("_asked", default=None)


def key(problem: Toy) -> str:
    """Return a problem in words."""
    output = ("symmetric" if problem.symmetric else "unit") + (" whole" if problem.whole else "")
    parts = ", ".join(f"{c} to {y}" for c, y in zip(problem.coefficients, problem.targets, strict=True))
    return f"{output} output, {parts}, ridge {problem.ridge}"


def load() -> dict[str, str]:
    """Return what is stored, letters by problem; {} where there is no file. Raises TornError where it is torn."""
    return _load(PATH.stat().st_mtime_ns) if PATH.exists() else {}


@lru_cache(maxsize=4)
def _load(_: int) -> dict[str, str]:
    covers = kept.part(PATH, kept.read(PATH), "covers")
    if not all(isinstance(letters, str) for letters in covers.values()):
        raise kept.TornError(f"{PATH} cannot be read: a cover is no text")
    return covers


def save(covers: Mapping[str, str]) -> None:
    """Store covers with the version that made them."""
    record = {"made with": {"python-flint": version("python-flint")}, "covers": dict(sorted(covers.items()))}
    disk.write_text(PATH, json.dumps(record, indent=1) + "\n")


@contextmanager
def asking(wanted: Proofs) -> Iterator[dict[str, Toy]]:
    """Within the block, covers are the stored ones, ones found anew, or either; yield the problems that are asked for."""
    asked: dict[str, Toy] = {}
    tokens = _wanted.set(wanted), _asked.set(asked)
    try:
        yield asked
    finally:
        _wanted.reset(tokens[0])
        _asked.reset(tokens[1])


def cover(problem: Toy, most_boxes: int = stationary.MOST_BOXES) -> Cover:
    """Return every stationary point, by a cover that is stored or found, and is checked in any case.

    Raises ArithmeticError where it does not hold, where none is found, or none is stored and none other is wanted.
    """
    name, asked = key(problem), _asked.get()
    if asked is not None:
        asked[name] = problem
    letters = None if _wanted.get() is Proofs.NEW else load().get(name)
    if letters is None and _wanted.get() is Proofs.STORED:
        raise ArithmeticError(f"no cover is stored of {name}")
    return stationary.replay(problem, letters or found(problem, most_boxes))


@lru_cache(maxsize=512)
def found(problem: Toy, most_boxes: int = stationary.MOST_BOXES) -> str:
    """Return the letters of a cover that is searched for. Raises ArithmeticError as `stationary.search` does."""
    return stationary.search(problem, most_boxes)


def stale(asked: Mapping[str, Toy]) -> Iterator[str]:
    """Yield what is wrong with what is stored, where it is to be that for some problems: missing, refused, left over."""
    stored = load() if asked else {}
    yield from (f"a stored cover is of nothing in the claim: {name}" for name in stored if name not in asked)
    for name, problem in asked.items():
        try:
            if name not in stored:
                raise ArithmeticError("none is stored")
            stationary.replay(problem, stored[name])
        except ArithmeticError as error:
            yield f"the cover of {name}: {error}"


def certify(asked: Mapping[str, Toy]) -> int:
    """Store the covers of some problems and no others, those that hold as they are; return how many are new.

    Raises ArithmeticError where one is not found.
    """
    wrong = "".join(stale(asked))
    if not wrong:
        return 0
    kept = {name: letters for name, letters in load().items() if name in asked and name not in wrong}
    save({name: kept[name] if name in kept else found(problem) for name, problem in asked.items()})
    return len(asked) - len(kept)
