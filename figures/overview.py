"""What all studies whose results are kept say of the paper's sentences about networks, side by side.

Beside each results page lies a record, `NAME.json`: study, data, network, N, and for each sentence its verdict, and those
of older rules by each estimator, which `before.json` keeps. The overview is made of these. What is decided without a study
is left out: it would agree with itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ascentcheck.empirics.findings import klom_n
from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.empirics.study.session import Session
from ascentcheck.figures.markdown import table
from ascentcheck.theory.disk import read_bytes

MADE = "<!-- made by `python -m figures.pages` from the records beside it, those by `python -m figures results` -->"
GRIDS = (
    "Every configuration of a study's file counts. Its grids reach beyond the paper's (GDA: rates of 5e-5 to 5e-3), which "
    "are for other networks; a wider grid has more chances to hold a configuration that does neither, and a sentence "
    "about all of them is then easier to refute and harder to confirm. No verdict is corrected for the number of "
    "configurations that were looked at."
)
BESIDE = {
    "cifar10-card": "- [CIFAR-10 on a card](cifar10-card.md): what minutes gave, too little for these sentences",
    "records": "- [Records on cards](records.md): seconds and rates",
}
"""Pages of the folder that are of no study, and what the overview says of them."""
RULES = "27 November"
"""What a record calls the verdicts by the rules in force, which are of that day of 2026."""
OLDER = "docs/explanation/rules.md"
SHORT = {"confirmed": "yes", "refuted": "**no**", "not decided": "open"}


PICTURED = 1
"""The figure that stands in the README, and whose caption a record keeps."""


def record(
    session: Session,
    found: Sequence[Finding],
    before: Mapping[str, Mapping[str, str]],
    captions: Mapping[int, str] | None = None,
) -> str:
    """Return a study's record as JSON: the verdicts, and those of older rules where there are any; captions by figure."""
    content = {
        "study": session.study.name,
        "data": session.dataset.described,
        "network": session.study.model.kind,
        "n_models": session.study.n_models,
        "captions": {str(number): text for number, text in (captions or {}).items()},
        "findings": [
            {
                "sentence": one.sentence,
                "where": one.where,
                "verdicts": {
                    RULES: one.verdict,
                    **{f"before, {name}": v for name, v in before.get(one.sentence, {}).items()},
                },
            }
            for one in found
            if one.claim != klom_n.CLAIM
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read(folder: Path) -> list[dict[str, Any]]:
    """Return the records in `folder`, by name."""
    records = (
        path for path in folder.glob("*.json") if not path.name.startswith(".") and path.name != "before.json"
    )
    return [json.loads(read_bytes(path)) for path in sorted(records, key=_stem)]


def in_short(folder: Path, address: str) -> str:
    """Return what the records in `folder` say, in Markdown: a line for each study.

    `address` is where the folder is as seen from the page. Verdicts by the rules in force are counted, and beside them the
    sentences that only older rules have decided; of a record that is older than the rules, the first verdicts of all.
    """
    lines = []
    for study in read(folder):
        all_of_them = [one["verdicts"] for one in study["findings"]]
        verdicts = [v[RULES] for v in all_of_them if RULES in v]
        alone = f", by [rules older than those in force]({OLDER})"
        if verdicts:
            rest = len(all_of_them) - len(verdicts)
            alone = f", {rest} known by [rules older than those in force]({OLDER}) alone" if rest else ""
        else:
            verdicts = [next(iter(v.values())) for v in all_of_them]
        counts = ", ".join(f"{verdicts.count(word)} {word}" for word in SHORT)
        lines.append(
            f"- **Networks**, [{study['study']}]({address}/{study['study']}.md) ({study['data']}, {study['network']}, N = "
            f"{study['n_models']}, SIMULATED): of {len(all_of_them)} printed sentences {counts}{alone}."
        )
    return "\n".join(lines)


def in_a_figure(folder: Path, address: str) -> str:
    """Return one figure of the studies in `folder` with its caption, in Markdown; `address` is where the folder is."""
    parts: list[str] = []
    pictured = [s for s in read(folder) if (folder / f"{s['study']}-figure{PICTURED}.png").exists()]
    for study in sorted(pictured, key=lambda s: str(PICTURED) not in s.get("captions", {}))[:1]:
        name, page = f"{study['study']}-figure{PICTURED}.png", f"{address}/{study['study']}.md"
        said = f"Figure {PICTURED} of the study; its caption stands on [its page]({page})."
        caption = brief(study.get("captions", {}).get(str(PICTURED), said), page)
        parts += [f"![Figure {PICTURED} of the study {study['study']}]({address}/{name})", caption]
    return "\n\n".join(parts)


COUNT = re.compile(r"([\w-]+) (\d+) of (\d+) \((\d+) broken, (\d+) unclear\)")
AXES = re.compile(r"\. Axes are .* Thin lines are 95% intervals\.", re.DOTALL)


def brief(caption: str, page: str) -> str:
    """Return a caption of figure 1 with its axes left to `page`, and with methods without a snapshot near oracles as a sum."""
    counts = [(one[1], *map(int, one.groups()[1:])) for one in COUNT.finditer(caption)]
    none = [numbers for _, near, *numbers in counts if near == 0]
    if len(none) < 2:
        return caption
    some = [
        f"{name} {near} of {of} ({broken} broken, {unclear} unclear)"
        for name, near, of, broken, unclear in counts
        if near
    ]
    of, broken, unclear = map(sum, zip(*none, strict=True))
    some.append(
        f"{'the' if some else 'all'} {len(none)} {'other methods' if some else 'methods'} 0 of {of} "
        f"({broken} broken, {unclear} unclear)"
    )
    first, last = next(COUNT.finditer(caption)).start(), [one.end() for one in COUNT.finditer(caption)][-1]
    text = caption[:first] + "; ".join(some) + caption[last:]
    return AXES.sub(f"; its axes and lines are told on [its page]({page}).", text)


def overview(folder: Path) -> str:
    """Return the page, in Markdown, of the records in `folder`."""
    studies = read(folder)
    columns = [
        (study, name)
        for study in studies
        for name in sorted(
            dict.fromkeys(name for one in study["findings"] for name in one["verdicts"]), key=_older
        )
    ]
    beside = [name for name in BESIDE if (folder / f"{name}.md").exists()]
    rows = {one["sentence"]: one["where"] for study in studies for one in study["findings"]}
    found = {
        (study["study"], name, one["sentence"]): one["verdicts"][name]
        for study in studies
        for one in study["findings"]
        for name in one["verdicts"]
    }

    def shown(some: Sequence[tuple[dict[str, Any], str]]) -> str:
        lines = []
        for sentence, where in rows.items():
            verdicts = [found.get((study["study"], name, sentence)) for study, name in some]
            lines.append((f"{sentence} ({where})", *("" if v is None else SHORT[v] for v in verdicts)))
        return table(("the paper says", *(f"{s['study']}, {name}" for s, name in some)), lines)

    first = [(study, next(name for other, name in columns if other is study)) for study in studies]
    older = [column for column in columns if column not in first]
    counted = [
        f"{where}: {_alike([[found.get((study['study'], name, s)) for study, name in some] for s in rows])}"
        for where, some in (
            ("By the rules in force, in every study alike", first),
            ("In every column alike", columns),
        )
    ]
    return (
        "\n\n".join(
            (
                MADE,
                "# What networks do",
                "The paper's sentences about networks, decided by the same rules on each study that was run, and before that by "
                "[older rules](../explanation/rules.md): yes is confirmed, **no** is refuted, open is not decided. All of it "
                "is SIMULATED. Two are questions of this project beside the paper's: what drifting batch-norm statistics do "
                "alone. An empty place is of rules by which the study was not decided: what it was made from is gone, and the "
                "counts on its page do not tell. What appendix J says of the number of models needs no study and stands on "
                "[the page about KLoM](../explanation/klom.md).",
                GRIDS,
                "\n".join([*(_described(study) for study in studies), *(BESIDE[name] for name in beside)]),
                " ".join(counted)
                + " A verdict that is not the same everywhere hangs on data, network or rules.",
                shown(first),
                *(("## By older rules", shown(older)) if older else ()),
                "```{toctree}\n:hidden:\n\n"
                + "\n".join([*(study["study"] for study in studies), *beside])
                + "\n```",
            )
        )
        + "\n"
    )


def _alike(rows: Sequence[Sequence[str | None]]) -> str:
    """Return how many rows have one verdict throughout, and how many two that contradict each other, in words."""
    same = [row[0] for row in rows if len(set(row)) == 1]
    counts = ", ".join(f"{same.count(verdict)} {verdict}" for verdict in SHORT).replace("not decided", "open")
    turned = sum({"confirmed", "refuted"} <= set(row) for row in rows)
    return f"{counts}; {turned} of {len(rows)} confirmed in one and refuted in another."


def _stem(path: Path) -> str:
    return path.stem


def _older(rules: str) -> bool:
    return rules != RULES


def _described(study: dict[str, Any]) -> str:
    name = study["study"]
    return f"- [`{name}`]({name}.md): {study['data']}, {study['network']}, N = {study['n_models']}"
