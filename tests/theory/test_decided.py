"""Claims are shared between processes, neighbours together, and come back in order; errors come where they stand."""

import subprocess
import sys

import pytest

SCRIPT = """
import os, sys, time
from ascentcheck.theory import decided

os.cpu_count = lambda: {processors}

def decide(name):
    {deed}
    return name, os.getpid()

found = []
try:
    for one in decided.on_all_processors(decide, list("abcdefgh")):
        found.append(one)
except Exception as error:
    print(type(error).__name__, error, end=" ")
print("".join(name for name, _ in found), len({{pid for _, pid in found}} - {{os.getpid()}}))
"""
CASES = {
    "all of them": (2, "time.sleep(0.05)", "abcdefgh 2"),
    "an odd number of processes": (3, "time.sleep(0.05)", "abcdefgh 3"),
    "the last comes first": (2, "time.sleep(0.2 * (name == 'a'))", "abcdefgh 2"),
    "one processor": (1, "pass", "abcdefgh 0"),
    "an error": (2, "assert name != 'e', 'e is wrong'", "AssertionError e is wrong abcd"),
    "a process that dies": (
        2,
        "name == 'c' and os._exit(1)",
        "BrokenProcessPool A process in the process pool",
    ),
}


@pytest.mark.parametrize(("processors", "deed", "said"), CASES.values(), ids=CASES)
def test_what_is_shared_comes_back(processors, deed, said):
    script = SCRIPT.format(processors=processors, deed=deed)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(said)
