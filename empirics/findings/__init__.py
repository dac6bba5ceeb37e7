"""What a study says of the paper's sentences about networks, one module for each claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import get_args

from ascentcheck.empirics.findings import da_fails, doing_nothing, klom_n
from ascentcheck.empirics.findings.finding import Finding, Verdict
from ascentcheck.empirics.findings.outcome import outcomes
from ascentcheck.empirics.store import Store
from ascentcheck.empirics.study import Study
from ascentcheck.empirics.study.table import Row


def findings(
    study: Study,
    rows: Sequence[Row],
    unstable: Collection[str] = frozenset(),
    store: Store | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of a study, from the rows of its table and the names of its sets by component that are unstable.

    With rows, those that need no study are kept in the store.
    """
    return (
        *da_fails.findings(study, rows, unstable),
        *doing_nothing.findings(outcomes(rows)),
        *klom_n.findings(store if rows else None),
    )


def as_lines(found: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings as lines for a terminal, and how many there are of each verdict."""
    for one in found:
        yield f"{one.claim}  {one.verdict.upper()}  {one.sentence} ({one.where})"
        yield f"  rule      {one.rule}"
        yield f"  measured  {one.measured}"
        yield ""
    counts = Counter(one.verdict for one in found)
    yield ", ".join(f"{counts[verdict]} {verdict}" for verdict in get_args(Verdict))
