"""Claims decided, on all processors where there are several, as plain data: rows of a table, records, and what is wrong.

What needs sympy is imported where it is used: `theory --help` and `theory list` do without.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ascentcheck.theory import listed
from ascentcheck.theory.cores import cores

if TYPE_CHECKING:
    from ascentcheck.theory.check.store import Proofs
    from ascentcheck.theory.claim import Claim
    from ascentcheck.theory.compiled import Places
    from ascentcheck.theory.verify import ClaimResult

TOGETHER = 2
"""How many neighbours a process takes at a time."""


@dataclass(frozen=True)
class Decided:
    """A decided claim as plain data, which another process can send: a row of the table, the record, what is wrong, and notes."""

    row: tuple[str, ...]
    record: dict[str, object]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def decided(claim: Claim, proofs: Proofs, everything: bool, mutants: bool, places: Places) -> Decided:
    """Decide a claim; `everything` has exact points, solvers, float forms and, with `mutants`, mutants object as well."""
    from ascentcheck.theory.verify import verify as verify_claim

    result = verify_claim(claim, everything and mutants, proofs, everything, places)
    return Decided(_row(result, everything), record(result), tuple(_problems(result)), tuple(_notes(result)))


def by_name(name: str, proofs: Proofs, everything: bool, mutants: bool) -> Decided:
    """Decide what has this id, and say it; points are shared with all that this process has decided before."""
    return decided(listed.by_name(name), proofs, everything, mutants, _places())


@cache
def _places() -> Places:
    from ascentcheck.theory.expression import Places

    return Places()


def on_all_processors(decide: Callable[[str], Decided], names: Sequence[str]) -> Iterator[Decided]:
    """Begin to decide what has these ids, and return what `decide` says of each, in their order.

    Neighbours share what is computed at points, so some go to one process together. Where the system gives no more processes,
    or ends one, the rest is decided in this one.
    """
    processes = min(cores(), len(names))
    if processes < 2 or threading.active_count() > 1 or "fork" not in multiprocessing.get_all_start_methods():
        return map(decide, names)
    before = multiprocessing.active_children()
    try:
        pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin)
        coming = pool.map(decide, names, chunksize=TOGETHER)
    except (OSError, ImportError, NotImplementedError):  # as where /dev/shm cannot be written
        for child in multiprocessing.active_children():
            if child not in before:
                child.terminate()
        return map(decide, names)
    return _to_the_end(decide, names, pool, coming)


def _to_the_end(
    decide: Callable[[str], Decided],
    names: Sequence[str],
    pool: ProcessPoolExecutor,
    coming: Iterator[Decided],
) -> Iterator[Decided]:
    done, wait = 0, False
    try:
        for one in coming:
            done += 1
            yield one
        wait = True  # a pool that closes while Python ends can write of it to standard error
        return
    except BrokenProcessPool:
        wait = True
        print(
            "theory: one of the processes was ended; this one decides the rest", file=sys.stderr, flush=True
        )
    finally:
        pool.shutdown(wait=wait)
    yield from map(decide, names[done:])


def _begin() -> None:
    """Leave Ctrl-C, which reaches all processes of a terminal, to the one that waits, and its objects to it, too.

    What is built here is kept to the end: cycles are looked for seldom.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


SHORT = {
    "AS_PRINTED": "as printed",
    "REPAIRED": "right, proof repaired",
    "OPEN": "open as worded",
    "FALSE": "false as printed",
    "UNDECIDED": "undecided",
}


def _row(r: ClaimResult, everything: bool) -> tuple[str, ...]:
    from ascentcheck.theory.explain import is_ours, verdict_words

    tried = (
        (
            str(r.points),
            "" if r.slack is None else f"{r.slack:.0e}" if r.slack else "0",
            f"{r.mutants.killed}/{r.mutants.tried}",
            "" if r.ulps is None else f"{r.ulps:.1f}",
            "" if r.simulation is None else f"{r.simulation.largest_error:.0e}",
        )
        if everything
        else ()
    )
    verdict = verdict_words(r.claim, r.verdict) if is_ours(r.claim) else SHORT[r.verdict.name]
    counts = (str(r.proofs) if r.proofs else "", str(r.boxes) if r.boxes else "")
    return (r.claim.name, verdict, r.level.name, *counts, *tried, f"{r.seconds:.1f} s")


def _problems(r: ClaimResult) -> Iterator[str]:
    for s in r.statements:
        if not s.as_recorded:
            yield f"{r.claim.name}/{s.statement.name}: {s.verdict.words}; " + "; ".join(s.problems)
    yield from (f"{r.claim.name}: {problem}" for problem in r.problems)


def _notes(r: ClaimResult) -> Iterator[str]:
    from ascentcheck.theory.rocq.record import RENEW

    stale = [s for s in r.statements if RENEW in s.not_in_rocq]
    if stale:
        names = ", ".join(s.statement.name for s in stale)
        yield f"{r.claim.name}: not PROVED: {names}: {stale[0].not_in_rocq}"


def print_table(decided: list[Decided], everything: bool) -> None:
    """Print one row for each claim, then what is wrong, and notes."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("claim", "verdict", "evidence"):
        table.add_column(name, no_wrap=True)
    for name in (
        "proofs",
        "boxes",
        *(("points", "slack", "mutants", "ulps", "solver") if everything else ()),
        "time",
    ):
        table.add_column(name, justify="right")
    for one in decided:
        table.add_row(*one.row)
    plain = None if os.environ.get("FORCE_COLOR") else False  # not for what says that a log is a terminal
    out = Console() if sys.stdout.isatty() else Console(width=120, force_terminal=plain)
    out.print(table)
    for one in decided:
        for line in (*one.problems, *one.notes):
            out.print(line, highlight=False)


def record(result: ClaimResult) -> dict[str, object]:
    """Return what is known about a claim as plain data."""
    from ascentcheck.theory.explain import verdict_words

    return {
        "claim": result.claim.name,
        "title": result.claim.title,
        "where": result.claim.where,
        "verdict": verdict_words(result.claim, result.verdict),
        "evidence": result.level.name,
        "ok": result.ok,
        "summary": result.claim.summary,
        "statements": [
            {
                "name": s.statement.name,
                "where": s.statement.where,
                "quote": s.statement.quote,
                "verdict": verdict_words(result.claim, s.verdict),
                "readings": {
                    reading.says: verdict.words
                    for reading, verdict in zip(s.statement.readings, s.readings, strict=True)
                },
                "evidence": s.level.name,
                "not_in_rocq": s.not_in_rocq,
                "as_recorded": s.as_recorded,
                "witness": None
                if s.statement.witness is None
                else {symbol.name: str(value) for symbol, value in s.statement.witness.point.items()},
                "remark": s.statement.remark,
                "problems": list(s.problems),
            }
            for s in result.statements
        ],
        "points": result.points,
        "boxes": result.boxes,
        "slack": result.slack,
        "mutants": {
            "killed": result.mutants.killed,
            "tried": result.mutants.tried,
            "survivors": {
                mutant.name: next((s.reason for s in result.claim.survivors if s.mutant == mutant.name), None)
                for mutant in result.mutants.survivors
            },
        },
        "ulps": {f.name: e.ulps for f, e in zip(result.claim.float_forms, result.floats, strict=False)},
        "solver": None
        if result.simulation is None
        else {"data": result.simulation.data, "largest_error": result.simulation.largest_error},
        "problems": list(result.problems),
        "seconds": round(result.seconds, 3),
    }
