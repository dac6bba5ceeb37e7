"""The folder in which Rocq compiles, and what it says: rocq/ at the top, and what is made from the claims."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ascentcheck.theory.console import UserError
from ascentcheck.theory.cores import cores
from ascentcheck.theory.rocq.files import ClaimFile, assumptions_file, statements_file, theorems_file

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = ROOT / "rocq"
FOLDER = ROOT / "build" / "rocq"
HAND_WRITTEN = (
    "Polynomials",
    "Lambert",
    "Trees",
    "Rules",
    "Bounds",
    "Losses",
    "Pair",
    "PairBounds",
    "PairLosses",
    "Window",
)
FROM_THEOREMS = ("OneCoordinate", "FromLosses", "Hoeffding")
"""Written by hand too, and proved from the theorems of all claims."""
AXIOMS = (
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
)
"""The axioms on which the real numbers of Rocq's standard library stand (the last where it proves the mean value theorem).
Nothing else may be assumed."""
NO_COQC = "no coqc: Debian and Ubuntu have it as `apt-get install coq`"


def coqc_version() -> str | None:
    """Return the version of coqc, None where there is none."""
    if shutil.which("coqc") is None or shutil.which("coq_makefile") is None:
        return None
    said = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=True).stdout
    return said.split()[0]


def write(files: Sequence[ClaimFile], folder: Path = FOLDER, whole: bool = False) -> None:
    """Write the hand-written files, Statements.v and the proofs of claims; files that are as they were are left alone.

    Where the files are those of all claims (`whole`), also what is proved by hand from their theorems.

    Raises UserError where the package is not in a checkout.
    """
    if not BASE.is_dir():
        raise UserError("rocq/, what is written by hand, is in a checkout alone")
    folder.mkdir(parents=True, exist_ok=True)
    made = [f for f in files if f.theorems]
    texts = {name: (BASE / f"{name}.v").read_text(encoding="utf-8") for name in HAND_WRITTEN}
    texts["Statements"] = statements_file(made)
    texts |= {f.module: f.proofs for f in made}
    texts["Theorems"] = theorems_file(made)
    texts |= {name: (BASE / f"{name}.v").read_text(encoding="utf-8") for name in FROM_THEOREMS if whole}
    for name, text in texts.items():
        target = folder / f"{name}.v"
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
    (folder / "_CoqProject").write_text(
        "\n".join(["-Q . Ascent", *(f"{name}.v" for name in texts)]) + "\n", encoding="utf-8"
    )


def compile_all(folder: Path = FOLDER, jobs: int = 0, targets: Sequence[str] = ()) -> str:
    """Compile a folder, or some of its files and what they need. Return "" or what is wrong. Raises UserError without coqc."""
    if coqc_version() is None:
        raise UserError(NO_COQC)
    run = {"cwd": folder, "capture_output": True, "text": True}
    subprocess.run(["coq_makefile", "-f", "_CoqProject", "-o", "CoqMakefile"], check=True, **run)  # type: ignore[call-overload]
    command = [
        "make",
        "-f",
        "CoqMakefile",
        f"-j{jobs or cores()}",
        "-k",
        "COQEXTRAFLAGS=-noglob",
        *(f"{t}.vo" for t in targets),
    ]
    done = subprocess.run(command, **run)  # type: ignore[call-overload]
    return "" if done.returncode == 0 else _first_error(done.stdout + done.stderr)


def _first_error(said: str) -> str:
    """Return where the first error is and what it is, without the hypotheses of a goal between."""
    lines = said.splitlines()
    error = next((k for k, line in enumerate(lines) if line.startswith("Error")), 0)
    where = next((line for line in lines[error::-1] if line.startswith("File ")), "")
    end = next((k for k, line in enumerate(lines[error:], error) if not line), len(lines))
    told = lines[error:end]
    shown = told if len(told) <= 10 else [*told[:2], "…", *told[-7:]]
    return "\n".join([where, *shown])[:2000] if said.strip() else "coqc says nothing"


def compiles(text: str, name: str, folder: Path = FOLDER) -> str:
    """Compile one more file in a compiled folder. Return "" or all that coqc says of the error."""
    (folder / f"{name}.v").write_text(text, encoding="utf-8")
    done = _coqc(name, folder)
    return "" if done.returncode == 0 else done.stderr[:100_000] or "coqc says nothing"


def printed_axioms(text: str, name: str, folder: Path = FOLDER) -> set[str]:
    """Return what a file's `Print Assumptions` tells of, as `said_of_axioms` has it.

    Raises CalledProcessError where it does not compile, RuntimeError where coqc does not answer once.
    """
    (folder / f"{name}.v").write_text(text, encoding="utf-8")
    done = _coqc(name, folder)
    done.check_returncode()
    if len(re.findall(r"^(Axioms:|Closed under the global context)$", done.stdout, re.MULTILINE)) != 1:
        raise RuntimeError(f"coqc does not tell of assumptions once: {done.stdout[:200]!r}")
    return said_of_axioms(done.stdout)


def said_of_axioms(said: str) -> set[str]:
    """Return what coqc says of assumptions.

    Only a line `name : type`, or a name with its type on the next lines, is an axiom; a line of any other form, such as that
    a check of Rocq's was switched off, is told as it is.
    """
    found = set()
    for line in said.splitlines():
        if line and not line[0].isspace() and line not in ("Axioms:", "Closed under the global context"):
            name = re.fullmatch(r"([\w.']+)(\s*:.*)?", line)
            found.add(name[1] if name else line)
    return found


def assumed(files: Sequence[ClaimFile], folder: Path = FOLDER, whole: bool = False) -> set[str]:
    """Return the axioms on which the theorems of compiled files rest, as `Print Assumptions` has them."""
    text = assumptions_file(files) if whole else assumptions_file(files, ())
    return printed_axioms(text, "Assumptions", folder)


def _coqc(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["coqc", "-noglob", "-Q", ".", "Ascent", f"{name}.v"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
