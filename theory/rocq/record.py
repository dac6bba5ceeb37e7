"""Which sentences Rocq has: a record that is written after it compiled all files, and counts only while nothing has changed.

A sentence is PROVED when the record has the digest of what its verdict rests on now. A test with coqc makes and compiles the
files again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ascentcheck.theory import disk, kept
from ascentcheck.theory.claim import Claim, Statement
from ascentcheck.theory.rocq.build import BASE
from ascentcheck.theory.rocq.files import ClaimFile, statements_file, theorems_file
from ascentcheck.theory.rocq.formulas import LackingError, problem_of
from ascentcheck.theory.rocq.statements import parts

PATH = Path(__file__).resolve().parent / "record.json"
RENEW = "`python -m theory rocq --write` compiles and records it"
OTHER_FORM = "what Rocq compiled is another form of this sentence"


@dataclass(frozen=True)
class Record:
    """What compiled: by which coqc, digests of the files, of the sentences, and why others lack."""

    coqc: str
    files: Mapping[str, str]
    sentences: Mapping[str, Mapping[str, str]]
    lacking: Mapping[str, Mapping[str, Sequence[str]]]


def sentence_digest(claim: Claim, statement: Statement) -> str | None:
    """Return the digest of what a sentence's verdict rests on; None where it cannot be said to Rocq."""
    content: list[Any] = []
    try:
        for part in parts(claim, statement):
            point = sorted((s.name, str(v)) for s, v in part.witness.point.items()) if part.witness else None
            content.append(
                (part.name, problem_of(part.proposition), point, [str(c) for c in part.realisable])
            )
    except LackingError:
        return None
    return hashlib.sha256(json.dumps(content).encode()).hexdigest() if content else None


@lru_cache(maxsize=1)
def load() -> Record | None:
    """Return the record, None where there is none or it is torn."""
    try:
        return Record(**kept.read(PATH))
    except (FileNotFoundError, kept.TornError, TypeError):
        return None


def why_not(claim: Claim, statement: Statement) -> str:
    """Return why a sentence is not PROVED, "" where it is."""
    record = load()
    if record is None:
        return f"there is no record of what Rocq compiled; {RENEW}"
    stored = record.sentences.get(claim.name, {}).get(statement.name)
    if stored is None:
        return next(
            iter(record.lacking.get(claim.name, {}).get(statement.name, ())), f"Rocq has not seen it; {RENEW}"
        )
    other = other_files(record)
    if other:
        return f"rocq/ is not as Rocq compiled it ({', '.join(other)}); {RENEW}"
    return "" if stored == sentence_digest(claim, statement) else f"{OTHER_FORM}; {RENEW}"


@lru_cache(maxsize=1)
def _digests_in_checkout() -> Mapping[str, str]:
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in BASE.glob("*.v")}


def other_files(record: Record) -> list[str]:
    """Return the files of rocq/ that are not as they were compiled; where there is no rocq/, as in a wheel, none."""
    return sorted(
        f"{name}.v" for name, digest in _digests_in_checkout().items() if record.files.get(name) != digest
    )


def differences(stored: Record | None, made: Record) -> list[str]:
    """Return in which sentences and files a record is not what has been made and compiled now."""
    if stored is None:
        return ["there is no record"]
    found = []
    for claim, sentences in made.sentences.items():
        there = stored.sentences.get(claim, {})
        found += [
            f"{claim}/{name} is not in the record" for name, d in sentences.items() if there.get(name) != d
        ]
    for claim, lacking in made.lacking.items():
        found += [
            f"{claim}/{n} is recorded, and lacks" for n in lacking if n in stored.sentences.get(claim, {})
        ]
    return found + [
        f"{name}.v is not the recorded one" for name, d in made.files.items() if stored.files.get(name) != d
    ]


def of_files(files: Sequence[ClaimFile], base: Mapping[str, str], coqc: str) -> Record:
    """Return the record of files that have compiled; `base` are the hand-written ones by name."""
    texts = {
        **base,
        "Statements": statements_file(files),
        "Theorems": theorems_file(files),
        **{f.module: f.proofs for f in files if f.theorems},
    }
    sentences: dict[str, dict[str, str]] = {}
    lacking: dict[str, dict[str, Sequence[str]]] = {}
    for f in files:
        by_name = {s.name: s for s in f.claim.statements}
        for sentence in f.sentences:
            digest = sentence_digest(f.claim, by_name[sentence.name]) if sentence.proved else None
            if digest is not None:
                sentences.setdefault(f.claim.name, {})[sentence.name] = digest
            else:
                lacking.setdefault(f.claim.name, {})[sentence.name] = sentence.lacking
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    return Record(coqc, digests, sentences, lacking)


def save(record: Record) -> None:
    """Store the record."""
    disk.write_text(PATH, json.dumps(vars(record), indent=1, ensure_ascii=False) + "\n")
    load.cache_clear()
    _digests_in_checkout.cache_clear()
