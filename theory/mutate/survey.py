"""A sample of mutants and what it says: how many are objected to, with an interval, and which survive."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ascentcheck.theory.claims.tails import clopper_pearson
from ascentcheck.theory.mutate.harmless import reason
from ascentcheck.theory.mutate.places import Mutation, modules, mutations
from ascentcheck.theory.mutate.trial import CRASHED, KILLED, LATE, SURVIVED, VOID, Trial, reached


def drawn(names: Sequence[str], sample: int | None, seed: str) -> list[Mutation]:
    """Return all mutants of the modules of the named claims (of all, by default), or a sample of them drawn by `seed`."""
    wanted = reached(names) if names else set(modules())
    every = [m for module in sorted(wanted) for m in mutations(module)]
    if sample is None or sample >= len(every):
        return every
    return random.Random(seed).sample(every, sample)


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
        low, high = clopper_pearson(self.objected, len(self.made))
        return float(low.p) / float(low.q), float(high.p) / float(high.q)

    def left(self, explained: bool) -> list[Trial]:
        """Return the survivors with, or without, a reason why they change nothing."""
        found = [t for t in self.made if t.outcome in (SURVIVED, LATE)]
        return sorted(
            (t for t in found if (reason(t.mutation.name) is not None) == explained),
            key=lambda t: t.mutation.name,
        )

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
        for module in sorted({t.mutation.module for t in made}):
            of = [t for t in made if t.mutation.module == module]
            dead = sum(t.outcome in (KILLED, CRASHED) for t in of)
            lines.append(f"  {module:<16} {dead:>5} of {len(of)}")
        for title, explained in (("explained", True), ("unexplained", False)):
            chosen = self.left(explained)
            if chosen:
                lines += ["", f"{title}:"]
            for trial in chosen:
                why = reason(trial.mutation.name) or trial.said or "no objection"
                lines.append(f"  {trial.mutation.name} (line {trial.mutation.line}): {why}")
        return lines
