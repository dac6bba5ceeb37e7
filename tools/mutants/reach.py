"""Which tests of a module run which of its code: a mutant meets those first that can see it, the quickest at the head.

What a fixture runs counts for every test that asks for the fixture. What is only read as the module is imported, and what is
remembered from another test, is run by none here; no test is left out for that, it only comes later.
"""

from __future__ import annotations

import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import pytest

Lines = tuple[int, int]
"""The first and the last line of a function."""


@dataclass(frozen=True)
class Reach:
    """The functions of a module that each test runs, by their lines, and the seconds that it takes."""

    functions: dict[str, set[Lines]]
    seconds: dict[str, float]

    def first(self, line: int) -> list[str]:
        """Return the tests that run a function with this line, the quickest first."""
        there = [
            test for test, ran in self.functions.items() if any(low <= line <= high for low, high in ran)
        ]
        return sorted(there, key=lambda test: self.seconds[test])


class Watch:
    """A plugin of pytest that keeps what each test runs of one file, under the file name that its code has."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.ran: defaultdict[object, set[Lines]] = defaultdict(set)
        self.now: list[object] = [None]
        self.asked: dict[str, list[object]] = {}
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def reach(self) -> Reach:
        """Return what was seen."""
        found = {test: self.ran[test].union(*map(self.ran.get, asked)) for test, asked in self.asked.items()}
        return Reach(found, dict(self.seconds))

    def _called(self, frame: FrameType, _event: str, _argument: object) -> None:
        code = frame.f_code
        if code.co_filename == self.file and self.now[-1] is not None:
            lines = [line for *_, line in code.co_lines() if line]
            self.ran[self.now[-1]].add((code.co_firstlineno, max(lines)))

    def _during(self, what: object) -> Iterator[None]:
        self.now.append(what)
        self.ran[what]  # one that runs nothing is there as well
        try:
            return (yield)
        finally:
            self.now.pop()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Count what is called until a test has ended as the test's."""
        fixtures = [one for every in item._fixtureinfo.name2fixturedefs.values() for one in every]
        self.asked[item.nodeid] = fixtures
        for one in fixtures:
            self.ran[one]
        sys.settrace(self._called)
        threading.settrace(self._called)
        try:
            return (yield from self._during(item.nodeid))
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Count what is called while a fixture is made as the fixture's."""
        return (yield from self._during(fixturedef))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep how long a test took, with what it set up."""
        self.seconds[report.nodeid] += report.duration


class First:
    """A plugin of pytest that has some tests run first, in their order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.rank = {test: number for number, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Sort what was collected; what is not named stays in its order, behind."""
        items.sort(key=lambda item: self.rank.get(item.nodeid, len(self.rank)))
