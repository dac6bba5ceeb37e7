r"""'The DA solution is always farthest from the oracle' (§5.1.1, after lemma 2): for which α?

Write d_DA = |w^R − w^DA| and d_D = |w^R − w^D|. Below α₁ = |F|²/(|R|(|F|+|D|)) the DA minimum lies between w^D and
w^R, so it is closer. From α₁ to α₀ = |F|/|R| the order is w^DA ≤ w^D ≤ w^R, so it is farther. Above α₀ it lies on
the other side of the oracle, and still farther: with u = w^R and p = −w^DA, w^D < u + p because
z_D = u·e^u + (|F|/|D|)·p·e^{−p} is below (u + p)·e^{u + p}. So d_DA = u + p > w^D = u + d_D.
"""

import sympy as sp

from ascentcheck.theory.claim import Claim, Erratum, Necessity, Parametrisation, Proposition, Verdict, Witness
from ascentcheck.theory.claims import lemma_2, lemma_4
from ascentcheck.theory.claims.lemma_2 import DOMAIN, WITH_SOLUTION, balance, z_da, z_pretrained, z_retrained
from ascentcheck.theory.claims.lemma_3 import AWAY, NOTATION, PAST, TOWARD, product
from ascentcheck.theory.domain import Range, domain, positive
from ascentcheck.theory.expression import W0
from ascentcheck.theory.kit import (
    false_as_printed,
    false_in_every_reading,
    figures,
    open_as_worded,
    point,
    reading,
    survivors,
)
from ascentcheck.theory.relations import ge, gt, le, lt
from ascentcheck.theory.vocabulary import alpha, n_forget, n_group, n_retain, ridge

u, p = sp.symbols("u p", positive=True)
w_r, w_d, w_da = W0(z_retrained), W0(z_pretrained), W0(z_da)

PAST_COORDINATES = Parametrisation(
    substitution=(
        (ridge, n_group / (n_retain * u * sp.exp(u))),
        (alpha, balance * (1 + p * sp.exp(-p) / (u * sp.exp(u)))),
    ),
    inverse=((u, W0(z_retrained)), (p, -W0(z_da))),
    domain=domain(*positive(n_retain, n_forget, n_group, u), Range(p, 0, 1, low_open=True)),
)
"""u = w^R and p = −w^DA in place of the ridge and α, above |F|/|R|."""

NOTHING_FORGOTTEN = Witness(
    point(n_retain=2, n_forget=1, n_group=1, ridge=1, alpha=0),
    "w^DA = w^R = W(1/2): descent-ascent is the oracle, and w^D = W(1/3) is not",
)

MOST_FORGOTTEN = Witness(
    point(n_retain=1, n_forget=100, n_group=1, ridge="1/1000000", alpha=0),
    "w^R = 11.38 and w^D = 7.22 are 4.16 apart, and w^DA is w^R",
)

LOWER = Proposition(ge(w_d - w_da), AWAY, "d_DA ≥ d_D: both lie below the oracle, w^DA lower")
BEYOND = Proposition(
    gt(w_r - w_da, w_d),
    PAST,
    "d_DA > d_D + w^R: farther, on the other side of the oracle",
    by=PAST_COORDINATES,
)
FARTHER = (
    LOWER,
    Proposition(ge(w_r - w_d), AWAY, "the pretrained solution is below the oracle"),
    BEYOND,
    Proposition(gt(w_d - w_r), PAST, "the pretrained solution is above the oracle"),
)
CLOSER = (
    Proposition(gt(w_da - w_d), TOWARD, "d_DA < d_D: w^DA is above w^D"),
    Proposition(ge(w_r - w_da), TOWARD, "and not beyond the oracle"),
)

_HUNDRED = {n_retain: 200, n_forget: 100, n_group: 100, alpha: 0}
_ONE = {n_retain: 200, n_forget: 100, n_group: 1, alpha: 1}
VECTOR_DA, VECTOR_PRETRAINED = (
    (end - w_r).subs(_HUNDRED) ** 2 + 100 * (end - w_r).subs(_ONE) ** 2 for end in (w_da, w_d)
)
"""Squared distances from the oracle where one coordinate has 100 retained samples and 100 have one of each kind."""

