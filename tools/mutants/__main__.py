"""Change the code that decides at one place at a time: do its tests object?

    python -m tools.mutants --sample 100 --seed a
    python -m tools.mutants empirics/scores/energy.py tests/empirics/scores/test_energy.py --sample 25 --seed a

Places are drawn from all modules of `tests.py` together, or from one; without TESTS, with those that stand there. A control that
changes nothing must survive, and one that raises must not, else the tests say nothing. Survivors are printed. The status is 1
where a control is not what it must be, or where the sample shows that less than 95% are killed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path

from scipy.stats import binomtest

from ascentcheck.theory.cores import cores
from tools.mutants import trial
from tools.mutants.changes import Mutant, drawn, places
from tools.mutants.log import Log
from tools.mutants.reach import Reach
from tools.mutants.same import reason
from tools.mutants.tests import TESTS

ENOUGH = 0.95
"""The share that is to be killed of those that are another program."""


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95% interval of a share."""
    low, high = binomtest(hits, n).proportion_ci(method="wilson")
    return float(low), float(high)


def share(killed: int, n: int) -> str:
    """Return a share in words, with its interval."""
    low, high = wilson(killed, n)
    return f"{killed} of {n} killed ({killed / n:.1%}; 95% interval {low:.1%} to {high:.1%})"


def controlled(module: str, source: str, tests: tuple[str, ...], seconds: int) -> Reach | str:
    """Return what each test runs of a module as it is, or what is wrong with them."""
    path = Path(module)
    if trial.is_loaded(path):
        return "is imported already"
    unread = source + "\n_nobody_reads_this = 1 + 1\n"
    found = trial.reach(unread, path, tests, 10 * seconds)  # watched, tests are some times slower
    if found is None:
        return "the control does not survive: its tests fail, or none runs, without any change"
    if trial.survives(source + "\nraise AssertionError\n", path, tests, seconds):
        return "the control that raises survives: its tests do not read it"
    return found


def tell(kept: list[Mutant], tried: list[Mutant], every: int, seed: str, began: float) -> bool:
    """Print what came of a sample, and return whether it shows that too few are killed."""
    lived, of = Counter(m.place.module for m in kept), Counter(m.place.module for m in tried)
    if len(of) > 1:
        for module in sorted(of):
            print(f"{module}: {of[module] - lived[module]} of {of[module]}")
    same = sum(reason(m) is not None for m in kept)
    killed, n = len(tried) - len(kept), len(tried)
    name = next(iter(of)) if len(of) == 1 else f"{len(of)} modules"
    print(
        f"{name}: {share(killed, n)}, at {n} of {every} places; seed {seed}; "
        f"all controls as they must be; {time.monotonic() - began:.0f} s, {sum(os.times()[2:4]):.0f} s of a processor"
    )
    if same and same < n:
        print(f"without {same} that are the same program: {share(killed, n - same)}")
    return same < n and wilson(killed, n - same)[1] < ENOUGH


def main(arguments: list[str] | None = None) -> int:
    """Try a sample; return 1 where a control is not what it must be, or too few are killed."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("module", nargs="?", help="one alone")
    parser.add_argument("tests", nargs="*", help="arguments of pytest; those of the table by default")
    parser.add_argument("--sample", type=int, default=sys.maxsize, help="so many places; all by default")
    parser.add_argument("--seed", default="0")
    parser.add_argument(
        "--seconds", type=int, default=120, help="of a processor, after which a mutant never ends"
    )
    parser.add_argument("--workers", type=int, default=cores(), help="so many at once")
    parser.add_argument("--log", type=Path, help="a file that keeps outcomes: what it has is not tried again")
    parser.add_argument("--again", action="store_true", help="try survivors of the log once more")
    parser.add_argument("--at", action="append", help="of the sample, those at MODULE:LINE; may be repeated")
    parser.add_argument("--loaded", default=trial.LOADED, help="libraries that are imported once")
    given = parser.parse_args(arguments)
    if given.module and not given.tests and given.module not in TESTS:
        return _stop(given.module, "no tests are known; name them", 2)
    asked = {given.module: tuple(given.tests) or TESTS[given.module]} if given.module else TESTS
    sources = {module: Path(module).read_text(encoding="utf-8") for module in asked}
    chosen = drawn(sources, given.sample, given.seed, given.at or ())
    if not chosen:
        return _stop(given.module or "all", "there is nothing to change", 2)
    log, began = Log(given.log), time.monotonic()
    left = [m for m in chosen if (known := log.survived(m)) is None or (known and given.again)]
    trial.load(given.loaded)
    reaches: dict[str, Reach] = {}
    modules = sorted({m.place.module for m in left})
    for number, module in enumerate(modules):
        print(
            f"{number} of {len(modules)} modules have their controls", end="\r", file=sys.stderr, flush=True
        )
        found = controlled(module, sources[module], asked[module], given.seconds)
        if isinstance(found, str):
            return _stop(module, found, 1)
        reaches[module] = found
    tried = trial.outcomes(left, asked, reaches, given.seconds, given.workers)
    lived = {m for m in chosen if log.survived(m)} - {*left}
    for number, (mutant, survived) in enumerate(tried):
        log.keep(mutant, survived)
        lived.update({mutant} if survived else ())
        print(f"{number + 1} of {len(left)} tried, {len(lived)} kept", end="\r", file=sys.stderr, flush=True)
    kept = [m for m in chosen if m in lived]
    for mutant in sorted(kept, key=lambda m: (m.place.module, m.place.start)):
        why = reason(mutant)
        print(f"{mutant}{f'  [{why}]' if why else ''}", flush=True)
    every = sum(len(places(module, source)) for module, source in sources.items())
    return int(tell(kept, chosen, every, given.seed, began))


def _stop(module: str, why: str, status: int) -> int:
    print(f"{module}: {why}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
