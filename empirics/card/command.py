"""`card`: the tests that need a card, the benchmark of training, and a part of the CIFAR-10 study, within a budget."""

from __future__ import annotations

import importlib.util
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ascentcheck.empirics.card.results import Results, commit
from ascentcheck.empirics.npy import read_indices
from ascentcheck.theory.console import UserError
from ascentcheck.theory.cores import cores
from ascentcheck.theory.parameters import Finite, NewFolder

if TYPE_CHECKING:
    from ascentcheck.empirics.data import Dataset

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("tests", "benchmark", "study")
TESTS = ROOT / "tests" / "empirics" / "test_on_a_card.py"
BENCHMARK = ROOT / "benchmarks" / "bench_training.py"
SHARES = {"tests": 0.2, "benchmark": 0.4}
"""The most of what is left of the budget that a part before the study may take."""


@click.command()
@click.option("--budget", type=Finite(10), default=420.0, show_default=True, help="seconds in all")
@click.option("--data", type=click.Path(path_type=Path), help="CIFAR-10, in any layout that a study reads")
@click.option("--official/--not-official", default=True, help="whether its files are the official ones")
@click.option(
    "--forget-set",
    "files",
    type=click.Path(path_type=Path),
    multiple=True,
    help="forget_set_K.npy; may be repeated; the first gets most of the time",
)
@click.option("--out", type=NewFolder(), default=Path("build/card"), show_default=True)
@click.option(
    "--part", "parts", type=click.Choice(PARTS), multiple=True, help="all three, in order, by default"
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--compiled/--not-compiled", default=None, help="the network; the faster by default")
@click.option("--tiny", is_flag=True, help="a rehearsal: a narrow network on generated images")
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
def card(
    budget: float,
    data: Path | None,
    official: bool,
    files: tuple[Path, ...],
    out: Path,
    parts: tuple[str, ...],
    seed: int,
    compiled: bool | None,
    tiny: bool,
    device: str,
) -> None:
    """Run on a card, within a budget of seconds: its tests, the benchmark, and a part of the CIFAR-10 study.

    What is done is written to a folder after each step. It ends with what was not reached.
    """
    deadline = time.monotonic() + budget
    wanted = parts or PARTS
    for part, file in (("tests", TESTS), ("benchmark", BENCHMARK)):
        if part in wanted and not file.is_file():
            raise UserError(
                f"--part {part}: {file.relative_to(ROOT)} is in a checkout alone; --part study needs none"
            )
    if "study" in wanted and not tiny and (data is None or not files):
        raise UserError(
            "--data and --forget-set: the study needs both; --part tests and --part benchmark do not"
        )
    read = _inputs(data, official, files, tiny) if "study" in wanted else None
    here = _surroundings(device)
    results = Results(out)
    results.note("run", **here, budget=budget, parts=list(wanted), tiny=tiny)
    if "tests" in wanted:
        _outside("tests", results, deadline, *_test_command())
    if "benchmark" in wanted:
        _outside("benchmark", results, deadline, *_benchmark_command(out, tiny, device))
    if read is not None:
        _study(results, deadline, *read, official, seed, compiled, tiny, device)
    results.note("run", seconds=budget - (deadline - time.monotonic()))
    click.echo(f"card: {', '.join(wanted)} in {results.record['run']['seconds']:.0f} s; results in {out}")
    missed = results.record.get("study", {}).get("missed", [])
    if missed:
        click.echo(f"card: not reached: {len(missed)} blocks of trajectories, from {missed[0]} on")


def _surroundings(device: str) -> dict[str, Any]:
    import torch

    from ascentcheck.empirics.device import described, find_device

    found = find_device(device)  # type: ignore[arg-type]
    versions = {"python": platform.python_version()}
    for name in ("torch", "triton", "numpy", "scipy", "pydantic"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "device": described(found),
        "memory": torch.cuda.get_device_properties(found).total_memory if found.type == "cuda" else None,
        "cores": cores(),
        "versions": versions,
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _test_command() -> tuple[list[str], str | None]:
    if importlib.util.find_spec("pytest") is None:
        return [], "pytest is not installed"
    options = ["-q", "--noconftest", "-p", "no:cacheprovider", "-o", "filterwarnings=default", "-rs"]
    return [sys.executable, "-m", "pytest", *options, str(TESTS)], None


def _benchmark_command(out: Path, tiny: bool, device: str) -> tuple[list[str], str | None]:
    command = [sys.executable, str(BENCHMARK), "--json", str(out / "benchmark.json")]
    command += [] if device == "auto" else ["--device", device]
    if tiny:
        return [*command, "--width", "2", "--batch", "16", "--members", "2", "--seconds", "0.1"], None
    ways = ["plain", "plain channels last", "plain tuned", "eager", "captured", "both"]
    return [
        *command,
        "--batch",
        "512",
        "64",
        "--workers",
        "2",
        "4",
        "--seconds",
        "0.7",
        "--ways",
        *ways,
    ], None


def _outside(part: str, results: Results, deadline: float, command: list[str], reason: str | None) -> None:
    """Run a part in a process of its own, within its share of what is left, and note how it ended."""
    if reason is not None:
        results.note(part, ended="not run", reason=reason)
        click.echo(f"{part}: not run: {reason}")
        return
    limit, began = SHARES[part] * (deadline - time.monotonic()), time.monotonic()
    click.echo(f"{part}: at most {limit:.0f} s")
    log = results.folder / f"{part}.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, cwd=ROOT)
        try:
            ended = f"with status {process.wait(timeout=limit)}"
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            ended = f"stopped after {limit:.0f} s"
    text = log.read_text(encoding="utf-8", errors="replace")
    results.note(part, ended=ended, seconds=time.monotonic() - began)
    click.echo(text.rstrip() + f"\n{part}: ended {ended}")


def _inputs(
    data: Path | None, official: bool, files: tuple[Path, ...], tiny: bool
) -> tuple[Dataset, dict[str, np.ndarray]]:
    """Return the data and the forget sets, before minutes are spent. Raises UserError for what cannot be used."""
    from ascentcheck.empirics.data import Cifar10Config, CifarShapedConfig, load

    if tiny:
        dataset = load(CifarShapedConfig(n_train=640, n_validation=64))
        return dataset, {"near": np.arange(40), "random": np.arange(100, 140)}
    dataset = load(Cifar10Config(path=str(data), official=official))
    return dataset, {path.stem: read_indices(path, len(dataset.train_y)) for path in files}


def _study(
    results: Results,
    deadline: float,
    dataset: Dataset,
    sets: dict[str, np.ndarray],
    official: bool,
    seed: int,
    compiled: bool | None,
    tiny: bool,
    device: str,
) -> None:
    import torch

    from ascentcheck.empirics.card.study import Run, choose, study
    from ascentcheck.empirics.device import find_device
    from ascentcheck.empirics.models import ResNet9

    where = find_device(device)  # type: ignore[arg-type]
    torch.backends.cudnn.benchmark = True
    torch.set_num_threads(1)
    began = time.monotonic()

    def say(text: str) -> None:
        click.echo(f"study {time.monotonic() - began:6.1f} s: {text}")
        sys.stdout.flush()

    points = choose(dataset, sets, 32 if tiny else 600, seed)
    model = ResNet9(2 if tiny else 64, dataset.shape, dataset.n_classes)
    results.note("data", name=dataset.name, digest=dataset.digest, official=official and not tiny)
    run = Run(dataset.to(where), sets, points, model, seed, results, deadline, say)
    if tiny:
        study(run, 2, compiled, batch_size=64, epochs=(2,))
    else:
        study(run, 20, compiled)
