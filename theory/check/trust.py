"""What proofs rest on, counted while the kernel checks them: rules, leaves, and the largest polynomial of a leaf."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from platform import python_version
from typing import Any
from unittest.mock import patch

from ascentcheck.theory.check import kernel
from ascentcheck.theory.check.frame import Frame, Ratio


class _Counted(Frame):
    """A frame that remembers the sizes of what it decides."""

    sizes: list[tuple[int, int]]

    def vanishes(self, ratio: Ratio) -> None:
        """Count a leaf and check it."""
        self.count(ratio)
        super().vanishes(ratio)

    def positive(self, ratio: Ratio, strict: bool) -> None:
        """Count a leaf and check it; its factors are a part of it."""
        self.count(ratio)
        before = len(self.sizes)
        super().positive(ratio, strict)
        del self.sizes[before:]

    def count(self, ratio: Ratio) -> None:
        """Remember terms and variables of the larger of top and divisor."""
        for part in sorted((ratio.top, ratio.bottom), key=len)[-1:]:
            self.sizes.append((len(part), sum(1 for degree in part.degrees() if degree > 0)))


@contextmanager
def counted() -> Iterator[tuple[Counter[str], list[tuple[int, int]]]]:
    """Within the block, count the rules that the kernel applies and the sizes of its leaves."""
    rules: Counter[str] = Counter()
    sizes: list[tuple[int, int]] = []

    def counting(name: str, rule: Any) -> Any:
        def apply(*arguments: Any) -> None:
            rules[name] += 1
            rule(*arguments)

        return apply

    frame = type("_Counted", (_Counted,), {"sizes": sizes})
    changed = {name: counting(name, rule) for name, rule in kernel.RULES.items()}
    with patch.object(kernel, "Frame", frame), patch.object(kernel, "RULES", changed):
        yield rules, sizes


def of_proofs(entries: dict[str, Any]) -> dict[str, Any]:
    """Return proofs, rules by use, leaves, and terms and variables of the largest leaf. Raises Refused."""
    with counted() as (rules, sizes):
        for entry in entries.values():
            kernel.verify(entry["problem"], entry["proof"])
    terms, variables = max(sizes, default=(0, 0))
    return {
        "proofs": len(entries),
        "rules": dict(sorted(rules.items())),
        "leaves": len(sizes),
        "terms": terms,
        "variables": variables,
    }


def versions() -> dict[str, str]:
    """Return the versions of what the kernel runs on."""
    return {"python": python_version(), "python-flint": version("python-flint")}
