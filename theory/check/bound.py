"""Is every formula of a claim held by something? What `evaluate` prints, what texts quote, ranges, and slopes."""

from __future__ import annotations

from collections.abc import Iterator

from ascentcheck.theory.check.misprinted import misprinted
from ascentcheck.theory.check.prints import PROVED_ELSEWHERE as PROVED_ELSEWHERE
from ascentcheck.theory.check.ranges import misaccepted, misplaced, unlike_data
from ascentcheck.theory.check.slopes import unlike_slopes
from ascentcheck.theory.check.texts import misread, not_plain, unmade
from ascentcheck.theory.check.unread import unread
from ascentcheck.theory.claim import Claim
from ascentcheck.theory.expression import Places


def unbound(claim: Claim, places: Places | None = None) -> Iterator[str]:
    """Yield what is printed or quoted in a claim and not held by anything; the cheap checks come first.

    `places` keep what is computed at points, for other claims.
    """
    yield from not_plain(claim)
    yield from misread(claim)
    yield from unread(claim)
    yield from unmade(claim)
    yield from unlike_data(claim)
    yield from misplaced(claim)
    yield from misaccepted(claim)
    yield from unlike_slopes(claim)
    yield from misprinted(claim, places)
