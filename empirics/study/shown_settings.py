"""A method's settings as tables for people show them: few, under shorter names. What is exported has everything."""

from __future__ import annotations

from collections.abc import Mapping

from ascentcheck.empirics.study.settings import METHODS

SHORT = {
    "learning_rate": "rate",
    "ascent_epochs": "ascent",
    "forget_batch": "batch",
    "batch_norm": "norm",
    "rewind_epochs": "rewind",
    "noise": "noise",
    "clip": "clip",
    "retain_weight": "weight",
    "retain_share": "share",
}


def shown_settings(given: Mapping[str, object]) -> str:
    """Return what is shown of a method's settings: of a plug-in's own, all."""
    ours = {name for method in METHODS.kinds.values() for name in method.model_fields}
    shown = SHORT | {name: name for name in given if name not in ours}
    return " ".join(f"{short}={given[name]}" for name, short in shown.items() if name in given)
