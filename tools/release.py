"""Check a release: the version is one, sdist and wheel are built, and each works in an environment that has nothing else.

Run it with any Python that the project supports; packages come from where pip gets them. Standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRY_IMPORT = "import ascentcheck, sys; print(ascentcheck.__version__, ascentcheck.__file__)"
TRY_SCORE = """
import json, numpy, ascentcheck
draw = numpy.random.default_rng(0)
oracle, unlearned = draw.standard_normal((2, 12, 40))
numpy.save("oracle.npy", oracle); numpy.save("unlearned.npy", unlearned + 1)
print(json.dumps(ascentcheck.klom(oracle, unlearned + 1).to_dict()))
"""
FILES = ("--oracle", "oracle.npy", "--unlearned", "unlearned.npy")

MISSING = {
    "study": ("status", "x.toml"),
    "theory": ("evaluate", "lemma-3"),
    "figures": ("report",),
    "published": ("published", "easydub", "--forget-set", "1"),
}
"""A command that the core cannot do, by the extra that it names."""


class Failure(Exception):  # noqa: N818 - what the check found
    """What is wrong with the release, in a line."""


def versions(root: Path) -> str:
    """Return the version of the tree. Raises Failure unless package, citation and change log have the same."""
    found = {}
    for name, pattern in (
        ("ascentcheck/__init__.py", r'^__version__ = "([^"]+)"$'),
        ("CITATION.cff", r"^version: (\S+)$"),
        ("CHANGELOG.md", r"^## (\S+) \(\d{4}-\d\d-\d\d\)$"),
    ):
        try:
            text = (root / name).read_text(encoding="utf-8")
        except OSError as error:
            raise Failure(f"{root / name}: cannot be read: {error.strerror}") from None
        first = re.search(pattern, text, re.MULTILINE)
        found[name] = first[1] if first else "none"
    if len(set(found.values())) > 1:
        raise Failure(", ".join(f"{name} has version {version}" for name, version in found.items()))
    return found["CITATION.cff"]


def run(*command: str | Path, cwd: Path, status: int = 0) -> tuple[str, str]:
    """Return what a command prints, and its errors. Raises Failure for another exit status than that."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=clean, capture_output=True, text=True)
    if done.returncode != status:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Failure(f"{' '.join(map(str, command))[:120]}: exit status {done.returncode}: {''.join(last)}")
    return done.stdout, done.stderr


def environment(folder: Path) -> Path:
    """Make an environment with pip alone; return its folder of programs."""
    venv.create(folder, with_pip=True, clear=True)
    return folder / ("Scripts" if os.name == "nt" else "bin")


def built(source: Path, work: Path) -> list[Path]:
    """Return the sdist of a tree, and the wheel that is built from it."""
    programs = environment(work / "builder")
    run(programs / "python", "-m", "pip", "install", "-q", "build", "twine", cwd=work)
    run(programs / "python", "-m", "build", "--outdir", work / "dist", source, cwd=work)
    found = sorted((work / "dist").iterdir(), key=lambda path: path.suffix)
    if [path.suffix for path in found] != [".gz", ".whl"]:
        raise Failure(f"built {', '.join(path.name for path in found)}; one sdist and one wheel are wanted")
    run(programs / "python", "-m", "twine", "check", "--strict", *found, cwd=work)
    return found


def tried(artefact: Path, version: str, work: Path) -> list[str]:
    """Install an artefact in a clean environment, away from the checkout; return what was tried."""
    programs, empty = environment(work / f"env-{artefact.suffix[1:]}"), work / "empty"
    shutil.rmtree(empty, ignore_errors=True)
    empty.mkdir()
    python, command = programs / "python", programs / "ascentcheck"
    run(python, "-m", "pip", "install", "-q", artefact, cwd=empty)
    said, place = run(python, "-c", TRY_IMPORT, cwd=empty)[0].split(maxsplit=1)
    if said != version or ROOT in Path(place.strip()).parents:
        raise Failure(f"{artefact.name}: imports version {said} from {place.strip()}")
    if run(command, "--version", cwd=empty)[0].split()[-1] != version:
        raise Failure(f"{artefact.name}: the command says another version than {version}")
    if "Models of your own" not in run(command, "--help", cwd=empty)[0]:
        raise Failure(f"{artefact.name}: the command's help lacks its sections")
    function = json.loads(run(python, "-W", "error", "-c", TRY_SCORE, cwd=empty)[0])
    printed = json.loads(run(command, "score", *FILES, "--json", cwd=empty)[0])
    if any(function[key] != value for key, value in printed.items()) or not printed["p95"] > 0:
        raise Failure(f"{artefact.name}: the function scores {function}, the command {printed}")
    for extra, words in MISSING.items():
        said = run(command, *words, cwd=empty, status=2)[1]
        if said.count("\n") != 1 or f"pip install 'ascentcheck[{extra}]'" not in said:
            raise Failure(f"{artefact.name}: without the extra {extra} it says {said!r}")
    return ["import", "--version", "--help", f"score (p95 {printed['p95']:.3f})", "missing extras"]


def main() -> int:
    """Check the release of this checkout, or of another tree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=ROOT, help="the tree to release")
    parser.add_argument("--out", type=Path, help="where sdist and wheel are kept")
    given = parser.parse_args()
    for option, folder in (("--source", given.source), ("--out", given.out)):
        if folder is not None and folder.exists() != folder.is_dir():
            parser.error(f"{option} {folder}: is no folder")
    try:
        version = versions(given.source)
        with tempfile.TemporaryDirectory() as name:
            work = Path(name)
            copy = work / "source"
            skipped = shutil.ignore_patterns(".git", ".venv", "build", "__pycache__", "*.egg-info")
            shutil.copytree(given.source, copy, ignore=skipped)
            artefacts = built(copy, work)
            for artefact in artefacts:
                print(f"{artefact.name}: {', '.join(tried(artefact, version, work))}", flush=True)
            if given.out is not None:
                given.out.mkdir(parents=True, exist_ok=True)
                for artefact in artefacts:
                    shutil.copy(artefact, given.out)
    except Failure as failure:
        print(f"release: {failure}", file=sys.stderr)
        return 1
    print(f"release: {version} can go out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
