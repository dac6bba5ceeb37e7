"""The claims of 'Ascent Fails to Forget' decided, and its KLoM study run with a score that can be trusted.

What most people need stands here: `klom` and `compare` score models of one's own, `margins_from_logits` makes what they take,
`plot_klom` draws it, `diagnose` tells what descent-ascent will do to a linear head, and `evaluate` answers a claim at a point.
Names are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.2.0"

_ROOT = Path(__file__).resolve().parent.parent
if (_ROOT / "theory" / "claims").is_dir() and (_ROOT / "pyproject.toml").is_file():
    __path__ = [*__path__, str(_ROOT)]  # in a checkout the packages stand beside this folder

_FACE = {
    "Comparison": "ascentcheck.empirics.klom.comparison",
    "Diagnosis": "ascentcheck.empirics.dependence.diagnosis",
    "Score": "ascentcheck.empirics.klom.scoring",
    "compare": "ascentcheck.empirics.klom.comparison",
    "diagnose": "ascentcheck.empirics.dependence.diagnosis",
    "evaluate": "ascentcheck.facts",
    "klom": "ascentcheck.empirics.klom.scoring",
    "lambert_w0": "ascentcheck.theory.lambert",
    "lambert_wm1": "ascentcheck.theory.lambert",
    "margins_from_logits": "ascentcheck.empirics.arrays",
    "plot_klom": "ascentcheck.plotting",
}

__all__ = ["__version__", *_FACE]


def __getattr__(name: str) -> Any:
    """Import a name of the public face at its first use. Raises ModuleNotFoundError with the extra that brings what it needs."""
    if name not in _FACE:
        raise AttributeError(f"module 'ascentcheck' has no attribute {name!r}")
    from ascentcheck.theory.console import named_extra

    with named_extra("diagnose" if name in ("diagnose", "Diagnosis") else None):
        found = getattr(import_module(_FACE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, "__doc__", "__file__", "__path__"})
