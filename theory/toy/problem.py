r"""The toy of §5.2 in every reading of the text, in ball arithmetic.

A point x is classified by h = σ(z), z = ax + bx², with values in (0, 1), or 2σ(z) − 1 with values in (−1, 1). The text of σ,
'1/(1 + e−(1+z)/2)', does not show where the exponent ends: σ(z) = 1/(1 + e^{−(1+z)/2}) or 1/(1 + e^{−(1+z)}/2). Either is
1/(1 + e^{−u}), with u = (1+z)/2 or u = 1 + z + ln 2. There are four places x = −1, 1, 3, 4 with 5, 4, 1 and 4 points,
labelled −, +, −, +. The loss is

    L(a, b) = 1/N · Σ_i α_i·c·(h_i − y_i)² + λ/2·(a² + b²),

c = 1 or ½, y = ±1 or 0/1, N = 4 or Σα_i. Forgetting k of the points at x = 4 leaves α₄ = 4 − k for retraining, and
4 − 2k for descent-ascent as the paper counts it. By eq. (1) each side has its own mean instead:
L_DA = mean over R − mean over F.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flint import arb, fmpq

PLACES = (-1, 1, 3, 4)
COUNTS = (5, 4, 1, 4)
SIGNS = (-1, 1, -1, 1)
MOST_FORGOTTEN = COUNTS[3]
WIDE = 0.5

Output = Literal["unit", "symmetric"]
Exponent = Literal["halved", "whole"]
Labels = Literal["signed", "binary"]
Normaliser = Literal["points", "weights"]
Name = Literal["pretrained", "retrained", "da", "da-means"]
PROBLEMS: tuple[Name, ...] = ("pretrained", "retrained", "da")
"""The three that the text compares; `da-means` is descent-ascent by eq. (1)."""


@dataclass(frozen=True)
class Reading:
    """What the text leaves open: the output's range, the labels, N, a half in the squared error, where σ's exponent ends.

    `points` divides by the 4 places, `weights` by the sum of the weights in force. The literal reading is the default.
    """

    output: Output = "unit"
    labels: Labels = "signed"
    normaliser: Normaliser = "points"
    half: bool = False
    exponent: Exponent = "halved"


@dataclass(frozen=True)
class Toy:
    """One problem: a coefficient for each place (α_i·c/N), the targets y, range and exponent of the output, the ridge λ."""

    coefficients: tuple[fmpq, fmpq, fmpq, fmpq]
    targets: tuple[int, int, int, int]
    symmetric: bool
    ridge: fmpq
    whole: bool = False

    def loss(self, a: arb, b: arb) -> arb:
        """Return L on a box."""
        total = self.ridge * (a**2 + b**2) / 2
        for coefficient, y, x in zip(self.coefficients, self.targets, PLACES, strict=True):
            miss = self._output(_unit(self.argument(a, b, x))) - y
            total += coefficient * miss * miss  # `miss**2` is nan for a ball around 0
        return total

    def gradient(self, a: arb, b: arb) -> tuple[arb, arb]:
        """Return (∂L/∂a, ∂L/∂b) on a box."""
        slopes = self.slopes(a, b)
        return self.along((1, 0), a, b, slopes), self.along((0, 1), a, b, slopes)

    def along(self, direction: tuple[int, int], a: arb, b: arb, slopes: list[arb]) -> arb:
        """Return the derivative of L along a direction on a box, from its `slopes`.

        The term of a place x drops out along (−x, 1), in which its z does not change.
        """
        total = self.ridge * (direction[0] * a + direction[1] * b)
        for slope, x in zip(slopes, PLACES, strict=True):
            rate = direction[0] * x + direction[1] * x * x
            if rate:
                total += slope * rate
        return total

    def hessian(self, a: arb, b: arb) -> tuple[arb, arb, arb]:
        """Return (∂²L/∂a², ∂²L/∂a∂b, ∂²L/∂b²) on a box."""
        aa, ab, bb = arb(self.ridge), arb(0), arb(self.ridge)
        factor = 2 * self._pace() if self.symmetric else self._pace()
        for coefficient, y, x in zip(self.coefficients, self.targets, PLACES, strict=True):
            s = _unit(self.argument(a, b, x))
            rise = _rise(s) * factor
            bend = rise * (1 - 2 * s) * self._pace()
            curvature = 2 * coefficient * (rise * rise + (self._output(s) - y) * bend)
            aa += curvature * (x * x)
            ab += curvature * x**3
            bb += curvature * x**4
        return aa, ab, bb

    def reach(self) -> arb:
        """Return a bound of √(a² + b²) at every stationary point.

        There λ(a² + b²) = −Σ slope_i·z_i. With u = (1 + z)/2, |z|·σ' ≤ (2|u| + 1)·e^{−|u|}/2 ≤ e^{−1/2}; with u = 1 + z + ln 2,
        |z|·σ' ≤ (|u| + 1 + ln 2)·e^{−|u|} ≤ 1 + ln 2. So |slope_i·z_i| ≤ 2·coefficient_i·|h − y| times that bound, and twice as
        much for the symmetric output.
        """
        far = 2 if self.symmetric or -1 in self.targets else 1
        pull = 2 * far * (2 if self.symmetric else 1) * sum((abs(c) for c in self.coefficients), fmpq(0))
        most = 1 + arb.const_log2() if self.whole else (-arb(1) / 2).exp()
        return (arb(pull) * most / arb(self.ridge)).sqrt()

    def argument(self, a: arb, b: arb, x: int) -> arb:
        """Return u at a place x, whose sign is the side of the decision boundary."""
        z = a * x + b * x * x
        return 1 + z + arb.const_log2() if self.whole else (1 + z) / 2

    def _pace(self) -> fmpq:
        """Return du/dz."""
        return fmpq(1) if self.whole else fmpq(1, 2)

    def _output(self, s: arb) -> arb:
        return 2 * s - 1 if self.symmetric else s

    def slopes(self, a: arb, b: arb) -> list[arb]:
        """Return the derivative of each place's term with respect to its z."""
        factor = 2 * self._pace() if self.symmetric else self._pace()
        slopes = []
        for coefficient, y, x in zip(self.coefficients, self.targets, PLACES, strict=True):
            s = _unit(self.argument(a, b, x))
            slopes.append(2 * coefficient * factor * (self._output(s) - y) * _rise(s))
        return slopes


