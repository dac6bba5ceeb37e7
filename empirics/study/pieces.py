"""One ensemble in pieces: as many members at once as fit, each piece kept until all are there.

Members are independent, so that a piece of an ensemble is those members of the whole, within rounding. A piece is
stored as soon as it is done: who is interrupted loses one piece. Where the device's memory runs out, the number of
members at once is halved, for this job and those after it, and the piece is begun again.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ascentcheck.empirics.store import Store
from ascentcheck.empirics.telling import tell

WAITS = (10.0, 60.0, 300.0)
"""Seconds before a single member is tried again: others on the same GPU may have had the memory."""
OUT_OF_MEMORY = (
    "DefaultCPUAllocator",
    "ALLOC_FAILED",
    "ALLOCATION_FAILED",
    "CUBLAS_STATUS_NOT_INITIALIZED",
    "CUDNN_STATUS_NOT_INITIALIZED",
    "unable to find an engine",
    "CUDA error: out of memory",
)
"""What errors say that are of no type of their own: the host's allocator, and what asks the driver for memory beside
PyTorch's allocator, such as the handles and workspaces of CUDA's libraries where several workers share a GPU."""

Arrays = dict[str, np.ndarray]
Notes = dict[str, Any]


@dataclass
class Room:
    """How many members are computed at once. It shrinks when memory runs out."""

    members: int

    def __post_init__(self) -> None:
        if self.members < 1:
            raise ValueError(f"{self.members} members at once: at least 1 is needed")


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What the pieces give together: arrays [N, ...], what is noted of all, and the time that they took."""

    arrays: Arrays
    notes: Notes
    seconds: float
    largest: int
    """The most members that were computed at once."""
    halved: bool
    """Whether memory ran out on the way."""


def in_pieces(
    store: Store, digest: str, n: int, room: Room, compute: Callable[[slice], tuple[Arrays, Notes]]
) -> Ensemble:
    """Return the arrays of `n` members, `room.members` at once; `compute` returns those of a slice, with notes that
    are the same for every slice.

    Pieces of an earlier try are taken from the store; `discard_pieces` removes them once the job is committed.
    """
    pieces: list[tuple[Arrays, Notes, float]] = []
    start, halved = 0, False
    waits = iter(WAITS)
    while start < n:
        kept = store.get(_piece(digest, start))
        if kept is not None:
            arrays = {name: np.array(kept.array(name)) for name in kept.names()}  # a map holds a descriptor
            pieces.append((arrays, kept.record["notes"], kept.record["seconds"]))
            start = kept.record["stop"]
            continue
        stop, began = min(start + room.members, n), time.perf_counter()
        done = _attempt(compute, slice(start, stop))
        if isinstance(done, Exception):
            halved = True
            if stop - start > 1:
                room.members = (stop - start) // 2
                how = f"going on with {room.members}"
            elif torch.cuda.is_available() and (wait := next(waits, None)) is not None:
                how = f"trying again in {wait:g} s"
                time.sleep(wait)
            else:
                raise done
            tell(f"memory ran out with {stop - start} models at once: {how}")
            continue
        arrays, notes = done
        seconds = time.perf_counter() - began
        if stop - start < n:
            store.put(_piece(digest, start), arrays, {"notes": notes, "stop": stop, "seconds": seconds})
        pieces.append((arrays, notes, seconds))
        start = stop
    parts = [arrays for arrays, _, _ in pieces]
    names = [name for name in parts[0] if all(name in part for part in parts)]
    largest = max(len(next(iter(part.values()))) for part in parts)
    whole = parts[0] if len(parts) == 1 else {k: np.concatenate([p.pop(k) for p in parts]) for k in names}
    return Ensemble(whole, pieces[0][1], sum(seconds for _, _, seconds in pieces), largest, halved)


def discard_pieces(store: Store, digest: str, n: int) -> None:
    """Remove the pieces of a job from the store."""
    for start in range(n):
        store.discard(_piece(digest, start))


def _attempt(
    compute: Callable[[slice], tuple[Arrays, Notes]], which: slice
) -> tuple[Arrays, Notes] | Exception:
    """Return what `compute` gives, or the error where memory ran out, without the tensors that it held."""
    try:
        return compute(which)
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        known = isinstance(error, torch.OutOfMemoryError | MemoryError)
        if not (known or any(part in str(error) for part in OUT_OF_MEMORY)):
            raise
        short = error.with_traceback(None)
    gc.collect()  # the error's frames held the tensors until here
    free_cache()
    return short


def free_cache() -> None:
    """Give the memory that PyTorch keeps for later back to the GPU, for others who share it."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _piece(digest: str, start: int) -> str:
    """Return the key of the piece of a job that begins with member `start`."""
    return hashlib.sha256(f"{digest}/from member {start}".encode()).hexdigest()
