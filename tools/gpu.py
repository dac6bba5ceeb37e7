"""Run `python -m empirics card` with whatever Python has torch, and wheels from a folder for the packages it lacks.

    tools/gpu.py [--wheels FOLDER] [options of `card`]

Standard library only, and never needs an index: wheels are put into build/site, not into that Python.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"
NEEDED = (
    "torch",
    "numpy",
    "array_api_compat",
    "click",
    "jaxtyping",
    "pydantic",
    "rich",
    "PIL",
    "threadpoolctl",
)


def fail(message: str) -> None:
    print(f"gpu: {message}", file=sys.stderr)
    raise SystemExit(2)


def missing() -> list[str]:
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def main() -> None:
    """Install what is missing beside this Python, and go over to the command."""
    options, wheels = sys.argv[1:], None
    if options[:1] == ["--wheels"]:
        if len(options) < 2:
            fail("--wheels: a folder is needed")
        wheels, options = Path(options[1]), options[2:]
    if sys.version_info < (3, 11):
        fail("Python 3.11 or newer is needed; set PYTHON=...")
    if missing() and wheels is not None:
        found = sorted(str(path) for path in wheels.glob("*.whl") if not path.name.startswith("."))
        if not found:
            fail(f"{wheels}: holds no wheels")
        target = ["--no-index", "--no-deps", "--upgrade", "--target", str(SITE)]
        # isolated: the user's settings may name another target
        if subprocess.call([sys.executable, "-m", "pip", "--isolated", "install", "-q", *target, *found]):
            fail(f"{wheels}: the wheels cannot be installed by {sys.executable}")
        sys.path.insert(0, str(SITE))
        importlib.invalidate_caches()
    if lacking := missing():
        fail(
            f"{sys.executable} lacks {', '.join(lacking)}; install them, or give a folder of wheels, WHEELS=..."
        )
    paths = [str(ROOT), str(SITE), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "ascentcheck.empirics", "card", *options])


if __name__ == "__main__":
    main()
