"""The ways in which a study is disturbed, by their names."""

from tests.faults import harms, kills

KINDS = {
    "moments": (kills.moments, 60),
    "touches": (kills.touches, 100),
    "together": (kills.together, 60),
    "processes": (kills.processes, 10),
    "ray": (kills.ray, 6),
    "files": (harms.files, 200),
    "read-only": (harms.read_only, 60),
    "full": (harms.full, 60),
    "longest": (harms.longest, 60),
    "clocks": (harms.clocks, 60),
    "memory": (harms.memory, 100),
    "refused": (harms.refused, 100),
}
"""What disturbs a study, and how often by default."""
SAMPLE = ("touches", "files", "full", "memory", "refused")
"""What the tests try once outside of the nightly run."""
