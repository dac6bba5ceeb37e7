r"""How far the accuracy on a random forget set is from the population's (§4, App. B).

For a model that is independent of F the |F| responses are independent coins with chance Acc_T, and lemma 11 with
b − a = 1 and t = ε is the printed bound. The printed lemma does not ask for that. A model that has seen F may
be right (or wrong) on all of F whatever Acc_T is, and then the probability is 1. Three more readings change the
bound: the dataset held fixed (Serfling's bound, around Acc_D), a finite test set (two samples), and metrics
other than accuracy (a range is needed).
"""

import sympy as sp
from flint import fmpq, fmpz

from ascentcheck.theory.check.counting import Ceiling, Deviation, TwoSamples
from ascentcheck.theory.claim import Claim, Erratum, Necessity, Notation, Proposition, Step, Witness
from ascentcheck.theory.claims.lemma_11 import EXPONENT, HALF, log_moment, mean, s, tail_bound
from ascentcheck.theory.claims.sampling_bounds import SERFLING, SERFLING_STEPS, TWO_SAMPLES, drawn, pair
from ascentcheck.theory.domain import SMALL, Range, domain, positive
from ascentcheck.theory.kit import (
    as_printed,
    false_as_printed,
    figures,
    open_as_worded,
    point,
    reading,
    survivors,
)
from ascentcheck.theory.printed import SAMPLING
from ascentcheck.theory.relations import ge, gt, le, lt
from ascentcheck.theory.solvers.tails import binomial_weights, two_sample_deviation
from ascentcheck.theory.vocabulary import (
    accuracy,
    gap,
    n_forget,
    n_population,
    n_retain,
    n_test,
    n_total,
    spread,
    top,
)

bound = tail_bound(n_forget, gap, n_forget)
vacuous = sp.log(2) / (2 * gap**2)
"""|F| up to which the bound is at least 1."""

GAP = Range(gap, 0, sp.oo, low_open=True, scale=SMALL)
DOMAIN = domain(
    Range(n_retain, low_open=True), GAP, *positive(n_forget, n_test), Range(accuracy, 0, 1), Range(s)
)
LOOKUP = domain(
    Range(n_retain, 1),
    Range(n_forget, 1),
    Range(n_population, n_total),
    Range(gap, 0, 1 - n_total / n_population, low_open=True),
)
"""A lookup table trained on D from n_population equally likely points: Acc_F = 1 and Acc_T ≤ |D|/n_population."""

FAILING = domain(Range(n_forget, 1), Range(gap, 0, 1, low_open=True), Range(n_population, n_forget))
"""A model that is right on n_population equally likely points but for those of F: Acc_F = 0, Acc_T = 1 − |F|/n_population."""

_MOMENT = (log_moment(accuracy, 4 * gap), 4 * gap * (accuracy + gap / 2))
ORACLE = Proposition(
    le(*_MOMENT), domain(Range(accuracy, 0, 1), GAP), "Markov at s = 4ε: each sample contributes e^{−2ε²}"
)
ORACLE_SHARP = Proposition(
    gt(_MOMENT[0] + sp.Rational(4, 3) * gap**4, _MOMENT[1]),
    domain(Range(accuracy, HALF, HALF), GAP),
    "attained up to 4ε⁴/3 at accuracy 1/2",
)
SAYS_NOTHING = (
    Proposition(
        ge(bound, 1),
        domain(GAP, Range(n_forget, 0, vacuous, low_open=True)),
        "the bound says nothing for |F| ≤ ln 2/(2ε²)",
    ),
    Proposition(
        lt(bound, 1), domain(GAP, Range(n_forget, vacuous, sp.oo, low_open=True)), "and something beyond"
    ),
)

_ONE_TEST = two_sample_deviation(10, 1, fmpq(1, 2), fmpq(1, 2))
_OVERFIT = fmpq(sum(binomial_weights(40, fmpq(1, 2))[:31], fmpz(0)), 2**40)
_NO_HIT = (1 - 1 / top) ** n_forget


