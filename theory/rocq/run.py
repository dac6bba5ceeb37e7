"""Make, compile, compare the axioms, and say what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path

from ascentcheck.theory.claim import Claim
from ascentcheck.theory.console import UserError
from ascentcheck.theory.rocq import build, record
from ascentcheck.theory.rocq.falsify import Falsified, falsified
from ascentcheck.theory.rocq.files import ClaimFile, claim_file, statements_file


@dataclass(frozen=True)
class Checked:
    """Files that were made and compiled: what is wrong, axioms that are none of the real numbers', seconds, coqc."""

    files: tuple[ClaimFile, ...]
    problem: str
    axioms: tuple[str, ...]
    seconds: float
    coqc: str


@dataclass(frozen=True)
class Tried:
    """A false statement, and whether Rocq refused it."""

    says: str
    refused: bool


def check(claims: Sequence[Claim], jobs: int = 0, folder: Path = build.FOLDER) -> Checked:
    """Make the files of claims and compile them. Raises UserError where there is no coqc."""
    coqc = build.coqc_version()
    if coqc is None:
        raise UserError(build.NO_COQC)
    files = tuple(claim_file(claim) for claim in claims)
    build.write(files, folder)
    start = time.perf_counter()
    problem = build.compile_all(folder, jobs)
    found = build.assumed(files, folder) - set(build.AXIOMS) if problem == "" else set()
    return Checked(files, problem, tuple(sorted(found)), time.perf_counter() - start, coqc)


def report(checked: Checked) -> str:
    """Return what Rocq has, claim by claim, what it lacks and why, and what is wrong."""
    lines = []
    for f in checked.files:
        there = [s for s in f.sentences if s.proved]
        lines.append(
            f"{f.claim.name:<16} {len(there):>2} of {len(f.sentences):>2} sentences, {len(f.theorems):>2} theorems"
        )
        lines += [f"  lacks {s.name}: {reason}" for s in f.sentences for reason in s.lacking]
    sentences = [s for f in checked.files for s in f.sentences]
    proved = sum(s.proved for s in sentences)
    theorems = sum(len(f.theorems) for f in checked.files)
    lines.append(f"all: {proved} of {len(sentences)} sentences, {theorems} theorems")
    if checked.problem:
        lines.append(f"coqc {checked.coqc} does not compile it:\n{checked.problem}")
    else:
        lines.append(f"coqc {checked.coqc} compiled all of it in {checked.seconds:.0f} s")
        wrong = ", ".join(checked.axioms)
        lines.append(
            f"assumed beside the real numbers: {wrong}"
            if wrong
            else "axioms: those of the real numbers alone"
        )
    return "\n".join(lines)


def store(checked: Checked) -> None:
    """Store Statements.v and the record."""
    (build.BASE / "Statements.v").write_text(statements_file(checked.files), encoding="utf-8")
    base = {name: (build.BASE / f"{name}.v").read_text(encoding="utf-8") for name in build.HAND_WRITTEN}
    record.save(record.of_files(checked.files, base, checked.coqc))


def tried(
    claims: Sequence[Claim], count: int, seed: str, jobs: int = 0, folder: Path = build.FOLDER
) -> Iterator[Tried]:
    """Yield what Rocq says of false statements; the hand-written files must have been compiled."""

    def outcome(numbered: tuple[int, Falsified]) -> Tried:
        k, found = numbered
        error = build.compiles(found.text, f"False_{k}", folder)
        how = "lemmas made anew" if found.remade else "definition alone"
        said = [line.strip() for line in error.splitlines() if line.strip()][-1:] or [""]
        return Tried(f"{found.says} ({how}){'; ' + said[0][:60] if error else ''}", error != "")

    with ThreadPoolExecutor(jobs or cpu_count() or 1) as pool:
        yield from pool.map(outcome, enumerate(falsified(claims, count, seed)))
