r"""Iterative descent-ascent: a descent step on R, then an ascent step on F, each with weight decay (§5.1.1, App. C.3).

One step of each is the exact map w⁺ = h − η(φe^{−h} + λh) with h = w + ηA, A = ρe^{−w} − λw, ρ = |R_j|/|R| and
φ = α|R_j|/|F|. Its first order in η is simultaneous descent-ascent with 2λ; its second order is A(φe^{−w} − λ), of
which the paper keeps half. Without a ridge the map is solvable: for φ = ρe^L the fixed point is
w = −log(L/(ηρ)) with multiplier 1 − L², so that it is stable exactly for L < √2, whatever η is.
"""

from ascentcheck.theory import iteration
from ascentcheck.theory.claim import Claim, Erratum, Necessity, Quoted, Witness
from ascentcheck.theory.claims import lemma_2
from ascentcheck.theory.claims.iterative_expansion import (
    ANY,
    EXPANSION,
    PULLS,
    ascended,
    excess,
    second,
    second_printed,
)
from ascentcheck.theory.claims.iterative_orbits import ORBITS, ratio_log
from ascentcheck.theory.kit import figures, point, survivors
from ascentcheck.theory.relations import ge
from ascentcheck.theory.vocabulary import (
    alpha,
    learning_rate,
    n_forget,
    n_group,
    n_retain,
    pull_forget,
    pull_retain,
    ridge,
    w,
)

_MAP = (learning_rate, ridge, n_group / n_retain, alpha * n_group / n_forget)

CLAIM = Claim(
    name="iterative-da",
    title="Descent and ascent in turns",
    where="§5.1.1, App. C.3",
    idea="Expand the exact two-step map in the learning rate, and compare term by term with what is printed.",
    domain=PULLS.extend(ANY),
    realisable=lemma_2.REALISABLE,
    letters={
        "ρ": "|R_j|/|R|",
        "φ": "α|R_j|/|F|",
        "w": w,
        "w^s": "W((ρ − φ)/(2λ))",
        "u": iteration.LowestPoint(*_MAP),
        "M": iteration.LowestMultiplier(*_MAP),
        "N": iteration.HowMany(*_MAP),
        "κ": "1 − ηλ",
        "h": "κu + ηρ·e^{−u}",
        "moved": "(ρ·e^{−w^s} − λw^s)(φ·e^{−w^s} − λ)/(2λ(1 + w^s))",
    },
    meanings=(
        {"ρ": pull_retain, "φ": pull_forget, "A": "ρe^{−w} − λw", "h": "(1 − ηλ)w + ηρe^{−w}"},
        {"ρ": pull_retain, "φ": pull_forget, "w": "W((ρ − φ)/(2λ))", "A": "ρe^{−w} − λw"},
        {"L": ratio_log, "w⁺": ascended(excess), "h": excess},
        {"m": w, "w": "m + excess", "h": "kept·w + lift·e^{−w}"},
    ),
    notation=(),
    quoted=(
        figures(
            "10.1, 69.4 and 463.7",
            point(pull_retain=1, pull_forget=1, ridge=1),
            *(second_printed.subs(w, -k) for k in (1, 2, 3)),
        ),
        Quoted("−λ·(|R_j|/|R|·e^{−w} − λw)", (second - second_printed).subs(pull_retain, n_group / n_retain)),
    ),
    rests_on=("lemma-2", "lemma-3"),
    summary="The first order is right: simultaneous descent-ascent with 2λ. The solution is not 'identical up to O(η²)': it "
    "moves in proportion to η. The correction term is printed without −λ·(|R_j|/|R|·e^{−w} − λw), and as printed it rises "
    "with |w| for w below 0, not with w; it belongs to descent first, and the text has ascent first. Its "
    "effect is right: for ηλ < 1 no orbit diverges. But its point of rest is stable only for "
    "α < e^{√2}·|F|/|R| (for a small ridge); beyond, orbits do not settle there.",
    statements=(*EXPANSION, *ORBITS),
    necessity=(
        Necessity(
            "ηλ < 1",
            ge(ascended(w + 1) - ascended(w)).subs(pull_forget, 0),
            Witness(
                point(ridge=1, learning_rate=3, w=0), "ηλ = 3: weight decay alone sends w to (1 − ηλ)w = −2w"
            ),
            "Needed for a bound on every orbit: without it w⁺ need not rise, ηλw − ηλ(w+1) + 1 ≥ 0 is false, and "
            "beyond 2 weight decay alone diverges.",
            reads="ηλw − ηλ(w+1) + 1 ≥ 0",
        ),
    ),
    survivors=survivors(
        {
            "small-solution 1, pull_retain without its low end": "true as well: for ρ < φ the range of the ridge is empty"
        }
    ),
    errata=(
        Erratum(
            "§5.1.1",
            "one first performs a step of ascent on the forget set, followed descent on the retain set",
            "one first performs a step of descent on the retain set, followed by ascent on the forget set, as in eq. (4)",
        ),
        Erratum(
            "§5.1.1",
            "since the solution, should it exist has w small and a term with η² → 0 has negligible contribution",
            "since a term with η² moves the solution in proportion to η (the solution itself grows as λ → 0)",
        ),
        Erratum(
            "App. C.3",
            "identical up to order O(η²)",
            "identical up to O(η²) per step; the solution differs by O(η)",
            corrects=("same-fixed-point",),
        ),
        Erratum(
            "§5.1.1",
            "η²α|R_j|²/(|F||R|)·e^{−2w} − η²λwα|R_j|/|F|·e^{−w}, which increases for larger w",
            "η²(|R_j|/|R|·e^{−w} − λw)(α|R_j|/|F|·e^{−w} − λ), which grows without bound as w → −∞, and as η²λ²w as w → ∞",
            corrects=("second-order", "increases"),
        ),
    ),
)