def _number(value: fmpq) -> sp.Rational:
    return sp.Rational(int(value.p), int(value.q))


MEMORISED = Witness(
    point(n_retain=10, n_forget=10, n_population=40, gap="1/2"),
    "40 equally likely points, a lookup table trained on 20: Acc_F = 1 and Acc_T ≤ 1/2 always, and the bound is "
    "2e^{−5} = 0.0135",
)
TEN_SAMPLES = point(n_forget=10, gap="1/2")

CLAIM = Claim(
    name="lemma-1",
    title="Random forget sets look like the test set",
    where="§4, App. B",
    idea="Given a model independent of F, the responses on F are independent coins with chance Acc_T.",
    domain=DOMAIN,
    notation=(Notation("n_total", r"|\mathcal{D}|", n_total), Notation("pair", "m", pair)),
    letters=SAMPLING
    | {"Acc": accuracy, "P": Deviation, "Q": TwoSamples, "ceil": Ceiling, "m": "|F||T|/(|F| + |T|)"},
    meanings=(
        {"s": "4ε", "t": "ε"},
        {"k": drawn, "μ": mean, "V": spread},
        {"V": "|F|(|R| + 1)/(|D||R|²)"},
    ),
    quoted=(
        figures("ε > 0.186", point(n_forget=10), sp.sqrt(sp.log(2) / (2 * n_forget))),
        figures(
            "0.271; the exact tail is 0.057 at accuracy 1/2, 0.0020",
            point(n_forget=100, gap="1/10"),
            bound,
            *(Deviation(n_forget, sp.Rational(right, 10), gap) for right in (5, 9)),
        ),
    ),
    rests_on=("lemma-11",),
    summary="True for a model that is independent of F, such as the oracle. False for a model that has seen F, pretrained or "
    "unlearned: it can be right or wrong on all of F, and then the probability is 1. So the "
    "lemma says what an oracle scores on F, and nothing about the model before unlearning. It needs "
    "|F| > ln 2/(2ε²) to say anything, an infinite test set, and a metric with a known range.",
    statements=(
        open_as_worded(
            "any-model",
            "§4, App. B",
            "a forget set F chosen uniformly at random from the dataset and a model with parameters θ: "
            "P(|Acc_T − Acc_F| ≥ ε) ≤ 2·exp(−2|F|ε²)",
            readings=(
                reading("the model is independent of F, as the oracle is", ORACLE),
                reading(
                    "any model, also one that has seen F, as the pretrained and the unlearned one have",
                    Proposition(le(1, bound), LOOKUP, "a lookup table: the probability is 1"),
                    MEMORISED,
                ),
            ),
            verified=ORACLE,
            remark="Add: the model is independent of F. For a model that may depend on F but is one of K given ones, the "
            "union bound puts K in front. The broken line is E[Acc_F] = Acc_T; the responses of the lookup table "
            "on F are constants, so even 'independent' is true of them.",
            steps=(
                Step(
                    "E[Acc_F] = (1/|F|) Σ E_{P_T}[1(h(x), y)] = Acc_T: for the lookup table the left is 1, the right at "
                    "most |D|/n_population.",
                    le(1, n_total / n_population),
                    LOOKUP,
                    origin="App. B",
                    witness=MEMORISED,
                ),
                Step(
                    "For a model independent of F: 1(h(x), y) ∈ [0, 1], so lemma 11 applies with t = ε.",
                    ORACLE.relation,
                    ORACLE.domain,
                    origin="App. B",
                ),
            ),
        ),
        open_as_worded(
            "impossible",
            "§1, contribution 2",
            "unlearning random forget sets is impossible without causing model degradation, as unlearning random sets is "
            "equivalent in distribution to unlearning samples from the population data distribution",
            readings=(
                reading(
                    "for the oracle: what it does on F is what it does on the population, up to chance",
                    ORACLE,
                ),
                reading(
                    "for any model: one that fails on F fails on the population by some ε as well",
                    Proposition(
                        ge(n_forget / n_population, gap),
                        FAILING,
                        "what the population's accuracy loses is at least ε",
                    ),
                    Witness(
                        point(n_forget=10, n_population=1000, gap="1/2"),
                        "1,000 equally likely points, right on all but the ten of F: Acc_F is 0, and Acc_T has fallen by 0.01",
                    ),
                ),
            ),
            verified=(
                ORACLE,
                Proposition(
                    lt(n_forget / n_population, gap),
                    FAILING.restrict(n_population, low=n_forget / gap, low_open=True),
                    "it is less than ε for |F| < ε·n_population",
                ),
            ),
            remark="The equivalence in distribution is the oracle's. To ask that a model fails on F is not to ask for the "
            "oracle, and can be had at the price of |F|/n_population; retraining forgets F at no price at all.",
        ),
        as_printed(
            "oracle",
            "§4",
            "metrics measured in the forget set would be indistinguishable from those of the test set, for the oracle",
            printed=ORACLE,
            verified=(ORACLE, ORACLE_SHARP, *SAYS_NOTHING),
            remark="D i.i.d. from P_T and F chosen without looking: then R and F are independent, and the oracle, trained on "
            "R, is independent of F. The bound is informative only beyond |F| = ln 2/(2ε²): at |F| = 10 for "
            "ε > 0.186. At |F| = 100 and ε = 0.1 it is 0.271; the exact tail is 0.057 at accuracy 1/2, "
            "0.0020 at 0.9 and 6e-9 at 0.99.",
        ),
        open_as_worded(
            "fixed-dataset",
            "§4, App. B",
            "a forget set F chosen uniformly at random from the dataset",
            readings=(
                reading("D is drawn from P_T as well, and the chance is over both", ORACLE),
                reading(
                    "D is given, and the chance is over F alone",
                    Proposition(
                        le(1, bound),
                        domain(
                            Range(n_forget, 1),
                            Range(accuracy, 0, 1),
                            Range(gap, 0, 1 - accuracy, low_open=True),
                        ),
                        "given a dataset on which the model is always right: the probability is 1",
                    ),
                    Witness(
                        point(n_forget=10, accuracy="1/2", gap="1/2"),
                        "a coin-flipping model that happens to be right on all of D: every F ⊂ D has Acc_F = 1",
                    ),
                ),
            ),
            verified=SERFLING,
            remark="With D fixed and F random, Acc_F gathers around Acc_D: P(|Acc_F − Acc_D| ≥ ε) ≤ "
            "2·exp(−2|F|ε²·|D|/(|R| + 1)) (Serfling), proved in the steps. Around Acc_T the printed bound holds on "
            "average over D ~ P_T, not for each D.",
            steps=SERFLING_STEPS,
        ),
        open_as_worded(
            "finite-test-set",
            "§4",
            "the accuracy on the test set Acc_T and the forget set Acc_F",
            readings=(
                reading("Acc_T is the accuracy under P_T, as App. B defines it", ORACLE),
                reading(
                    "Acc_T is the accuracy on a test set of |T| samples",
                    Proposition(
                        le(_number(_ONE_TEST), bound),
                        domain(Range(n_forget, 10, 10), Range(gap, HALF, HALF)),
                        "the exact probability for |F| = 10, one test sample and accuracy 1/2",
                    ),
                    Witness(
                        point(TEN_SAMPLES),
                        "one test sample: Acc_T is 0 or 1, and the probability is 319/512 = 0.623 against 0.0135",
                    ),
                ),
            ),
            verified=TWO_SAMPLES,
            remark="App. B takes Acc_T to be the population's. For |T| test samples, independent of F and the model, the "
            "bound is 2·exp(−2ε²|F||T|/(|F| + |T|)): lemma 11 with ranges 1/|F| and 1/|T|.",
        ),
        false_as_printed(
            "other-metrics",
            "§4, App. B",
            "the accuracy, loss, or any other metric … the proof follows in like manner",
            printed=Proposition(
                le(_NO_HIT, bound),
                domain(Range(n_forget, 1), Range(top, 1), Range(gap, 0, 1, low_open=True)),
                "a loss that is `top` with chance 1/top, else 0: the chance that F sees none",
            ),
            witness=Witness(
                point(n_forget=10, top=1000, gap=1),
                "the mean loss is 1, and with chance 0.990 every loss in F is 0; the bound is 2e^{−20}",
            ),
            verified=EXPONENT,
            remark="Add: the metric lies in a known [a, b], and ε is measured in units of b − a. A loss has no such range.",
        ),
        false_as_printed(
            "close-to-retain",
            "§4",
            "and very close to those of the retain for the oracle",
            printed=Proposition(
                le(_number(_OVERFIT), bound),
                domain(Range(n_forget, 40, 40), Range(gap, HALF / 2, HALF / 2)),
                "the exact probability of |Acc_R − Acc_F| ≥ 1/4 for random labels and a nearest neighbour",
            ),
            witness=Witness(
                point(n_forget=40, gap="1/4"),
                "labels are fair coins and the oracle memorises R: Acc_R = 1, Acc_F is a mean of 40 fair coins",
            ),
            verified=ORACLE,
            remark="Read with lemma 1's bound. The oracle is independent of F but not of R: its accuracy on F is that "
            "on the test set; on R it is higher by the generalisation gap, which the lemma does not bound.",
        ),
    ),
    necessity=(
        Necessity(
            "the model is independent of F",
            le(1, bound),
            Witness(point(TEN_SAMPLES), "ascent has made a model with Acc_T = 1/2 wrong on all of F"),
            "Needed in the other direction too: an unlearned model has seen F.",
        ),
        Necessity(
            "the samples of F are independent",
            le(1, bound),
            Witness(point(TEN_SAMPLES), "ten copies of one sample, Acc_T = 1/2: Acc_F is 0 or 1"),
            "Needed: near-duplicates in the dataset count once.",
        ),
        Necessity("ε > 0", None, None, "Not needed: at ε = 0 the bound is 2."),
    ),
    errata=(
        Erratum(
            "App. B",
            "consequently the response of the model for any sample is an independent random variable",
            "for a model that is independent of F (the oracle, not the pretrained or unlearned one), the responses on F "
            "are independent with mean Acc_T",
            le(1, bound),
            Witness(point(TEN_SAMPLES), "a memorising model with Acc_T = 1/2"),
        ),
        Erratum(
            "App. B",
            "given that both of them are large enough",
            "given that |F| is large enough and Acc_T is the population's, or with |F||T|/(|F| + |T|) in place of |F|",
        ),
        Erratum(
            "§4, App. B",
            "while it follows in like manner for other metrics",
            "and in like manner for a metric with values in a known [a, b], with ε in units of b − a",
            corrects=("other-metrics",),
        ),
        Erratum(
            "§4",
            "and very close to those of the retain for the oracle",
            "and apart from those of the retain by the oracle's generalisation gap",
            corrects=("close-to-retain",),
        ),
    ),
    survivors=survivors(
        {
            "oracle 2, side 1, number 1 up": (
                "a smaller lower bound at accuracy 1/2: true, and weaker (the move down is killed)"
            ),
            "oracle 2, side 1, number 2 down": (
                "a lower bound that is smaller for ε < 1 and within the slack of order ε⁶ beyond: true"
            ),
            "impossible 2, n_forget without its low end": (
                "true for every |F|: the population is larger than |F|/ε, which is the relation"
            ),
            "impossible 2, gap without its high end": "true for every ε > 0, for the same reason",
        }
    ),
)
