"""What cards have shown: a page of records of hardware and speed, and a page of the part of CIFAR-10 that was run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from ascentcheck.empirics.card.table import CONTROLS, Card, Row, Scored
from ascentcheck.figures.markdown import table
from ascentcheck.figures.records import records
from ascentcheck.figures.style import BLACK, BLUE, GREEN, ORANGE, RED, WIDTH, paper
from ascentcheck.theory.disk import write_text, written

MADE = "<!-- made by `python -m figures card` from the folders of docs/results/card: run it again, do not edit -->"
PUBLISHED = {  # 95th percentiles of doing nothing, N = 100, forget, retain, validation
    "forget_set_2": (9.287, 0.639, 0.651),
    "forget_set_5": (9.946, 0.650, 0.691),
    "forget_set_8": (9.682, 0.640, 0.682),
}
MADE_OF = {
    "forget_set_2": "100 points at random",
    "forget_set_5": "the 100 highest on the first principal component, 80 of them dogs and 18 deer",
    "forget_set_8": "the 100 highest on the second principal component, 92 of them trucks and 8 airplanes",
}
KINDS = {"ga": BLUE, "ga frozen": ORANGE, "gda": GREEN, "descent-ascent": RED}
SMALL = 0.1
FAR = 1000
"""An energy beyond which no digits are shown: such models are broken."""


def write(cards: Sequence[Card], out: Path) -> list[Path]:
    """Write both pages and the picture of each study into `out`; return their paths."""
    pages = {"records.md": records(cards), "cifar10-card.md": study(cards)}
    paths = []
    for name, text in pages.items():
        write_text(out / name, f"{MADE}\n\n{text}")
        paths.append(out / name)
    for card in cards:
        if card.rows:
            with paper():
                picture = out / f"{card.folder.name}-card.png"
                with written(picture) as file:
                    plane(card.rows).savefig(file, format="png")
            paths.append(picture)
    return paths


def study(cards: Sequence[Card]) -> str:
    """Return the page of what was run of CIFAR-10."""
    parts = [
        "# CIFAR-10 on a card, as far as minutes go",
        "The paper's network, images and published forget sets, within the minutes of one call of `make gpu`. "
        "Everything here is SIMULATED.",
    ]
    for card in cards:
        if card.rows:
            parts += list(_study(card))
    return "\n\n".join(parts) + "\n"


def _study(card: Card) -> Iterator[str]:
    run, ran, data = (card.record[part] for part in ("run", "study", "data"))
    recipe = ran["recipe"]
    pixels = "" if data["official"] else "; these pixels are not the official ones"
    yield f"## {card.name}, {run['date']}"
    yield (
        f"Data: {data['name']}, {ran['train_points']:,} training images{pixels}. ResNet-9 of width {ran['width']}, "
        f"{recipe['epochs']} epochs in batches of {recipe['batch_size']}, peak rate {recipe['learning_rate']}, "
        f"{recipe['precision']}; the paper has 24 epochs and N = 100. Seed {ran['seed']}, commit {run['commit']}, "
        f"{run['seconds']:.0f} s in all. "
        "Margins are kept at the forget points, 600 retained and 600 validation points, to three digits."
    )
    yield "\n".join(f"- `{name}`: {MADE_OF[name]}" for name in ran["sets"] if name in MADE_OF)
    yield "### Doing nothing and held-out oracles, beside what is published"
    yield (
        "Energy is the mean over the points of the energy distance to the oracles in units of their own spread: 0 on average "
        "for perfect models at any N, with a 95% interval over models. KLoM is the paper's 95th percentile, whose floor "
        "hangs on N: held-out oracles show it."
    )
    yield table(
        (
            "set",
            "models",
            "n",
            "energy: forget",
            "retain",
            "validation",
            "KLoM: forget",
            "retain",
            "validation",
        ),
        [_control(row) for row in card.rows if row.name in CONTROLS] + list(_published(ran["sets"])),
    )
    yield "### How near, and at what price"
    yield (
        "Of the snapshots of each method: nearer to the oracles on the forget points than doing nothing, by intervals that "
        f"do not meet; of these, with an energy on retained points surely below {SMALL:g}; and surely as near to the oracles "
        "as that on the forget points, too. The bound was chosen after the figures were seen, and nothing is corrected for "
        "the number of snapshots."
    )
    yield table(
        (
            "set",
            "method",
            "snapshots",
            "nearer",
            "nearer, retained kept",
            "there, retained kept",
            "retained not kept",
        ),
        list(_prices(card.rows)),
    )
    yield "### Every configuration, at its last epoch"
    yield f"![Energy on forget against retained points]({card.folder.name}-card.png)"
    yield (
        "Energy on forget against retained points, a point for each snapshot of each configuration, in the order of epochs "
        "along a line; axes are linear up to 0.05 and logarithmic beyond. Dashed: doing nothing. "
        "Perfect models are at (0, 0). What is beyond the frame is broken."
    )
    yield table(
        ("set", "configuration", "epochs", "n", "diverged", "energy: forget", "retain", "validation"),
        [
            (
                row.forget_set,
                row.name,
                str(row.epoch),
                str(row.n_models),
                str(row.diverged),
                *map(_energy, _splits(row)),
            )
            for row in _last(card.rows)
        ],
    )
    missed = sorted({name.split(", block")[0] for name in ran.get("missed", [])})
    yield "Not reached within the budget: " + (f"`{'`, `'.join(missed)}`." if missed else "nothing.")


def _prices(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    for name in dict.fromkeys(row.forget_set for row in rows):
        mine = [row for row in rows if row.forget_set == name]
        nothing = next(row for row in mine if row.name == CONTROLS[0]).forget.interval[0]
        for label in KINDS:
            some = [row for row in mine if _kind(row) == label]
            nearer = [row for row in some if row.forget.interval[1] < nothing]
            kept = [row for row in nearer if row.retain.interval[1] < SMALL]
            there = [row for row in kept if row.forget.interval[1] < SMALL]
            lost = [row for row in some if row.retain.interval[0] > SMALL]
            if some:
                yield (name, label, *(str(len(part)) for part in (some, nearer, kept, there, lost)))


def _kind(row: Row) -> str:
    words = row.name.split()
    return words[0] + (" frozen" if "batch_norm=frozen" in words else "")


def _splits(row: Row) -> tuple[Scored, Scored, Scored]:
    return row.forget, row.retain, row.validation


def _last(rows: Sequence[Row]) -> Iterator[Row]:
    last: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.epoch is not None:
            last[row.forget_set, row.name] = row
    yield from last.values()


def _energy(scored: Scored) -> str:
    low, high = scored.interval
    if scored.energy > FAR:
        return f"> {FAR}"
    form = "{:.3g} ({:.3g} to {:.3g})" if abs(scored.energy) >= 1 else "{:.3f} ({:.3f} to {:.3f})"
    return form.format(scored.energy, low, high)


def _control(row: Row) -> tuple[str, ...]:
    klom = (f"{scored.p95:.2f}" for scored in _splits(row))
    return (row.forget_set, row.name, str(row.n_models), *map(_energy, _splits(row)), *klom)


def _published(sets: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for name in sets:
        if name in PUBLISHED:
            yield (
                name,
                "do nothing, as published",
                "100",
                "",
                "",
                "",
                *(f"{value:.2f}" for value in PUBLISHED[name]),
            )


def plane(rows: Sequence[Row]) -> Figure:
    """Return the picture: a panel for each forget set, energy on retained against forget points."""
    sets = list(dict.fromkeys(row.forget_set for row in rows))
    figure = Figure(figsize=(WIDTH, 3.1))
    axes = figure.subplots(1, len(sets), squeeze=False)[0]
    for axis, name in zip(axes, sets, strict=True):
        mine = [row for row in rows if row.forget_set == name]
        nothing = next(row for row in mine if row.name == CONTROLS[0])
        for label, colour in KINDS.items():
            lines: dict[str, list[Row]] = {}
            for row in mine:
                if _kind(row) == label:
                    lines.setdefault(row.name, []).append(row)
            for number, line in enumerate(lines.values()):
                axis.plot(
                    [row.retain.energy for row in line],
                    [row.forget.energy for row in line],
                    color=colour,
                    marker="o",
                    markersize=2,
                    linewidth=0.6,
                    label=None if number else label,
                )
        axis.axhline(nothing.forget.energy, color=BLACK, linestyle="--", linewidth=0.6)
        for control, marker in zip(CONTROLS, "sD", strict=True):
            row = next(row for row in mine if row.name == control)
            axis.plot(row.retain.energy, row.forget.energy, marker, color=BLACK, markersize=4, label=control)
        axis.set_xscale("symlog", linthresh=0.05)
        axis.set_yscale("symlog", linthresh=0.05)
        axis.set_xlim(-0.03, 100)
        axis.set_ylim(-0.03, 300)
        for of in (axis.xaxis, axis.yaxis):
            of.set_ticks([0, 0.1, 1, 10, 100], ["0", "0.1", "1", "10", "100"])
            of.set_ticks([], minor=True)
        axis.set_xlabel("energy on retained points")
        axis.set_title(name)
    axes[0].set_ylabel("energy on forget points")
    handles = {
        label: handle
        for axis in axes
        for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=3)
    return figure
