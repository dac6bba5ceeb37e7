"""Where proofs are kept, one file for each claim, and whether the kernel accepts what is kept there."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ascentcheck.theory import disk, kept
from ascentcheck.theory.check import export, kernel
from ascentcheck.theory.check.certificate import FOLDER
from ascentcheck.theory.check.exact import proof_of
from ascentcheck.theory.check.frame import Refused
from ascentcheck.theory.check.trust import of_proofs
from ascentcheck.theory.claim import Claim, Parametrisation, Proposition, Step


class Proofs(enum.Enum):
    """Which proofs the kernel is shown: the stored ones, ones found anew, or a new one where none is stored."""

    STORED = "stored"
    NEW = "new"
    EITHER = "either"


def path(name: str) -> Path:
    """Return where the proofs of a claim are kept."""
    return FOLDER / f"{name}.json"


def needed(claim: Claim) -> Iterator[Proposition | Step]:
    """Yield all that is to be proved exactly in a claim: propositions, but for covers and single points, and steps."""
    for statement in claim.statements:
        told = () if statement.witness else statement.printed
        read = (p for reading in statement.readings if reading.witness is None for p in reading.printed)
        yield from (
            p
            for p in (*told, *read, *statement.verified)
            if p.certificate is None and p.domain.only_point() is None
        )
        yield from (step for step in statement.steps if step.witness is None)


def load(name: str) -> dict[str, Any]:
    """Return the stored entries of a claim by digest, {} where there is no file. Raises TornError where it is torn."""
    entries = kept.part(path(name), read(name), "proofs")
    for key, entry in entries.items():
        if not (isinstance(entry, dict) and {"problem", "proof"} <= entry.keys()):
            raise kept.TornError(f"{path(name)} cannot be read: {key[:12]!r} is no problem with a proof")
    return dict(entries)


def read(name: str) -> dict[str, Any]:
    """Return all that a claim's file says, {} where there is none. Raises TornError where it is torn."""
    target = path(name)
    return _read(target, target.stat().st_mtime_ns) if target.exists() else {}


@lru_cache(maxsize=64)
def _read(target: Path, _: int) -> dict[str, Any]:
    return kept.read(target)


def save(name: str, entries: dict[str, Any]) -> None:
    """Store the entries of a claim, one on each line, with what they rest on and the versions that made them."""
    made = json.dumps({package: version(package) for package in ("python-flint", "sympy")})
    rests = json.dumps(of_proofs(entries))
    lines = (
        f"{json.dumps(key)}: {json.dumps(entries[key], separators=(',', ':'))}" for key in sorted(entries)
    )
    text = (
        f'{{"claim": {json.dumps(name)}, "made with": {made}, "rests on": {rests}, "proofs": {{\n'
        + ",\n".join(lines)
        + "\n}}\n"
    )
    target = path(name)
    target.parent.mkdir(exist_ok=True)
    disk.write_text(target, text)


def objection(what: Proposition | Step, name: str, proofs: Proofs = Proofs.EITHER) -> str:
    """Return "" where the kernel accepts a proof of a proposition or step of the claim of that name, else why not."""
    try:
        problem = export.problem(what)
    except TypeError as error:
        return str(error)
    key = export.key(what)
    entry = None if proofs is Proofs.NEW else load(name).get(key)
    if entry is not None:
        texts = _texts(name, key, path(name).stat().st_mtime_ns)
        if texts[0] != export.text(what):
            return "the stored problem is another one"
        return refusal(*texts) or _other_coordinates(what, entry["proof"])
    proof = None if proofs is Proofs.STORED else proof_of(what)
    if proof is None:
        return (
            f"no proof is stored; `python -m theory certify {name}` looks for one"
            if proofs is Proofs.STORED
            else "no proof is found"
        )
    return refusal(json.dumps(problem), json.dumps(proof)) or _other_coordinates(what, proof)


@lru_cache(maxsize=1 << 12)
def _texts(name: str, key: str, _: int) -> tuple[str, str]:
    """Return a stored problem and its proof as JSON."""
    entry = load(name)[key]
    return json.dumps(entry["problem"]), json.dumps(entry["proof"])


def _other_coordinates(what: Proposition | Step, proof: Any) -> str:
    given = what.by if isinstance(what, Proposition) else None
    return (
        ""
        if given is None or _made_in(proof, given)
        else "the coordinates that are given are not those of the proof"
    )


def _made_in(proof: Any, by: Parametrisation) -> bool:
    """Whether a proof has a node in these coordinates."""
    pairs = (
        [(symbol.name, export.tree(value)) for symbol, value in part]
        for part in (by.substitution, by.inverse)
    )
    meant = json.loads(json.dumps([export.ranges(by.domain), *pairs]))
    waiting = [json.loads(json.dumps(proof))]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("rule") == "coordinates" and [part[key] for key in ("ranges", "to", "from")] == meant:
                return True
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return False


_refusals: dict[tuple[str, str], str] = {}
"""What the kernel said of problems and proofs in this process."""


def refusal(problem: str, proof: str) -> str:
    """Return "" where the kernel accepts, else what it says; problem and proof as JSON."""
    if (problem, proof) not in _refusals:
        _refusals[problem, proof] = verdict((problem, proof))
    return _refusals[problem, proof]


def verdict(pair: tuple[str, str]) -> str:
    """Return "" where the kernel accepts a pair of problem and proof, else what it says."""
    try:
        kernel.verify(*map(json.loads, pair))
    except Refused as refused:
        return f"the kernel refuses: {refused}"
    return ""


def stale(claim: Claim) -> list[str]:
    """Return what is wrong with a claim's file: proofs that are missing, left over, or refused."""
    stored = load(claim.name)
    keys = {export.key(what): what for what in needed(claim)}
    wrong = [f"a stored proof, {key[:12]}, is of nothing in the claim" for key in stored if key not in keys]
    found = (objection(what, claim.name, Proofs.STORED) for what in keys.values())
    return wrong + [problem for problem in found if problem]


def certify(claim: Claim) -> tuple[int, list[str]]:
    """Find the proofs that a claim's file lacks, drop what it does not need, and store it; return count and failures."""
    stored, entries, missing = load(claim.name), dict[str, Any](), list[str]()
    fresh = 0
    for what in needed(claim):
        problem = export.problem(what)
        key = kernel.digest(problem)
        if key in entries:
            continue
        if key in stored and not refusal(json.dumps(problem), json.dumps(stored[key]["proof"])):
            entries[key] = stored[key]
            continue
        proof, fresh = proof_of(what), fresh + 1
        wrong = "no proof is found" if proof is None else refusal(json.dumps(problem), json.dumps(proof))
        if wrong:
            missing.append(f"{what.relation if isinstance(what, Proposition) else what.says}: {wrong}")
        else:
            entries[key] = {"problem": problem, "proof": proof}
    if entries and (fresh or entries.keys() != stored.keys() or "rests on" not in read(claim.name)):
        save(claim.name, entries)
    return fresh, missing
