"""Hostile files, by the number: changed files given to every parser. Inputs are drawn by hypothesis from a seed.

python -m tests.fuzz [PARSER,... [INPUTS [SEED]]]
"""

import sys
import tempfile
import time

from tests.fuzz.guard import CrashError
from tests.fuzz.parsers import PARSERS
from tests.fuzz.tries import tried


def main(arguments):
    """Try the parsers asked for and print a line for each; the status is 1 where any did what none may."""
    chosen = list(PARSERS) if not arguments or arguments[0] == "all" else arguments[0].split(",")
    count = int(arguments[1]) if len(arguments) > 1 else 2000
    number = int(arguments[2]) if len(arguments) > 2 else 0
    wrong = 0
    for name in chosen:
        began = time.process_time()
        with tempfile.TemporaryDirectory() as place:
            try:
                counts = tried(PARSERS[name], place, count, number)
                said = f"{sum(counts.values()):,} inputs, {counts['value']:,} read, {counts['refused']:,} refused"
            except CrashError as crash:
                said, wrong = f"CRASH: {crash}", wrong + 1
        print(f"{name}: {said}, {time.process_time() - began:.0f} s", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
