"""What a study says of a sentence of the paper: a quantitative rule, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["confirmed", "refuted", "not decided"]


@dataclass(frozen=True)
class Finding:
    """One sentence about networks, decided at the scale of one study.

    `claim` is an id such as `da-fails`, `sentence` what the paper says and `where` it says so. `rule` is the check,
    quantitative and the same for every study; `measured` holds the figures with their n and intervals, or says what is
    missing where the verdict is "not decided". The evidence is always SIMULATED.
    """

    claim: str
    sentence: str
    where: str
    rule: str
    verdict: Verdict
    measured: str
