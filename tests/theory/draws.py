"""Points of a domain, drawn by hypothesis.

Fractions of the way along each range are integers on a fine grid, so that the ends are hit exactly and
a false window of relative width 1e-4 is found; floats drawn by decade miss it.
"""

from functools import cache

from flint import fmpq
from hypothesis import strategies as st

GRID = 1 << 20
ENDS = (fmpq(0), fmpq(1), fmpq(1, GRID), fmpq(GRID - 1, GRID))
# one time in three an end or the grid point next to it; one number for both, since each number drawn is what costs
FRACTIONS = st.integers(-GRID // 2, GRID).map(lambda k: fmpq(k, GRID) if k >= 0 else ENDS[k % 4])


@cache  # a strategy that is made anew for each example costs more than what is tried
def points(domain):
    """Draw exact points of a domain; ends that the domain leaves out are redrawn within."""

    def place(chosen):
        point = domain.place(chosen)
        if point is None:
            inward = tuple(min(max(f, fmpq(1, GRID)), fmpq(GRID - 1, GRID)) for f in chosen)
            point = domain.place(inward)
        if point is None:
            raise ValueError(f"the domain {domain.latex()} has no point at {chosen}")
        return point

    return st.tuples(*[FRACTIONS for _ in domain.ranges]).map(place)