def _unit(u: arb) -> arb:
    """Return 1/(1 + e^{−u}); on a wide ball from its ends, as it increases: e^u is too wide a ball there."""
    if u.rad() > WIDE:
        return _unit(arb(u.lower())).union(_unit(arb(u.upper())))
    return 1 / (1 + (-u).exp())


def _rise(s: arb) -> arb:
    """Return ds/du = s(1 − s), in the form in which s occurs once."""
    off = s - fmpq(1, 2)
    return fmpq(1, 4) - off * off


def weights(name: Name, forgotten: int) -> tuple[int, int, int, int]:
    """Return the weights in force at the four places, as the paper counts. Raises ValueError for `da-means`."""
    if name == "da-means":
        raise ValueError("da-means has a mean for each side, not weights")
    taken = {"pretrained": 0, "retrained": forgotten, "da": 2 * forgotten}[name]
    return (*COUNTS[:3], COUNTS[3] - taken)


def toy(name: Name, reading: Reading, ridge: fmpq, forgotten: int) -> Toy:
    """Return one of the problems. Raises ValueError for a ridge ≤ 0 or `forgotten` not in 0…4."""
    if not ridge > 0:
        raise ValueError("ridge must be positive")
    if not 0 <= forgotten <= MOST_FORGOTTEN:
        raise ValueError(f"forgotten must be 0 to {MOST_FORGOTTEN}, not {forgotten}")
    share = fmpq(1, 2) if reading.half else fmpq(1)
    if name == "da-means":
        kept = sum(COUNTS) - forgotten
        ratios = [fmpq(n, kept) for n in weights("retrained", forgotten)]
        if forgotten:
            ratios[3] -= 1
    else:
        inforce = weights(name, forgotten)
        divisor = len(PLACES) if reading.normaliser == "points" else sum(inforce)
        ratios = [fmpq(n, divisor) for n in inforce]
    low = -1 if reading.labels == "signed" else 0
    return Toy(
        (ratios[0] * share, ratios[1] * share, ratios[2] * share, ratios[3] * share),
        (low, 1, low, 1),
        reading.output == "symmetric",
        ridge,
        reading.exponent == "whole",
    )
