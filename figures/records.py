"""The page of records: what cards have reached, in seconds and in shares of what they can."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ascentcheck.empirics.card.table import Card
from ascentcheck.figures.markdown import table
from ascentcheck.theory.disk import read_bytes

EPOCHS = 24
PEERS = ("plain", "plain channels last", "plain tuned")


def records(cards: Sequence[Card]) -> str:
    """Return the page of hardware and speed."""
    parts = [
        "# Records on cards",
        "What `make gpu` measured, a folder of `docs/results/card` for each machine and day. A rate is that of the FLOPs of "
        "convolutions and products, forward and backward, in the whole step; its share is of one large bfloat16 matrix "
        "product in the same run. One run each, the best of three rounds: no interval.",
        table(
            (
                "card",
                "date",
                "commit",
                "100 models of 24 epochs, s",
                "of a 24-epoch model, s",
                "models, epochs",
                "share",
            ),
            [_headline(card) for card in cards if "study" in card.record],
        ),
        "The seconds are those of training all models of the study, with their margins, reckoned up to 24 epochs of "
        "50,000 images; all of them in one process, ten at once.",
    ]
    for card in cards:
        found = card.folder / "benchmark.json"
        if not found.exists():
            continue
        benchmark = json.loads(read_bytes(found))
        (rates,) = benchmark["rates"].values()
        ran = card.record.get("run_of_tests_and_benchmark", card.record["run"])
        said = card.record["tests"].get("said", card.record["tests"]["ended"])
        parts += [
            f"## {card.name}",
            f"{benchmark['device']}, PyTorch {benchmark['torch']}, commit {ran['commit']}. Tests that need a card: {said}. "
            f"A large matrix product reaches {rates['product'] / 1e12:.0f} TFLOP/s, a large convolution "
            f"{rates['convolution'] / 1e12:.0f}, a copy {rates['copy'] / 1e12:.2f} TB/s; a launch takes "
            f"{rates['launch'] * 1e6:.1f} µs.",
            table(
                (
                    "batch",
                    "way",
                    "at once",
                    "ms a step",
                    "TFLOP/s",
                    "share",
                    "models an hour",
                    "of the best peer",
                ),
                list(_ways(benchmark["times"], rates["product"])),
            ),
            *([card.record["benchmark"]["left_out"]] if "left_out" in card.record["benchmark"] else []),
        ]
    return "\n\n".join(parts) + "\n"


def _headline(card: Card) -> tuple[str, ...]:
    run, ran = card.record["run"], card.record["study"]
    trained = {
        name: n
        for name, n in ran["models"].items()
        if name.split()[0] in ("pretrained", "oracle", "held-out")
    }
    epochs = ran["recipe"]["epochs"]
    each = sum(ran["seconds"][name] for name in trained) / sum(trained.values()) * EPOCHS / epochs
    share = _share(card)
    return (
        card.name,
        run["date"],
        run["commit"],
        f"{100 * each:.0f}",
        f"{each:.1f}",
        f"{sum(trained.values())}, {epochs}",
        "" if share is None else f"{share:.0%}",
    )


def _share(card: Card) -> float | None:
    found = card.folder / "benchmark.json"
    if not found.exists():
        return None
    benchmark = json.loads(read_bytes(found))
    (rates,) = benchmark["rates"].values()
    return max(one["tflops"] for one in benchmark["times"] if one["workers"] == 1) * 1e12 / rates["product"]


def _ways(times: Sequence[dict[str, Any]], product: float) -> Iterator[tuple[str, ...]]:
    for one in times:
        peers = [
            t["models_per_hour"]
            for t in times
            if t["way"] in PEERS and (t["batch"], t["precision"]) == (one["batch"], one["precision"])
        ]
        at_once = (
            f"{one['members']}"
            if one["workers"] == 1
            else f"{one['members']} in each of {one['workers']} workers"
        )
        yield (
            str(one["batch"]),
            one["way"],
            at_once,
            f"{one['milliseconds']:.2f}",
            f"{one['tflops']:.0f}",
            f"{one['tflops'] * 1e12 / product:.0%}",
            f"{one['models_per_hour']:.0f}",
            f"{one['models_per_hour'] / max(peers):.2f}" if peers else "",
        )
