"""What is wrong with a table of settings, in one line: where, what, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ascentcheck.theory.console import UserError

_adapter = lru_cache(TypeAdapter)
"""Making one takes milliseconds, and a study may have hundreds of tables of one kind."""


def validated(kind: Any, data: object, where: str) -> Any:
    """Return the settings `data` as `kind`, a `Config` or a union of them by their `kind`.

    Raises UserError that begins with `where`, names the key, and says what is allowed.
    """
    adapter = _adapter(kind)
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        problems = error.errors()
        first = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
        raise UserError(f"{where}: {_sentence(first, adapter.json_schema())}") from None


def unknown(what: str, given: str, allowed: Iterable[str]) -> str:
    """Return the sentence for a name that is not among those allowed."""
    names = list(allowed)
    near = difflib.get_close_matches(given, names, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"unknown {what} {given!r}{hint}; allowed are {', '.join(names)}"


def _sentence(problem: Any, schema: dict[str, Any]) -> str:
    location = list(problem["loc"])
    kinds = schema.get("discriminator", {}).get("mapping", {})
    if kinds and location:
        schema = schema["$defs"][kinds[location.pop(0)].rsplit("/", 1)[-1]]
    key = ".".join(str(part) for part in location)
    given, message = _shown(problem["input"]), problem["msg"].replace("tuple", "list")
    match problem["type"]:
        case "extra_forbidden":
            return unknown("key", key, schema["properties"])
        case "missing":
            return f"{key} is missing"
        case "union_tag_not_found":
            return f"kind is missing; allowed are {', '.join(kinds)}"
        case "union_tag_invalid":
            return unknown("kind", str(problem["ctx"]["tag"]), kinds)
        case "model_type" | "model_attributes_type":
            return f"must be a table of settings, not {given}"
        case "value_error":
            return str(problem["ctx"]["error"])
        case "too_short":
            return f"{key}: the list is empty"
    prefix = f"{key}: " if key else ""
    return f"{prefix}{message[:1].lower()}{message[1:]}, not {given}"


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."
