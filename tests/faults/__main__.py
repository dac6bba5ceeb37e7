"""Faults in a study, by the number: what becomes of a small study that is disturbed in a random way, again and again.

python -m tests.faults [KIND [TRIES [FIRST]]]

KIND is one of those below, `all`, which is the default, or `sample`, the cheap ones of all that differ.

The n-th try of a kind draws its randomness from the kind and n alone, and a failure names both: `KIND 1 n` tries it again.
Two outcomes are allowed: the table of an undisturbed run, byte for byte, or a plain message; after either, a run without
the fault must give that table. The status is 1 where there was any other.
"""

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

from tests.faults import bench, harms
from tests.faults.kinds import KINDS, SAMPLE


def main(arguments):
    """Try the kinds asked for and print a line for each."""
    asked = arguments[0] if arguments else "all"
    chosen = {"all": list(KINDS), "sample": list(SAMPLE)}.get(asked, [asked])
    first = int(arguments[2]) if len(arguments) > 2 else 0
    folder = Path(tempfile.mkdtemp(prefix="faults"))
    os.environ["RAY_TMPDIR"] = tempfile.mkdtemp(prefix="r", dir="/tmp")
    wrong = 0
    try:
        if "ray" in chosen and find_spec("ray") is None:
            print("ray: is not installed, left out", flush=True)
            chosen.remove("ray")
        if "full" in chosen:
            try:
                harms.private_mounts()
            except OSError as error:
                print(f"full: {error.strerror}, left out", flush=True)
                chosen.remove("full")
        found = bench.make(folder)
        for name in chosen:
            tries = int(arguments[1]) if len(arguments) > 1 else KINDS[name][1]
            wrong += trial(found, name, range(first, first + tries))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(os.environ["RAY_TMPDIR"], ignore_errors=True)
    return int(wrong > 0)


def trial(found, name, numbers):
    """Try a kind and print what came; return how many tries ended as none may."""
    began, counts, events, failures = time.monotonic(), Counter(), 0, []
    for number in numbers:
        place = found.place(f"{name}-{number}")
        try:
            word, more = KINDS[name][0](random.Random(f"{name} {number}"), found, place)
        except bench.BrokenError as error:
            failures.append(f"{name} 1 {number}: {str(error)[-1500:]}")
            print(failures[-1], flush=True)
            continue
        counts[word] += 1
        events += more
    kills = f", {events} kills" if KINDS[name][0].__module__.endswith("kills") else ""
    seconds = time.monotonic() - began
    print(
        f"{name}: {len(numbers)} tries{kills}, {counts['equal']} equal, {counts['told']} told, "
        f"{len(failures)} failures, {seconds:.0f} s",
        flush=True,
    )
    return len(failures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
