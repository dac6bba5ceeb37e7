"""What stopping in time leaves: when a direction passes the oracle, the best stop on the first line, how near the path comes."""

import sympy as sp

from ascentcheck.theory.claim import Equivalence, Increasing, Proposition, Step
from ascentcheck.theory.domain import MODEST, Range, domain, positive
from ascentcheck.theory.relations import eq, ge, le
from ascentcheck.theory.theorems.stated import stated

squared, along, length, time = sp.symbols("squared along length time", real=True)
low, high, curvature, ratio, slow, fast = sp.symbols("low high curvature ratio slow fast", real=True)
bent, turned, pull, product = sp.symbols("bent turned pull product", real=True)

QUADRATIC = domain(*positive(curvature, ratio, scale=MODEST), Range(time))
"""One eigendirection of the Hessian: its `curvature`, and `ratio` = β|R|/|F|."""
gone = (1 + ratio) * sp.exp(-curvature * time) - ratio
"""w − w^R there, in units of w^D − w^R."""
CURVATURES = domain(*positive(low), Range(high, low), Range(time))
LEFT = domain(
    *positive(low),
    Range(high, low),
    Range(fast, 0, 1, low_open=True, high_open=True),
    Range(slow, fast, 1, high_open=True),
)
"""The least and the largest curvature, `slow` = u = e^{−low·t} and `fast` = v = e^{−high·t}."""
_balanced = (slow + fast) / (2 - slow - fast)
"""ρ, by u and v, at the stop where the slowest and the fastest direction are equally far off."""
LINE = domain(*positive(length, squared), Range(along), Range(time))
"""‖δ‖² = length, ‖v‖² = squared, ⟨δ, v⟩ = along."""
BENT = domain(*positive(bent), Range(time))
"""‖∇²L‖ ≤ M = bent along the path, and a time."""
TURNED = domain(*positive(turned, scale=MODEST))
"""τ = M·⟨δ, v⟩/‖v‖²."""
FAST = domain(*positive(bent, ratio, curvature, product), Range(pull, curvature * product))
"""H ≥ μ = curvature: ⟨δ, Hδ⟩ = product, ‖Hδ‖² = pull, and v = (1 + ratio)·Hδ."""
off_line = sp.exp(bent * time) / bent - 1 / bent - time
"""How far the path can be off its first line, in units of ‖v‖."""
SPECTRUM = domain(
    *positive(low),
    Range(high, low),
    *positive(length, squared),
    Range(along, (squared + low * high * length) / (low + high)),
)
"""v = Hδ with the eigenvalues of H in [low, high]."""

PASSING_TIMES = stated(
    "passing-times",
    "next to the oracle a direction of curvature h passes it at the time ln(1 + |F|/(β|R|))/h",
    Proposition(eq(gone.subs(time, sp.log(1 + 1 / ratio) / curvature)), QUADRATIC, "it is 0 at that time"),
    remark="There the way from w^D (1) to the end (−ρ) is (1 + ρ)e^{−ht} − ρ, ρ = β|R|/|F|: the flow of a quadratic. So "
    "one stop is perfect where all directions curve alike; else each passes the oracle at a time of its own. With all "
    "curvatures in [low, high] the stop at which (1 + ρ)(e^{−low·t} + e^{−high·t}) = 2ρ leaves at most "
    "(χ − 1)/(χ + 1) of the distance, χ = high/low, whatever ρ is.",
    steps=(
        Step("It passes once.", Increasing(-gone, time), QUADRATIC),
        Step(
            "A direction that curves more is farther on.",
            Increasing(-gone, curvature),
            QUADRATIC.restrict(time, low_open=True),
        ),
        Step(
            "So where low has (u − v)/(2 − u − v) left and high as much beyond, u = e^{−low·t}, v = e^{−high·t}, "
            "no direction is off by more.",
            eq((1 + _balanced) * slow - _balanced, (slow - fast) / (2 - slow - fast)),
            LEFT,
        ),
        Step(
            "It is at most (high − low)/(high + low) where low·(1 − v) ≤ high·(1 − u),",
            Equivalence(
                ge((high - low) / (high + low) - (slow - fast) / (2 - slow - fast)),
                ge(high * (1 - slow) - low * (1 - fast)),
            ),
            LEFT,
        ),
        Step(
            "which holds at every time.",
            ge(high * (1 - sp.exp(-low * time)), low * (1 - sp.exp(-high * time))),
            CURVATURES,
        ),
    ),
)

