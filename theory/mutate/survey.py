"""A sample of mutants and what it says: how many are objected to, with an interval, and which survive."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ascentcheck.theory.intervals import clopper_pearson
from ascentcheck.theory.mutate.harmless import HARMLESS, matches, reason
from ascentcheck.theory.mutate.places import Mutation, mutations
from ascentcheck.theory.mutate.sources import PACKAGES, modules, packages
from ascentcheck.theory.mutate.trial import CRASHED, KILLED, LATE, SURVIVED, VOID, Trial, reached


def drawn(names: Sequence[str], sample: int | None, seed: str) -> list[Mutation]:
    """Return all mutants of the modules of the named claims (of all, by default), or a sample of them drawn by `seed`."""
    wanted = reached(names) if names else set(modules())
    every = [m for module in sorted(wanted) for m in mutations(module)]
    return draw(every, sample, seed)


def draw(every: Sequence[Mutation], sample: int | None, seed: str) -> list[Mutation]:
    """Return a sample of mutants, the same for the same seed; all of them where `sample` is None or too large."""
    if sample is None or sample >= len(every):
        return list(every)
    return random.Random(seed).sample(every, sample)


KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("a proof: what is stored is not of this", ("proof is", "proved", "certificate", "kernel")),
    (
        "what is stored of a point: the point, both sides, relation, ranges",
        ("is stored", "stored at another"),
    ),
    (
        "values at exact points",
        ("evaluate", "missed at", "refute", "ball arithmetic", "coordinate", "slope", "no plain"),
    ),
    (
        "texts, and formulas that nothing holds",
        ("reads", "stands", "no text", "no letter", "occurs nowhere", "shows"),
    ),
    ("float forms and solvers", ("ulps", "solver")),
)
"""What an objection comes from, by words of it; the rest comes from other checks of form."""
OTHER = "other checks"


def kind(said: str) -> str:
    """Return what an objection comes from."""
    return next((name for name, words in KINDS if any(word in said for word in words)), OTHER)


@dataclass(frozen=True)
class Survey:
    """Trials of mutants; those that could not be made are no mutants and are left out of every share."""

    trials: tuple[Trial, ...]

    @property
    def made(self) -> list[Trial]:
        """Those that could be made."""
        return [t for t in self.trials if t.outcome != VOID]

    @property
    def objected(self) -> int:
        """To how many `verify` objects, by a problem or by an error."""
        return sum(t.outcome in (KILLED, CRASHED) for t in self.made)

    @property
    def interval(self) -> tuple[float, float]:
        """The Clopper–Pearson interval (99%) of the share that is objected to, mutants drawn independently."""
        return _interval(self.objected, len(self.made))

    def left(self, explained: bool) -> list[Trial]:
        """Return the survivors with, or without, a reason why they change nothing."""
        found = [t for t in self.made if t.outcome in (SURVIVED, LATE)]
        return sorted(
            (t for t in found if (reason(t.mutation.name) is not None) == explained),
            key=lambda t: t.mutation.name,
        )

    def stale(self) -> list[str]:
        """Return the patterns of HARMLESS of which every mutant was tried and none survived."""
        tried = {t.mutation.name for t in self.trials}
        survived = {t.mutation.name for t in self.made if t.outcome in (SURVIVED, LATE)}
        every = [m.name for module in {t.mutation.module for t in self.trials} for m in mutations(module)]
        found = []
        for pattern, _ in HARMLESS:
            of_it = {name for name in every if matches(name, pattern)}
            if of_it and of_it <= tried and not of_it & survived:
                found.append(pattern)
        return found

    def lines(self) -> list[str]:
        """Return the survey as text: shares, by module, and the survivors with their reasons."""
        made, low_high = self.made, self.interval
        kinds = Counter(t.outcome for t in self.trials)
        lines = [
            f"mutants     {len(made)} made ({kinds[VOID]} more could not be), one place each",
            f"objected to {self.objected} ({self.objected / max(1, len(made)):.1%}; 99% interval "
            f"{low_high[0]:.1%} to {low_high[1]:.1%}), {kinds[CRASHED]} of them by an error",
            f"survivors   {len(self.left(True))} explained, {len(self.left(False))} unexplained"
            + (f", {kinds[LATE]} of these without an answer in time" if kinds[LATE] else ""),
        ]
        by_kind = Counter(kind(t.said) for t in self.made if t.outcome == KILLED)
        lines += [f"objections  {count:>5} from {name}" for name, count in by_kind.most_common()]
        seconds = sum(t.seconds for t in self.trials) / max(1, len(self.trials))
        lines += [f"time        {seconds:.2f} s of a processor for a mutant"]
        lines += [f"stale       '{pattern}' explains no survivor" for pattern in self.stale()]
        for package in PACKAGES:
            of = [t for t in made if packages()[t.mutation.module] == package]
            lines += [_share(package, of, "")] if of else []
            for module in sorted({t.mutation.module for t in of}):
                lines.append(_share(module, [t for t in of if t.mutation.module == module], "  "))
        for title, explained in (("explained", True), ("unexplained", False)):
            chosen = self.left(explained)
            if chosen:
                lines += ["", f"{title}:"]
            for trial in chosen:
                why = reason(trial.mutation.name) or trial.said or "no objection"
                lines.append(f"  {trial.mutation.name} (line {trial.mutation.line}): {why}")
        return lines


def _share(name: str, of: Sequence[Trial], indent: str) -> str:
    dead = sum(t.outcome in (KILLED, CRASHED) for t in of)
    low, high = _interval(dead, len(of))
    return f"{indent}{name:<{24 - len(indent)}} {dead:>5} of {len(of):<5} {low:.1%} to {high:.1%}"


def _interval(hits: int, trials: int) -> tuple[float, float]:
    low, high = clopper_pearson(hits, trials)
    return float(low.p) / float(low.q), float(high.p) / float(high.q)
