r"""The correlated pair in float64, a million points at a time.

Newton's method in (x, y), which is Newton's method for the gradient of eq. (1), from the closed forms of
lemmas 6 and 7 as start; a few steps suffice nearly everywhere. Where they do not (next to the fold of
descent-ascent, or where the strengths overflow), the scalar equation of pair_balls is solved instead: its
Newton iteration in log f is monotone, so it cannot miss, and a slope ≤ 0 shows that there is no root.
"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from ascentcheck.theory import lambert

Array = Float[np.ndarray, "*shape"]
CHUNK = 8192
STEPS = 12
SCALAR_STEPS = 200


def _rough_w0(z: Array) -> Array:
    """Return W0(z) for z ≥ 0 to about one per cent: a start for Newton's method."""
    log = np.log1p(z)
    return np.asarray(log * (1 - np.log1p(log) / (2 + log)))


def _newton(a: Array, c: Array, p: Array, q: Array, x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Return x, y and whether each point settled at a minimum, from the given start."""
    for step in range(STEPS):
        r, f = a * np.exp(-x), c * np.exp(-y)
        own_r, cross_r, own_f, cross_f = 1 + p * r, q * r, 1 + p * f, q * f
        gap_x, gap_y = x - p * r - cross_f, y - cross_r - p * f
        det = own_r * own_f - cross_r * cross_f
        move_x, move_y = (gap_x * own_f - gap_y * cross_f) / det, (gap_y * own_r - gap_x * cross_r) / det
        x, y = x - move_x, y - move_y
        if step >= 3:
            settled = np.abs(move_x) + np.abs(move_y) <= 1e-9 * (np.abs(x) + np.abs(y)) * np.minimum(1, det)
            if settled.all():
                break
    return x, y, settled & (det > 0)


def _scalar(log_a: Array, log_c: Array, p: Array, q: Array, sign: int) -> tuple[Array, Array]:
    """Return x and y from the scalar equation in v = log f; nan where the slope shows that there is no root."""
    log_pa = np.log(p) + log_a

    def retain(f: Array) -> Array:
        return np.asarray(lambert.lambert_w0_exp(log_pa - sign * q * f) / p)

    descending = np.log(lambert.lambert_w0_exp(np.log(p) + log_c) / p)
    v = descending if sign > 0 else log_c - q * retain(np.zeros_like(p))
    alive = np.isfinite(v)
    for _ in range(SCALAR_STEPS):
        f = np.exp(v)
        r = retain(f)
        slope = 1 + sign * f * (p + (p - q) * (p + q) * r) / (1 + p * r)
        alive &= slope > 0
        move = np.where(alive, (v + q * r + sign * p * f - log_c) / np.where(alive, slope, 1), 0.0)
        v = v - move
        if (np.abs(move) <= 4e-16 * np.abs(v)).all():
            break
    f = np.where(alive, np.exp(v), np.nan)
    r = retain(f)
    return p * r + sign * q * f, q * r + sign * p * f


def stationary(
    retain: Array, forget: Array, ridge: Array, group: Array, alpha: Array, epsilon: Array, da: bool = False
) -> tuple[Array, Array]:
    """Return x and y of the pretrained (or, with `da`, the descent-ascent) minimum, in float64.

    `retain`, `forget`, `group` are |R|, |F|, |R_ij| (counts), `ridge` is λ; shapes broadcast and the
    results have that shape. nan where descent-ascent has no stationary point. §5.1.2, App. H.
    """
    columns = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (retain, forget, ridge, group, alpha, epsilon))
    )
    shape = columns[0].shape
    flat = [column.ravel() for column in columns]
    size = math.prod(shape)
    x, y = np.empty(size), np.empty(size)
    for first in range(0, size, CHUNK):
        part = slice(first, first + CHUNK)
        x[part], y[part] = _chunk([column[part] for column in flat], -1 if da else 1)
    return x.reshape(shape), y.reshape(shape)


@np.errstate(all="ignore")
def _chunk(columns: list[Array], sign: int) -> tuple[Array, Array]:
    retain, forget, ridge, group, alpha, epsilon = columns
    sizes = (retain + forget, retain + forget) if sign > 0 else (retain, forget)
    a, c = group / sizes[0] / ridge, sign * (alpha * group) / sizes[1] / ridge
    p, q = 1 + epsilon * epsilon, 2 * epsilon
    if sign > 0:
        x, y = _rough_w0(p * a + q * c), _rough_w0(q * a + p * c)
    else:
        x = _rough_w0(p * a)
        y = q / p * x
    x, y, settled = _newton(a, c, p, q, x, y)
    rest = ~settled
    if rest.any():
        log_a = np.log(group[rest]) - np.log(sizes[0][rest]) - np.log(ridge[rest])
        log_c = np.log(alpha[rest]) + np.log(group[rest]) - np.log(sizes[1][rest]) - np.log(ridge[rest])
        x[rest], y[rest] = _polished(a[rest], c[rest], log_a, log_c, p[rest], q[rest], sign)
    return x, y


def _polished(
    a: Array, c: Array, log_a: Array, log_c: Array, p: Array, q: Array, sign: int
) -> tuple[Array, Array]:
    x, y = _scalar(log_a, log_c, p, q, sign)
    better_x, better_y, settled = _newton(a, c, p, q, x, y)
    kept = settled & (np.abs(better_x - x) <= 1e-6 * (np.abs(x) + np.abs(y)))
    return np.where(kept, better_x, x), np.where(kept, better_y, y)