BEST_STOP = stated(
    "best-stop",
    "the best stop on the line of the first step leaves ‖δ‖·sin∠(δ, v), at the time ⟨δ, v⟩/‖v‖²",
    Proposition(
        eq(
            length - 2 * time * along + time**2 * squared,
            length * (1 - along**2 / (length * squared)) + squared * (time - along / squared) ** 2,
        ),
        LINE,
        "‖δ − t·v‖² = ‖δ‖²(1 − ⟨δ, v⟩²/(‖δ‖²‖v‖²)) + ‖v‖²(t − ⟨δ, v⟩/‖v‖²)², a square away from its least value",
        reads="‖δ − t·v‖² = ‖δ‖²(1 − ⟨δ, v⟩²/(‖δ‖²‖v‖²)) + ‖v‖²(t − ⟨δ, v⟩/‖v‖²)²",
    ),
    remark="v = −∇L(w^D). How near the path itself comes is the next statement.",
)

PATH = stated(
    "path",
    "the best stop of the flow itself leaves at most ‖δ‖(sin∠ + ½τe^τ·cos∠), τ = M⟨δ, v⟩/‖v‖², ‖∇²L‖ ≤ M up to then",
    Proposition(
        le(sp.exp(turned) - 1 - turned, turned**2 * sp.exp(turned) / 2),
        TURNED,
        "it is off the line by at most ‖v‖(e^τ − 1 − τ)/M ≤ ½τe^τ·‖δ‖cos∠",
        reads="e^τ − 1 − τ ≤ τ²e^τ/2",
    ),
    Proposition(
        le(bent * product * (1 + ratio) / (pull * (1 + ratio) ** 2), bent / (curvature * (1 + ratio))),
        FAST,
        "without the shrinkage, v = (1 + ρ)Hδ, H ≥ μ: τ ≤ M/(μ(1 + ρ))",
    ),
    remark="For e^τ − 1 − τ ≤ τ²e^τ/2, and ‖v‖t = ‖δ‖cos∠ at t = ⟨δ, v⟩/‖v‖². ρ = β|R|/|F| is large where little is "
    "forgotten, and then the path is as good as its first line; up to that stop it comes no nearer than "
    "‖δ‖(sin∠ − ½τe^τ·cos∠). For features of length at most B and the logistic loss M ≤ (1 + β)B²/4 + λ.",
    steps=(
        Step(
            "‖w − w^D − tv‖ begins at 0 and grows no faster than M(‖w − w^D − tv‖ + t‖v‖); r = (e^{Mt} − 1 − Mt)/M "
            "begins at 0 with r' = M(r + t).",
            eq(sp.diff(off_line, time), bent * (off_line + time)),
            BENT,
        ),
    ),
)

ANGLE = stated(
    "angle",
    "for v = Hδ the best stop leaves at most (χ − 1)/(χ + 1) of the distance",
    Proposition(
        ge(along**2 * (low + high) ** 2, 4 * low * high * length * squared),
        SPECTRUM.restrict(squared, low=low * high * length, low_open=False),
    ),
    Proposition(
        ge(along**2 * (low + high) ** 2, 4 * low * high * length * squared),
        SPECTRUM.restrict(squared, high=low * high * length),
    ),
    remark="χ = high/low. So cos² ≥ 4χ/(1 + χ)², Kantorovich's inequality, and sin ≤ (χ − 1)/(χ + 1). Equality where δ "
    "has two parts, along the steepest and the flattest direction, of equal length in the metric of H.",
    steps=(
        Step(
            "1 − 4χ/(1 + χ)² = ((χ − 1)/(χ + 1))².",
            eq(1 - 4 * low * high / (low + high) ** 2, ((high - low) / (high + low)) ** 2),
            SPECTRUM,
            reads="1 − 4χ/(1 + χ)² = ((χ − 1)/(χ + 1))²",
        ),
    ),
)
