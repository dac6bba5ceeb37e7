"""Make the virtual environment `.venv` that every make target uses. Standard library only.

torch is the one package that is not locked: a torch that the calling Python already has, of a version that the project
can use, is used as it is; a machine with an NVIDIA GPU gets the ordinary build; any other Linux machine gets the CPU
build where one can be had, and is told when it cannot. Of pip's settings, those that say where packages come from are
kept; those that say where they go would miss `.venv`.
"""

from __future__ import annotations

import ast
import os
import platform
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TORCH = "2.13.0"
CPU_INDEX = os.environ.get("TORCH_INDEX", "https://download.pytorch.org/whl/cpu")
SOURCES = (
    "index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "cert", "client-cert", "proxy",
    "keyring-provider", "timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir", "constraint",
)  # fmt: skip
"""pip's settings that say where packages come from, and which an administrator allows."""

ELSEWHERE = ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE")

INSTALL = ("install", "-q", "--no-compile")
LOCKED = (*INSTALL, "--require-hashes", "--no-deps", "-r", "requirements.lock")
PROJECT = (*INSTALL, "--no-deps", "--no-build-isolation", "-e", ".")
"""The project apart: a folder has no hash. It is built by the locked setuptools, and nothing more is fetched."""

SEES_GPU = "import sys, torch; sys.exit(not torch.cuda.is_available())"
TELL_TORCH = "import torch; print(torch.__version__)"


def fail(message: str) -> None:
    print(f"setup: {message}", file=sys.stderr)
    raise SystemExit(2)


def succeeds(*command: str) -> bool:
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
    return run.returncode == 0


def venv_python() -> str:
    return str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def venv_pip(*arguments: str) -> tuple[str, ...]:
    return (venv_python(), "-m", "pip", "--disable-pip-version-check", *arguments)


def pip(*arguments: str) -> int:
    return subprocess.call(venv_pip(*arguments), cwd=ROOT, env=environment())


def environment() -> dict[str, str]:
    """Return this environment with those of pip's settings that say where packages come from, and no others.

    Nor with what shows Python packages that are not in `.venv`: pip would take them for installed.
    """
    others = {
        name: value for name, value in os.environ.items() if name[:4] != "PIP_" and name not in ELSEWHERE
    }
    named = {f"PIP_{name.replace('-', '_').upper()}": name for name in SOURCES}
    kept = {variable: value for variable, name in named.items() if (value := configured().get(name))}
    kept |= {variable: value for variable in named if (value := os.environ.get(variable))}
    return {**others, **kept, "PIP_CONFIG_FILE": os.devnull}  # which leaves out the files


@cache
def configured() -> dict[str, str]:
    """Return what the files of pip's settings say, of all commands and of `install`, which counts more."""
    if not Path(venv_python()).exists():
        return {}
    # without the variables: PIP_USER=1 would be an option of `pip config` too
    alone = {
        name: value
        for name, value in os.environ.items()
        if (name[:4] != "PIP_" or name == "PIP_CONFIG_FILE") and name not in ELSEWHERE
    }
    run = subprocess.run(venv_pip("config", "list"), capture_output=True, text=True, env=alone)
    found = [re.fullmatch(r"(global|install)\.([\w-]+)=('.*')", line) for line in run.stdout.splitlines()]
    return {one[2]: ast.literal_eval(one[3]) for one in found if one}  # `global` is listed first


def limits() -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Return what pyproject.toml asks of torch: as it stands there, the least version, and the first that is too new."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted, least, above = re.search(r'"(torch>=([\d.]+),<([\d.]+))"', text).groups()
    return wanted, numbers(least), numbers(above)


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with: 2, 6 and 0 of 2.6.0+cu124."""
    return tuple(map(int, re.match(r"[\d.]*\d", version)[0].split(".")))


def usable(version: str) -> bool:
    """Whether the project can use that version of torch."""
    _, least, above = limits()
    return least <= numbers(version) < above


def torch_here() -> str | None:
    """Return the version of the torch that this Python can import, or None."""
    run = subprocess.run([sys.executable, "-c", TELL_TORCH], capture_output=True, text=True)
    version = run.stdout.strip().rpartition("\n")[2]
    return version if run.returncode == 0 and re.match(r"\d", version) else None


def install_torch() -> None:
    """Install torch, the CPU build wherever no NVIDIA GPU answers."""
    cannot = f"torch {TORCH} cannot be installed; install any {limits()[0]} and run again"
    has_gpu = shutil.which("nvidia-smi") is not None and succeeds("nvidia-smi", "-L")
    wants_cpu = sys.platform == "linux" and not has_gpu
    if not wants_cpu or platform.machine() != "x86_64":
        if pip(*INSTALL, f"torch=={TORCH}"):
            fail(cannot)
        if has_gpu and not succeeds(venv_python(), "-c", SEES_GPU):
            print(
                "setup: an NVIDIA GPU answers, but this torch sees none, and networks will run on the processor; "
                "its CUDA may be newer than the driver: install a build of torch for the driver's CUDA into .venv",
                flush=True,
            )
        return
    cpu_build = f"torch=={TORCH}+cpu"
    print("setup: no NVIDIA GPU answers, looking for the CPU build of torch", flush=True)
    if succeeds(*venv_pip(*INSTALL, cpu_build)):
        return
    if succeeds(
        *venv_pip(*INSTALL, "--retries", "1", "--timeout", "20", "--extra-index-url", CPU_INDEX, cpu_build)
    ):
        return
    print("setup: no CPU build of torch could be had; taking the ordinary one (several GB)", flush=True)
    if pip("install", "--no-compile", f"torch=={TORCH}"):
        fail(cannot)


def compile_packages() -> None:
    """Compile the packages on all cores: pip does it on one, and takes a minute. Their own tests are left out.

    A file that does not compile, such as a template, is no failure.
    """
    own_tests = r"site-packages[/\\].*[/\\]tests?[/\\]"
    succeeds(
        venv_python(), "-W", "ignore", "-m", "compileall", "-q", "-j", "0", "-x", own_tests, str(VENV / "lib")
    )


def main() -> None:
    """Create `.venv`, install torch and the locked packages, and mark it ready."""
    if sys.version_info < (3, 11):
        fail(f"Python 3.11 or newer is needed, this is {platform.python_version()}; set PYTHON=...")
    # From within a virtual environment, a new one would see the packages of the Python below it, not its own.
    found = torch_here() if sys.prefix == sys.base_prefix else None
    has_torch = found is not None and usable(found)
    if found is not None and not has_torch:
        print(
            f"setup: the torch {found} of {sys.executable} is not used: {limits()[0]} is needed", flush=True
        )
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if has_torch:
        command.insert(3, "--system-site-packages")
        print("setup: using the torch of", sys.executable, flush=True)
    if subprocess.call(command):
        fail("no virtual environment could be made; on Debian and Ubuntu install python3-venv")
    if not has_torch:
        install_torch()
    if os.environ.get("NO_LOCK"):
        print("setup: installing the newest packages that pyproject.toml allows", flush=True)
        failed = pip(*INSTALL, "-e", ".[all,dev]")
    else:
        print("setup: installing the locked packages", flush=True)
        failed = pip(*LOCKED) or pip(*PROJECT)
    if failed:
        fail("the packages cannot be installed; NO_LOCK=1 tries the newest that pyproject.toml allows")
    compile_packages()
    (VENV / ".ready").touch()
    print("setup: done")


if __name__ == "__main__":
    main()
