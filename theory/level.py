"""How a verdict is known, by its level of evidence: in a file of its own, as advice names levels and needs no formulas."""

from __future__ import annotations

import enum


class Level(enum.IntEnum):
    """How a verdict is known, strongest first. Levels are never merged."""

    PROVED = 0
    EXACT = 1
    CERTIFIED = 2
    SAMPLED = 3
    SIMULATED = 4
    CITED = 5
