"""Make, compile, compare the axioms, and say what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from ascentcheck.theory import disk, listed
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.console import UserError
from ascentcheck.theory.cores import cores
from ascentcheck.theory.rocq import build, record
from ascentcheck.theory.rocq.falsify import Falsified, falsified
from ascentcheck.theory.rocq.files import ClaimFile, claim_file, statements_file
from ascentcheck.theory.rocq.statements import identifier


@dataclass(frozen=True)
class Checked:
    """Files that were made and compiled: what is wrong, axioms that are none of the real numbers', seconds, coqc, whether all are
    there.
    """

    files: tuple[ClaimFile, ...]
    problem: str
    axioms: tuple[str, ...]
    seconds: float
    coqc: str
    whole: bool


OF_A_PROOF = (
    "Unable to unify",
    "while it is expected to have type",
    "Tactic failure",
    "No applicable tactic",
)
"""What coqc says of a proof that is none; what it says of a file that it cannot read or of a name that it lacks is not there."""


@dataclass(frozen=True)
class Tried:
    """A false statement, whether Rocq refused it, and whether it did because the proof is none."""

    says: str
    refused: bool
    for_its_proof: bool

    @property
    def outcome(self) -> str:
        """What happened, in a word or two."""
        if not self.refused:
            return "ACCEPTED"
        return "refused" if self.for_its_proof else "REFUSED FOR ANOTHER REASON"


def check(claims: Sequence[Claim], jobs: int = 0, folder: Path = build.FOLDER) -> Checked:
    """Make the files of claims and compile them. Raises UserError where there is no coqc."""
    coqc = build.coqc_version()
    if coqc is None:
        raise UserError(build.NO_COQC)
    files = tuple(claim_file(claim) for claim in claims)
    whole = {f.module for f in files} >= {identifier(name).capitalize() for name in listed.names()}
    build.write(files, folder, whole)
    start = time.perf_counter()
    targets = () if whole else ("Theorems", *(f.module for f in files if f.theorems))
    problem = build.compile_all(folder, jobs, targets)
    others = build.assumed(files, folder, whole) - set(build.AXIOMS) if problem == "" else set()
    return Checked(files, problem, tuple(sorted(others)), time.perf_counter() - start, coqc, whole)


def report(checked: Checked) -> str:
    """Return what Rocq has, claim by claim, what it lacks and why, and what is wrong."""
    lines = []
    for f in checked.files:
        there = [s for s in f.sentences if s.proved]
        lines.append(
            f"{f.claim.name:<16} {len(there):>2} of {len(f.sentences):>2} sentences, {len(f.theorems):>2} theorems"
        )
        for s in (s for s in f.sentences if s.lacking):
            more = f" (and {len(s.lacking) - 1} more relations)" if s.lacking[1:] else ""
            lines.append(f"  lacks {s.name}: {s.lacking[0]}{more}")
    sentences = [s for f in checked.files for s in f.sentences]
    proved = sum(s.proved for s in sentences)
    theorems = sum(len(f.theorems) for f in checked.files)
    points = sum(len(f.inhabited) for f in checked.files)
    lines.append(
        f"all: {proved} of {len(sentences)} sentences, {theorems} theorems; {points} domains, each with a point"
    )
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
    disk.write_text(build.BASE / "Statements.v", statements_file(checked.files))
    record.save(_record(checked))


def stale(checked: Checked) -> list[str]:
    """Return in what the stored record is not what was compiled."""
    made = _record(checked)
    if not checked.whole:
        made = replace(made, files={f.module: made.files[f.module] for f in checked.files if f.theorems})
    return record.differences(record.load(), made)


def _record(checked: Checked) -> record.Record:
    by_hand = (*build.HAND_WRITTEN, *build.FROM_THEOREMS)
    base = {name: (build.BASE / f"{name}.v").read_text(encoding="utf-8") for name in by_hand}
    return record.of_files(checked.files, base, checked.coqc)


def tried(
    claims: Sequence[Claim], count: int, seed: str, jobs: int = 0, folder: Path = build.FOLDER
) -> Iterator[Tried]:
    """Yield what Rocq says of false statements; the hand-written files must have been compiled."""

    def outcome(numbered: tuple[int, Falsified]) -> Tried:
        k, found = numbered
        error = build.compiles(found.text, f"False_{k}", folder)
        how = "lemmas made anew" if found.remade else "definition alone"
        why = next((reason for reason in OF_A_PROOF if reason in error), "")
        said = why or " ".join(error.split())[-200:]
        return Tried(f"{found.says} ({how}){'; ' + said if error else ''}", error != "", why != "")

    with ThreadPoolExecutor(jobs or cores()) as pool:
        yield from pool.map(outcome, enumerate(falsified(claims, count, seed)))
