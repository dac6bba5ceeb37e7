"""Make the virtual environment `.venv` that every make target uses. Standard library only.

torch is the one package that is not locked: a torch that the calling Python already has is used as it
is; a machine with an NVIDIA GPU gets the ordinary build; any other Linux machine gets the CPU build
where one can be had, and is told when it cannot.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TORCH = "2.13.0"
CPU_INDEX = os.environ.get("TORCH_INDEX", "https://download.pytorch.org/whl/cpu")

SEES_GPU = "import sys, torch; sys.exit(not torch.cuda.is_available())"


def fail(message: str) -> None:
    print(f"setup: {message}", file=sys.stderr)
    raise SystemExit(2)


def succeeds(*command: str) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def venv_python() -> str:
    return str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def pip(*arguments: str) -> int:
    return subprocess.call([venv_python(), "-m", "pip", "--disable-pip-version-check", *arguments], cwd=ROOT)


def install_torch() -> None:
    """Install torch, the CPU build wherever no NVIDIA GPU answers."""
    has_gpu = shutil.which("nvidia-smi") is not None and succeeds("nvidia-smi", "-L")
    wants_cpu = sys.platform == "linux" and not has_gpu
    if not wants_cpu or platform.machine() != "x86_64":
        if pip("install", "-q", f"torch=={TORCH}"):
            fail(f"torch {TORCH} cannot be installed; install any torch >=2.6,<2.14 and run again")
        if has_gpu and not succeeds(venv_python(), "-c", SEES_GPU):
            print(
                "setup: an NVIDIA GPU answers, but this torch sees none, and networks will run on the processor; "
                "its CUDA may be newer than the driver: install a build of torch for the driver's CUDA into .venv",
                flush=True,
            )
        return
    cpu_build = f"torch=={TORCH}+cpu"
    print("setup: no NVIDIA GPU answers, looking for the CPU build of torch", flush=True)
    if succeeds(*venv_pip("install", "-q", cpu_build)):
        return
    if succeeds(
        *venv_pip(
            "install", "-q", "--retries", "1", "--timeout", "20", "--extra-index-url", CPU_INDEX, cpu_build
        )
    ):
        return
    print("setup: no CPU build of torch could be had; taking the ordinary one (several GB)", flush=True)
    if pip("install", f"torch=={TORCH}"):
        fail(f"torch {TORCH} cannot be installed; install any torch >=2.6,<2.14 and run again")


def venv_pip(*arguments: str) -> tuple[str, ...]:
    return (venv_python(), "-m", "pip", "--disable-pip-version-check", *arguments)


def main() -> None:
    """Create `.venv`, install torch and the locked packages, and mark it ready."""
    if sys.version_info < (3, 11):
        fail(f"Python 3.11 or newer is needed, this is {platform.python_version()}; set PYTHON=...")
    # From within a virtual environment, a new one would see the packages of the Python below it, not its own.
    has_torch = sys.prefix == sys.base_prefix and succeeds(sys.executable, "-c", "import torch")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if has_torch:
        command.insert(3, "--system-site-packages")
        print("setup: using the torch of", sys.executable, flush=True)
    if subprocess.call(command):
        fail("no virtual environment could be made; on Debian and Ubuntu install python3-venv")
    if not has_torch:
        install_torch()
    print("setup: installing the locked packages", flush=True)
    lock = [] if os.environ.get("NO_LOCK") else ["-c", "requirements.lock"]
    if pip("install", "-q", *lock, "-e", ".[all,dev]"):
        fail("the packages cannot be installed; NO_LOCK=1 tries the newest that pyproject.toml allows")
    (VENV / ".ready").touch()
    print("setup: done")


if __name__ == "__main__":
    main()