CLAIM = Claim(
    name="da-farthest",
    title="Is doing nothing always better than descent-ascent?",
    where="§5.1.1",
    idea="Compare the distances of w^DA and w^D from w^R over all α with a DA minimum.",
    domain=DOMAIN,
    realisable=lemma_2.REALISABLE,
    notation=NOTATION,
    quoted=(
        figures("11.38 and w^D = 7.22 are 4.16", MOST_FORGOTTEN.point, w_r, w_d, w_r - w_d),
        figures(
            "0.0100 and ‖w^D − w^R‖ is 0.0155",
            point(ridge=10),
            sp.sqrt(VECTOR_DA),
            sp.sqrt(VECTOR_PRETRAINED),
        ),
    ),
    letters=lemma_2.LETTERS,
    meanings=tuple({"d_DA": "w^R − w^DA", "d_D": d} for d in ("w^R − w^D", "w^D − w^R")),
    rests_on=("lemma-2", "lemma-3", "lemma-4"),
    summary="Not always. On one coordinate descent-ascent ends farther from the oracle than doing nothing exactly for "
    "α > |F|²/(|R|(|F|+|D|)); below, it ends closer, and at it where it began. That threshold is about the square of the "
    "share of the data that is forgotten. Opposite directions hold up to |F|/|R| only; beyond, descent-ascent passes the "
    "oracle and is still farther. Of the whole vector it is not true either: where the forgotten samples are spread over "
    "many coordinates, descent-ascent can end closer.",
    statements=(
        false_in_every_reading(
            "farthest",
            "§5.1.1",
            "the DA solution is always farthest away from the oracle solution",
            readings=(
                reading(
                    "on each coordinate",
                    (Proposition(ge(w_d - w_da), DOMAIN.restrict(alpha, high=balance)), BEYOND),
                    NOTHING_FORGOTTEN,
                ),
                reading(
                    "of the whole vector",
                    Proposition(
                        ge(VECTOR_DA, VECTOR_PRETRAINED),
                        domain(Range(ridge, low_open=True)),
                        "the squared distances of the whole vectors, for one data set",
                    ),
                    Witness(
                        point(ridge=10),
                        "R: 100 samples on one coordinate, one on each of 100 more; F: one on each of these. "
                        "‖w^DA − w^R‖ is 0.0100 and ‖w^D − w^R‖ is 0.0155",
                    ),
                ),
            ),
            verified=(*FARTHER, *CLOSER),
            remark="Add: on a coordinate, for α ≥ |F|²/(|R|(|F|+|D|)), while a DA minimum exists. Below, it is closer, always. "
            "Where the forgotten samples are spread over many coordinates the retained bulk, on which descent-ascent is right, "
            "can weigh more in the whole vector.",
        ),
        false_as_printed(
            "opposite-directions",
            "§5.1.1",
            "the DA solution and the oracle solution lie in opposite directions from w^D",
            printed=Proposition(ge(product), WITH_SOLUTION),
            witness=NOTHING_FORGOTTEN,
            verified=(
                Proposition(ge(product), AWAY),
                Proposition(lt(product), TOWARD),
                Proposition(lt(product), PAST),
            ),
            remark="Exactly for the range of App. E (lemma-3).",
        ),
        open_as_worded(
            "stay-close",
            "§5.1.1",
            "the oracle and pre-trained solutions remain close",
            readings=(
                reading("within lemma 4's bound, which no ridge enters", lemma_4.PROPOSITIONS),
                reading(
                    "no more than 1 apart, say, whatever the sizes",
                    Proposition(le(w_r - w_d, 1), DOMAIN),
                    MOST_FORGOTTEN,
                ),
            ),
            remark="Lemma 4's bound |ln((1+α)|R|/|D|)| is at most ln(|D|/|R|) for α ≤ |F|/|R|: small where little is forgotten, "
            "and no closeness where most is. For large α the bound, and the distance as λ → 0, grow like ln α.",
            formerly=(Verdict.AS_PRINTED, "a bound that grows with the sizes is not closeness"),
        ),
    ),
    survivors=survivors(
        {
            "farthest 2, alpha without its low end": "true as well: below α₁ the pretrained solution is below the oracle too",
            "farthest 4, alpha without its high end": (
                "true as well: with or without a DA minimum the pretrained solution is above the oracle"
            ),
        }
    ),
    necessity=(
        Necessity(
            "α ≥ |F|²/(|R|(|F|+|D|))",
            ge(w_d - w_da),
            Witness(
                point(NOTHING_FORGOTTEN.point, alpha="1/10"),
                "the threshold is 1/8; at α = 1/10 descent-ascent is closer to the oracle than doing nothing",
            ),
            "Needed, and exact.",
        ),
    ),
    errata=(
        Erratum(
            "§5.1.1",
            "the DA solution is always farthest away from the oracle solution",
            "on a coordinate with α > |F|²/(|R|(|F|+|D|)) the DA solution is farther from the oracle than w^D is",
            corrects=("farthest",),
        ),
        Erratum(
            "§5.1.1",
            "the DA solution and the oracle solution lie in opposite directions",
            "for |F|²/(|R|(|F|+|D|)) ≤ α ≤ |F|/|R| the DA solution and the oracle solution lie in opposite directions",
            corrects=("opposite-directions",),
        ),
    ),
)
