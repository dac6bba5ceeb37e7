"""The same parsers under atheris, a fuzzer that keeps what reaches new code. It is no dependency: `pip install atheris`.

python -m tests.fuzz.guided PARSER [SECONDS]
"""

import sys
import tempfile
from pathlib import Path

import atheris

OURS = (
    "npy",
    "tables",
    "data.archive",
    "data.idx",
    "data.image_manifest",
    "data.plain_pickle",
    "study.problems",
    "study.settings",
)
READERS = (
    "csv",
    "pickletools",
    "tarfile",
    "tomllib",
    "zipfile",
    *(f"ascentcheck.empirics.{name}" for name in OURS),
)
with atheris.instrument_imports(include=list(READERS)):
    from tests.fuzz import changes
    from tests.fuzz.parsers import PARSERS
    from tests.fuzz.tries import attempt


def main(name, seconds="20"):
    """Try a parser for so many seconds of the clock; the process ends with another status than 0 at the first crash."""
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
        f"-artifact_prefix={folder}/",
    )
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
