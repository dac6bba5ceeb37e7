"""The same parsers under atheris, a fuzzer that keeps what reaches new code. It is no dependency: `pip install atheris`.

python -m tests.fuzz.guided [PARSER,...|all [SECONDS [FOLDER]]]

What reached new code is kept in FOLDER, build/fuzz by default, and each run begins with it: nights add up. An input that crashes
is kept there too.
"""

import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

READERS = ("ascentcheck", "csv", "pickletools", "tarfile", "tomllib", "zipfile")
"""Whose code is watched."""

ONE = "import sys; from tests.fuzz.guided import fuzz; fuzz(*sys.argv[1:])"


def fuzz(name, seconds, kept):
    """Try a parser for so many seconds of the clock; the process ends with another status than 0 at the first crash."""
    import atheris

    with atheris.instrument_imports(include=list(READERS)):
        from tests.fuzz import changes
        from tests.fuzz.parsers import PARSERS
        from tests.fuzz.tries import attempt
    parser, folder = PARSERS[name], Path(tempfile.mkdtemp(prefix="guided"))
    samples = parser.samples()
    (folder / parser.name).parent.mkdir(parents=True, exist_ok=True)
    parser.beside(folder)
    for sample in samples:  # also what a first call imports
        (folder / parser.name).write_bytes(sample.content)
        try:
            parser.read(folder)
        except Exception:  # the guarded tries judge
            continue

    def one(raw):
        attempt(parser, folder, changes.from_bytes(samples, raw))

    options = (
        f"-max_total_time={seconds}",
        "-rss_limit_mb=4096",
        "-max_len=60",
        "-len_control=0",
        "-print_final_stats=1",
        f"-artifact_prefix={kept}/crash-of-{name}-",
        str(Path(kept) / name),
    )
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def main(chosen="all", seconds="20", kept="build/fuzz"):
    """Try the parsers asked for, each in a process of its own, print a line for each; the status is 1 where any crashed."""
    if find_spec("atheris") is None:
        print("guided: atheris is not installed, left out")
        return 0
    from tests.fuzz.parsers import PARSERS

    wrong = 0
    for name in PARSERS if chosen == "all" else chosen.split(","):
        (Path(kept) / name).mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", ONE, name, seconds, kept], capture_output=True, text=True, errors="replace"
        )
        wrong += done.returncode != 0
        inputs = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        said = f"{int(inputs[1]) if inputs else 0:,} inputs, {len([*(Path(kept) / name).iterdir()]):,} kept"
        print(f"{name}: {said}{_crash(done.stderr) if done.returncode else ''}", flush=True)
    return int(wrong > 0)


def _crash(said):
    """Return what a process that crashed says of it."""
    lines = [line for line in said.splitlines() if "Error" in line or "written to" in line]
    return "; CRASH: " + "; ".join(line[:300] for line in lines[-4:])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
