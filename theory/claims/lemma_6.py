r"""The retrained solution on the correlated pair, in closed form (§5.1.2, App. H and H.1).

Retraining sees only the samples (1, ε) of the pair, so w is a multiple r·(1, ε) of them, x = (1 + ε²)r and
y = 2εr. What is left is x = (1 + ε²)a·e^{−x} with a = |R_ij|/(λ|R|), the equation that W solves.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Necessity, Proposition, Quoted, Step, Witness
from ascentcheck.theory.claims import pair
from ascentcheck.theory.claims.pair import DOMAIN, cross, own, strength_retrained, x_retrained, y_retrained
from ascentcheck.theory.claims.pair_losses import WEIGHTS, gradient, loss_retrained, on_retain, w_i, w_j
from ascentcheck.theory.domain import MODEST, Range
from ascentcheck.theory.kit import as_printed, point, survivors, told
from ascentcheck.theory.relations import eq, equivalent, ge, increasing
from ascentcheck.theory.vocabulary import epsilon, n_group, n_retain, ridge

x = sp.Symbol("x", real=True)

_SOLUTION = Range(x, low_open=True, scale=MODEST)


def equation_x(at: sp.Expr) -> sp.Rel:
    """Return the first stationarity equation of App. H for the retrained model at x."""
    return eq(at, strength_retrained * own * sp.exp(-at))


def equation_y(at_x: sp.Expr, at_y: sp.Expr) -> sp.Rel:
    """Return the second stationarity equation of App. H for the retrained model at x, y."""
    return eq(at_y, strength_retrained * cross * sp.exp(-at_x))


_FIRST = Proposition(equation_x(x_retrained), DOMAIN)
_SECOND = Proposition(equation_y(x_retrained, y_retrained), DOMAIN)
FORM = as_printed(
    "closed-form",
    "§5.1.2, App. H.1",
    "x^R = W((1+ε²)|R_ij|/(λ|R|)), y^R = 2ε/(1+ε²)·W((1+ε²)|R_ij|/(λ|R|))",
    printed=(_FIRST, _SECOND),
    verified=(told(_FIRST, "the first equation"), told(_SECOND, "the second equation")),
    remark="The argument of W is positive, so W0 is the only real branch, and the solution is the only one: the "
    "loss is strictly convex. It holds for ε of either sign, and for ε > 1 as for 1/ε.",
    steps=(
        Step(
            "The gradient of eq. (1) in w_i is λ(w_i − |R_ij|/(λ|R|)·e^{−x}).",
            gradient(loss_retrained, w_i, strength_retrained * on_retain),
            DOMAIN.extend(*WEIGHTS),
            origin="App. H",
        ),
        Step(
            "The gradient in w_j is λ(w_j − |R_ij|/(λ|R|)·ε·e^{−x}).",
            gradient(loss_retrained, w_j, epsilon * strength_retrained * on_retain),
            DOMAIN.extend(*WEIGHTS),
            origin="App. H",
        ),
        Step(
            "w = r·(1, ε) has x = (1 + ε²)r.",
            eq(x + epsilon * (epsilon * x), own * x),
            DOMAIN.extend(_SOLUTION),
            origin="App. H",
        ),
        Step(
            "Multiply the first equation by e^x > 0.",
            equivalent(equation_x(x), eq(x * sp.exp(x) - strength_retrained * own)),
            DOMAIN.extend(_SOLUTION),
            origin="App. H.1",
        ),
        Step(
            "x − (1 + ε²)a·e^{−x} increases, so there is one solution.",
            increasing(x - strength_retrained * own * sp.exp(-x), x),
            DOMAIN.extend(_SOLUTION),
        ),
        Step(
            "ε > 1 is the same problem: replacing ε by 1/ε divides 1 + ε² and 2ε by ε².",
            eq(epsilon**2 * own.subs(epsilon, 1 / epsilon), own),
            DOMAIN.restrict(epsilon, low_open=True),
        ),
        Step(
            "x and y are coordinates for ε < 1 only: the determinant of the change is 1 − ε².",
            sp.Gt(1 - epsilon**2, 0),
            DOMAIN.restrict(epsilon, high_open=True),
        ),
    ),
)

ORDER = as_printed(
    "order",
    "App. H",
    "for the same reason [1 + ε² ≥ 2ε], we get that y^R ≤ x^R",
    printed=Proposition(ge(x_retrained, y_retrained), DOMAIN, reads="y^R ≤ x^R"),
    verified=Proposition(
        eq(x_retrained - y_retrained, (1 - epsilon) ** 2 / own * x_retrained),
        DOMAIN,
        "the gap, which is 0 only at ε = 1",
    ),
    remark="x^R > 0 and 2ε/(1+ε²) ≤ 1.",
)

CLAIM = Claim(
    name="lemma-6",
    title="The retrained solution on the correlated pair",
    where="§5.1.2, App. H.1",
    idea="Retraining moves along one sample only, so two unknowns are one, and W solves it.",
    domain=DOMAIN,
    realisable=pair.REALISABLE,
    notation=pair.NOTATION,
    letters=pair.LETTERS | {"x": x},
    meanings=(pair.WEIGHED, {"x": "(1 + ε²)r"}),
    quoted=(Quoted("2ε/(1+ε²)·W((1+ε²)|R_ij|/(λ|R|))", y_retrained),),
    rests_on=("lambert-eq",),
    summary="The closed form holds as printed, for every positive size and ridge, and it is the only stationary "
    "point. At ε = 1 the two samples coincide and x, y no longer determine w, but the formulas stay right.",
    statements=(FORM, ORDER),
    necessity=(
        Necessity(
            "λ > 0",
            eq(ridge * x, own * n_group / n_retain * sp.exp(-x)),
            Witness(
                point(n_retain=1, n_group=1, ridge=0, epsilon=0, x=9),
                "without a ridge the loss falls forever as x grows: its slope is never 0",
            ),
            "Without a ridge there is no stationary point: λx = (1+ε²)|R_ij|/|R|·e^{−x} is false for λ = 0.",
            reads="λx = (1+ε²)|R_ij|/|R|·e^{−x}",
        ),
        Necessity("ε ≥ 0", None, None, "Not needed for the closed form; y^R ≤ x^R holds for every ε too."),
    ),
    survivors=survivors(
        {
            "closed-form 1, high end of epsilon up": "true as well: ε > 1 is the problem for 1/ε, so ε ≤ 1 is no restriction",
        }
    ),
)
