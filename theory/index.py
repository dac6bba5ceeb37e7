"""What `list` and `explain` print, kept so that it can be printed without sympy: made by `python -m theory certify`.

It counts only while the sources and the stored proofs are those that it was made from, and its texts are as they were stored,
which is against accidents: who changes a text can change its digest too. A test holds it to the claims.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from ascentcheck.theory import disk, kept, listed

ROOT = Path(__file__).resolve().parent
PATH = ROOT / "index.json"


@dataclass(frozen=True)
class Entry:
    """A claim in the index: id, place in the paper, title, and the text of `explain`."""

    name: str
    where: str
    title: str
    text: str


def sources() -> str:
    """Return the digest of all that the index is made from: the package's modules and what is stored."""
    digest = hashlib.sha256()
    for path in sorted(
        [*ROOT.rglob("*.py"), *(ROOT / "certificates").glob("*.json"), *ROOT.glob("rocq/*.json")]
    ):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def texts(entries: tuple[Entry, ...]) -> str:
    """Return the digest of what the entries say."""
    return hashlib.sha256(json.dumps([vars(entry) for entry in entries]).encode()).hexdigest()


def load() -> tuple[Entry, ...] | None:
    """Return the entries in the paper's order, None where there is no index or it is not of the present sources."""
    try:
        record = kept.read(PATH)
        entries = tuple(Entry(**entry) for entry in record["claims"])
    except (FileNotFoundError, kept.TornError, KeyError, TypeError):
        return None
    current = (record.get("sources"), record.get("texts")) == (sources(), texts(entries))
    return entries if current else None


def made() -> tuple[Entry, ...]:
    """Return the entries as the claims have them."""
    from ascentcheck.theory.check.store import Proofs  # here, because sympy takes most of a second
    from ascentcheck.theory.explain import explain
    from ascentcheck.theory.verify import verify

    results = (verify(claim, mutants=False, proofs=Proofs.STORED, tried=False) for claim in listed.every())
    return tuple(Entry(r.claim.name, r.claim.where, r.claim.title, explain(r)) for r in results)


def save(entries: tuple[Entry, ...]) -> None:
    """Store the entries with their digest and that of the present sources."""
    record = {"sources": sources(), "texts": texts(entries), "claims": [vars(entry) for entry in entries]}
    disk.write_text(PATH, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
