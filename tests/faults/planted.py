"""Faults planted in the product, each of which the tries must see; the status is 1 where one is not seen.

python -m tests.faults.planted
"""

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import contextlib
import dataclasses
import json
import random
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from ascentcheck.empirics import store
from ascentcheck.empirics.study.session import Session
from ascentcheck.theory import console
from tests.faults import bench, harms, kills


def _trusting(self, digest):
    """A `get` that compares no checksum."""
    try:
        return store.Result(self.folder(digest), json.loads((self.folder(digest) / store.RECORD).read_text()))
    except (OSError, ValueError):
        return None


def _committed_first(self, digest, arrays, record):
    """A `put` whose record comes before its arrays, for a `get` that trusts it."""
    folder = self.folder(digest)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / store.RECORD).write_text(json.dumps({**record, "arrays": dict.fromkeys(arrays, "")}))
    for name, array in arrays.items():
        store.np.save(folder / f"{name}.npy", array)


@contextlib.contextmanager
def _in_place(path):
    """A `replacing` that writes where it should replace."""
    with path.open("wb") as file:
        yield file


def _bare(group, name):
    """A `run` that lets every error through."""
    sys.exit(group.main(prog_name=name, standalone_mode=False))


get = patch.object(store.Store, "get", _trusting)
PLANTED = {
    "checksums are not compared": (harms.files, [get]),
    "rows are left out without a word": (harms.files, [patch.object(Session, "lacking", lambda self: None)]),
    "the record comes before the arrays": (
        kills.touches,
        [
            get,
            patch.object(store.Store, "put", _committed_first),
            patch.object(store, "replacing", _in_place),
        ],
    ),
    "memory that runs out is a traceback": (harms.memory, [patch.object(console, "run", _bare)]),
}
MOST = 40
"""Tries in which each must be seen."""


def main():
    """Return 1 where a planted fault is not seen, else 0."""
    unseen = 0
    with tempfile.TemporaryDirectory(prefix="faults") as folder:
        whole = bench.make(Path(folder))
        found = dataclasses.replace(
            whole, touches=whole.touches // 4
        )  # what is planted touches its store less often
        for name, (kind, patches) in PLANTED.items():
            with contextlib.ExitStack() as stack:
                for one in patches:
                    stack.enter_context(one)
                number = next((n for n in range(MOST) if not _passes(kind, n, found, name)), None)
            print(f"{name}: {'NOT SEEN' if number is None else f'seen by try {number}'}", flush=True)
            unseen += number is None
    return int(unseen > 0)


def _passes(kind, number, found, name):
    place = found.place(f"{name}-{number}")
    try:
        kind(random.Random(f"planted {number}"), found, place)
    except bench.BrokenError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
