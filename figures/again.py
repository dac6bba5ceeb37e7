"""Results pages whose tables are gone, by the rules in force since: what the counts that they print still tell.

Since 27 November 2026 a share is decided only if it is so whichever run is left out. A page of before prints how many snapshots
say yes and no, and the study's file how long its runs are. From these it often follows that the verdict stands, or that it
falls, however the answers are spread over the runs. Where it does not follow the verdict by the rules in force is unknown, and
is left out of the record beside the page.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from ascentcheck.empirics.findings.answer import (
    FORTY,
    STEADY,
    Answer,
    answer,
    decided,
    majority,
    nearly_all,
    singly,
    steady_majority,
)
from ascentcheck.empirics.findings.at_equal_cost import READ_AS, SENTENCES
from ascentcheck.empirics.findings.outcome import NEAR
from ascentcheck.empirics.study.jobs import distinct
from ascentcheck.empirics.study.settings import Study, load_study
from ascentcheck.figures.overview import RULES
from ascentcheck.theory import console
from ascentcheck.theory.disk import read_bytes, write_text

OLDER = "energy"
"""What the verdicts of 26 November 2026 are called."""
MARK = "> **27 November 2026.**"
TALLY = re.compile(r"of (\d+) snapshots (\d+) [^,]*, (\d+) [^,;(]*")
OF_SET = re.compile(r"^(?:- )?([\w-]+): (of \d+ snapshots .*)$", re.MULTILINE)
PRETRAINED = re.compile(
    r"^(?:- )?([\w-]+): retain \S+ \((\S+) to (\S+), n = \d+\), validation \S+ \((\S+) to (\S+), n",
    re.MULTILINE,
)
HEADING = re.compile(r"^### (Confirmed|Refuted|Not decided): (.*)$", re.MULTILINE)
VERDICTS: dict[str, Answer] = {"confirmed": True, "refuted": False, "not decided": None}

Runs = tuple[int, int]
"""How many runs, and how many stops the longest has."""
Possible = frozenset[Answer]


def possible(
    rule: Callable[[Sequence[Answer]], Answer], counts: tuple[int, int, int], runs: Runs
) -> Possible:
    """Return what a rule may say steadily of so many snapshots, and answers yes and no among them, spread over runs."""
    total, yes, no = counts
    number, longest = runs
    whole = rule([True] * yes + [False] * no + [None] * (total - yes - no))
    if whole is None:
        return frozenset({None})
    said = yes if whole else no
    away = math.ceil(number / FORTY)
    left = total - away * longest

    def still(so_many: int) -> bool:
        return 0 <= so_many <= left and rule([whole] * so_many + [not whole] * (left - so_many)) is whole

    if still(said - away * longest):  # those left out all said so
        return frozenset({whole})
    # at least this many said so in the runs that said it most
    kept = said - math.ceil(away * said / number)
    return frozenset({whole, None}) if left > 0 and still(min(kept, left)) else frozenset({None})


def low_and_alike(retain_low: float, retain_high: float, low: float, high: float) -> Possible:
    """Return whether two scores may be low and alike. The interval of their difference is no wider than theirs together."""
    if max(retain_low, low) > NEAR:
        return frozenset({False})
    if max(retain_high, high) > NEAR:
        return frozenset({False, None})
    alike = max(retain_high - low, high - retain_low) <= NEAR
    return frozenset({True}) if alike else frozenset({True, False, None})


def over_sets(answers: Sequence[Possible]) -> Possible:
    """Return what most sets may say steadily."""
    return frozenset(steady_majority(singly(some)) for some in itertools.product(*answers))


def runs_of(study: Study, size: int, methods: Sequence[str]) -> list[int]:
    """Return how many stops each run of methods has on a set of that size, with running statistics."""
    return [
        len(set(t.epochs))
        for t in distinct(study.trajectories, size)
        if t.method.kind in methods and t.method.batch_norm == "running"
    ]


class Page:
    """A results page, with its study: verdicts and what was measured by sentence."""

    def __init__(self, text: str, study: Study) -> None:
        self.study = study
        self.sizes = {c.name: c.size or 0 for c in study.forget_sets}
        starts = [*HEADING.finditer(text)]
        ends = [*(one.start() for one in starts[1:]), len(text)]
        self.verdicts = {one[2]: VERDICTS[one[1].lower()] for one in starts}
        self.measured = {
            one[2]: text[one.end() : end].partition("Measured: ")[2]
            for one, end in zip(starts, ends, strict=True)
        }
        own = next(s for s in self.verdicts if s.startswith("GA either"))
        self.worth = [name for name, _ in OF_SET.findall(self.measured[own])]
        low = next(s for s in self.verdicts if s.startswith("A pretrained model has low"))
        self.of_pretrained = PRETRAINED.findall(self.measured[low])
        self.all = [name for name, *_ in self.of_pretrained]

    def share(
        self,
        rule: Callable[[Sequence[Answer]], Answer],
        told: str,
        sets: Sequence[str],
        methods: Sequence[str],
    ) -> Possible:
        """Return what a share of the snapshots of methods on sets may be; `told` begins with their tally."""
        found = TALLY.match(told)
        if found is None:
            return frozenset({None})
        total, yes, no = map(int, found.groups())
        runs = [stops for name in sets for stops in runs_of(self.study, self.sizes[name], methods)]
        if sum(runs) != total:
            raise console.UserError(
                f"{self.study.name}: {total} snapshots of {', '.join(methods)}, not {sum(runs)}"
            )
        return possible(rule, (total, yes, no), (len(runs), max(runs)))

    def verdict(self, sentence: str) -> Possible:
        """Return what may be said of a sentence by the rules in force."""
        old, told = self.verdicts[sentence], self.measured[sentence]
        both = frozenset({old, None})
        if old is None or sentence.startswith("GA on ten random points"):
            return frozenset(
                {old}
            )  # what is new asks for more, and the choice on one random set is as it was
        if found := re.match("(GA|GDA) either", sentence):
            method = found[1].lower()
            return over_sets(
                [self.share(nearly_all, one, [name], [method]) for name, one in OF_SET.findall(told)]
            )
        if sentence.startswith("In general, the majority"):
            return self.share(majority, told, self.worth, ["ga", "gda"])
        if sentence.startswith("SCRUB's runs"):
            return self.share(
                nearly_all, told, self.worth, ["statistics-only" if "batch-norm" in sentence else "scrub"]
            )
        if sentence.startswith("What Fig. 6 shows"):
            scrub, control = told.split("statistics only: ")
            ways = itertools.product(*(
                self.share(nearly_all, part.partition("(")[2], self.worth, [name])
                for part, name in ((scrub, "scrub"), (control, "statistics-only"))
            ))  # fmt: skip
            return frozenset(answer(a is True and b is False, a is False) for a, b in ways)
        if sentence.startswith("With KLoM on the retain set"):
            return self.share(nearly_all, told, self.all, ["ga", "gda", "scrub"])
        if sentence.startswith("A pretrained model has low"):
            return over_sets([low_and_alike(*map(float, ends)) for _, *ends in self.of_pretrained])
        if sentence.endswith("whatever its rate and stopping time."):
            return self.share(majority, told, self.worth, ["descent-ascent"])
        if sentence.endswith("stopping time chosen in advance."):
            found = TALLY.match(told)
            total, yes, no = map(int, found.groups()) if found else (0, 0, 0)
            return possible(majority, (total, yes, no), (total, 1))
        if "alternatives to ascent" in sentence:
            # with other rivals: it may turn out better, and what was tried on few sets is refuted no more
            return frozenset({True, None}) if len(self.worth) < 5 else frozenset({True, False, None})
        return both


def renamed(sentence: str) -> str:
    """Return a sentence as it is written since."""
    return next(
        (
            s
            for s in SENTENCES.values()
            if sentence == s.replace(READ_AS, "valid alternatives to ascent.") or sentence == s
        ),
        sentence,
    )


def note(page: Page, found: Mapping[str, Possible]) -> str:
    """Return the note of a page: which verdicts stand, which change, and which are unknown."""
    old = page.verdicts
    stand = sum(one == {old[s]} for s, one in found.items())
    changed = [
        f"'{s}' was {decided(old[s])} and is {decided(next(iter(one)))}"
        for s, one in found.items()
        if len(one) == 1 and one != {old[s]}
    ]
    unknown = [f"'{s}' ({decided(old[s])} before)" for s, one in found.items() if len(one) > 1]
    parts = [
        f"{MARK} This page is of the rules of 26 November, and the table that it was made from is gone. By the "
        f"[rules since](../explanation/rules.md), as far as the counts on this page tell, {stand} verdicts stand as they are.",
        *(["Others change: " + "; ".join(changed) + "."] if changed else []),
        *(["Of these its counts do not tell: " + "; ".join(unknown) + "."] if unknown else []),
    ]
    return " ".join(parts)


def records(folder: Path, studies: Path) -> Iterator[tuple[Path, str]]:
    """Yield what the files of `folder` are to hold: records with both verdicts, pages with a note, and `before.json`."""
    before = json.loads(read_bytes(folder / "before.json"))
    kept = {
        study: {renamed(s): v for s, v in sentences.items()} for study, sentences in before["studies"].items()
    }
    for path in sorted(folder.glob("*.md")):
        source, target = studies / path.name.replace(".md", ".toml"), path.with_suffix(".json")
        text = read_bytes(path).decode()
        if not (source.exists() and target.exists()) or STEADY in text:
            continue
        page = Page(text, load_study(source))
        record = json.loads(read_bytes(target))
        own = kept.setdefault(page.study.name, {})
        of_networks = {one["sentence"] for one in record["findings"]}
        found = {s: page.verdict(s) for s in page.verdicts if s in of_networks or renamed(s) in of_networks}
        for one in record["findings"]:
            sentence = next(s for s in found if one["sentence"] in (s, renamed(s)))
            name = renamed(sentence)
            own[name] = {OLDER: decided(page.verdicts[sentence]), **own.get(name, {})}
            known = {RULES: decided(next(iter(found[sentence])))} if len(found[sentence]) == 1 else {}
            one["sentence"] = name
            one["verdicts"] = known | {f"before, {rules}": verdict for rules, verdict in own[name].items()}
        yield target, json.dumps(record, indent=1, ensure_ascii=False) + "\n"
        lines = [line for line in text.split("\n\n") if not line.startswith(MARK)]
        yield path, "\n\n".join([lines[0], note(page, found), *lines[1:]])
    rules = {
        OLDER: "26 November 2026: energy scores, shares of snapshots each by its own interval",
        "paper, robust": "before 26 November 2026: bounds of two null floors on the 95th percentile",
    }
    yield (
        folder / "before.json",
        json.dumps({"rules": rules, "studies": kept}, indent=1, ensure_ascii=False) + "\n",
    )


@click.command()
def again() -> int:
    """Write into docs/results what pages of earlier rules still tell by those in force."""
    if not Path("docs/results").is_dir():
        raise console.UserError("docs/results is not here; run this in the project's root")
    for path, text in records(Path("docs/results"), Path("studies")):
        write_text(path, text)
        click.echo(path)
    return 0


if __name__ == "__main__":
    console.run(again, "again")
