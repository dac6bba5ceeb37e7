"""Mutants that change nothing that is claimed, by place, each with the reason. One that explains no survivor is stale."""

from __future__ import annotations

from fnmatch import fnmatchcase

_PRECISION = "a limit or a start of a computation whose result is enclosed and proved when it is there"
_BRACKET = (
    "an end of a bracket, or bits to spare: a root is enclosed by the signs at two points or not at all"
)
_NEWTON = "a start, a step or a tolerance of Newton's method; what it ends at is compared with balls"
_DIGITS = "the other formula gives the same value, with more or fewer digits"
_END = "an end at which nothing is stated; the form is as exact there"
_LEADS = "it leads Newton's method only; a root is enclosed by the signs at two points or not at all"
_ORBIT = "how long, and with how many bits, an orbit is followed"
_AT_ONCE = "ε and ε² are 1 at once, and 0"
_NONE = "where there is no minimum the solver finds none"
_NOT_0 = "0 has been answered before"
_MEANT = "for which of the claim's own mutants a reason is meant; `verify --all` compares that"
_APART = "no enclosure is one number, so none is equal to another"
_UP = "from where on a number is printed that is not rounded up"
_ROUNDED = "the figures are the same to the digits that are told"
_WHOLE = "what takes the number cuts it to a whole one"
_NEAR = "how near to the fold the strengths are that are looked at"
_UNASKED = "no chance is asked for with nothing to hit or all sure to hit; the tests of the solver ask"
_THEOREM = "where there is a minimum the theorem makes it true, and so the other one"
_EDGE = "no point has rational numbers at the edge"
HARMLESS: tuple[tuple[str, str], ...] = (
    ("values/finite_steps/orbit/number 3 *", _ORBIT),
    ("values/finite_steps/evaluate/number 7 plus 1", _EDGE),
    ("values/iterative_da/evaluate/number 8 minus 1", "there is one, the first and the last"),
    ("values/overshoot/evaluate/symbol 1 z_retrained to z_pretrained", _THEOREM),
    ("values/pair_harm/evaluate/comparison 8 to Gt", _APART),
    ("values/pair_harm/evaluate/Evaluation[1]/comparison 1 to Gt", _APART),
    ("pair/_NEXT/*", _NEAR),
    ("pair/_Margin/at_fold/number 4 *", _NEAR),
    ("pair/_Margin/at_fold/number 7 plus 1", _NEAR),
    ("pair/_Margin/at_fold/number 8 minus 1", _NEAR),
    ("pair/_Margin/at_fold/comparison 1 to GtE", _APART),
    ("pair_balls/_on_the_diagonal/number 2 times 1.000001", _WHOLE),
    ("tails/rounded_down/number 2 times 1.000001", "a decimal with one digit more or less is as proved"),
    ("tails/rounded_down/number 4 times 1.000001", _WHOLE),
    ("tails/binomial_tail/comparison 1 to Lt", _UNASKED),
    ("tails/binomial_tail/comparison 3 to Lt", _UNASKED),
    ("tails/binomial_tail/number 1 minus 1", _UNASKED),
    ("tails/binomial_tail/number 2 plus 1", _UNASKED),
    ("tails/binomial_tail/number 2 times 1.000001", _UNASKED),
    ("tails/binomial_weights/number 2 *", "where all hit no two shares differ, whatever the weight"),
    ("tails/binomial_tail_ball/comparison 3 to GtE", "a sum of so many terms is whole"),
    ("figure_4/_at_epsilon/number 1 times 1.000001", _ROUNDED),
    *((f"figure_4/CLAIM/number {k} times 1.000001", _ROUNDED) for k in range(4, 13)),
    *((f"iterative_da/CLAIM/number {k} times 1.000001", _ROUNDED) for k in range(1, 7)),
    *((f"lemma_1/CLAIM/number {k} times 1.000001", _ROUNDED) for k in range(1, 4)),
    ("logistic/solved/*", _BRACKET),
    ("values/finite_steps/MOST_STEPS,BITS,TOLD/*", _ORBIT),
    (
        "values/first_step/VALUES/number 1 *",
        "what is taken for an input that is left out is printed, and may be any number",
    ),
    ("values/corollary_1/evaluate/comparison 3 to Gt", "where both are equal the distance is 0"),
    (
        "toy_readings/LITERAL_POINT,TOLD_POINT,SMALL_POINT,DRAWN_POINT,TWO_POINT/number 2 *",
        "another point at which descent-ascent has two minima",
    ),
    (
        "values/lemma_1/VALUES/inputs/hypothesis 2 high dropped",
        "no accuracies are farther apart; the chance is 0 there",
    ),
    ("values/lemma_1/VALUES/FloatForm[*/hypothesis * low_open dropped", _END),
    ("values/lemma_1/MOST_PAIRED/*", "up to where a value is printed at all"),
    ("values/lemma_1/evaluate/comparison 3 to Lt", "up to where a value is printed at all"),
    ("values/lemma_1/evaluate/number 4 *", "up to where a value is printed at all"),
    ("values/lemma_1/evaluate/number 7 *", _UP),
    ("values/lemma_1/evaluate/number 8 *", _UP),
    ("values/lemma_1/evaluate/comparison 4 to LtE", _UP),
    ("values/finite_steps/Orbit/told/*", _ORBIT),
    ("values/finite_steps/orbit/number 1 *", _ORBIT),
    ("values/finite_steps/orbit/comparison 1 to LtE", _ORBIT),
    ("values/finite_steps/orbit/comparison 2 to LtE", _APART),
    ("values/lemma_10/x_margin/number 3 *", _NEWTON),
    ("values/lemma_6/y_float/symbol 2 *", "x^R does not depend on |F|"),
    ("values/on_pair/simulate/retrained/symbol 2 *", "x^R does not depend on |F|"),
    ("values/on_pair/_real/most_bits/*", _PRECISION),
    ("values/on_pair/_largest_y/number 1 *", "the other branch gives the same"),
    ("values/toy_minima/EVALUATED_BOXES/*", "when `evaluate` gives up"),
    ("values/lemma_10/x_margin/number 4 *", _NEWTON),
    ("values/lemma_10/y_margin/symbol 2 *", "x^R does not depend on |F|"),
    ("values/lemma_11/LARGEST/*", "up to where a value is printed at all"),
    ("values/lemma_11/whole/number 2 *", "the inputs ask for at least 1 as well"),
    ("values/on_coordinate/SPLITTER/*", "any number next to 2^27 splits well enough for the stated error"),
    ("any_loss/Logistic/ball_rule/number *", "it has one argument, the first and the last"),
    ("values/npo/evaluate/most_bits/*", _PRECISION),
    ("npo_flow/npo_rest/number *", _PRECISION),
    ("pair_balls/_Pair/guard/*", _BRACKET),
    ("pair_balls/_Pair/t_slope/*", _LEADS),
    ("pair_balls/da_exists/comparison 2 to Lt", _PRECISION),
    ("pair_balls/minimum/symbol 1 epsilon to epsilon**2", _AT_ONCE),
    ("pair_balls/_fold/symbol 1 epsilon to epsilon**2", _AT_ONCE),
    ("pair_balls/fold/symbol 1 epsilon to epsilon**2", _AT_ONCE),
    ("pair_balls/minimum/number 2 minus 1", "the other branch gives the same"),
    ("pair_balls/minimum/comparison 4 *", _NONE),
    ("pair_balls/minimum/number 13 *", _NONE),
    ("pair_balls/_Pair/sign/comparison 1 to GtE", _NOT_0),
    ("pair_balls/_minimum/comparison 1 to GtE", _NOT_0),
    ("npo_flow/npo_rest/comparison 2 to LtE", _NOT_0),
    ("npo_flow/npo_rest/comparison 3 *", _BRACKET),
    ("npo_flow/npo_rest/comparison 4 *", _BRACKET),
    ("npo_flow/npo_rest/comparison 5 *", _BRACKET),
    ("da_farthest/CLAIM/number 1 times 1.000001", _ROUNDED),
    ("first_step/CLAIM/number 5 *", _MEANT),
    ("first_step/CLAIM/number 6 *", _MEANT),
    ("pair_balls/_Pair/retain/comparison *", _DIGITS),
    ("pair_balls/_Pair/retain/number *", _DIGITS),
    ("pair_balls/_fold/*number *", _BRACKET),
    ("pair_balls/_minimum/*number *", _BRACKET),
    ("pair_balls/_omega/number *", _PRECISION),
    ("pair/_Saddle/solved/number 1 plus 1", "the solver finds no second point where nothing is forgotten"),
    (
        "pair/_Saddle/solved/comparison 1 to LtE",
        "the solver finds no second point where nothing is forgotten",
    ),
    ("pair_balls/da_exists/comparison 3 to GtE", _APART),
    ("pair_balls/da_exists/comparison 4 to LtE", _APART),
    ("pair_balls/da_exists/*number *", _PRECISION),
    ("pair_balls/fold/number *", _PRECISION),
    ("pair_balls/saddle/number *", _BRACKET),
    ("pair_balls/saddle/symbol 1 epsilon to epsilon**2", _AT_ONCE),
    ("pair_balls/saddle/comparison 2 to GtE", _APART),
    (
        "pair_balls/_on_the_diagonal/comparison 1 to Lt",
        "there is no second point where both strengths are the same",
    ),
    ("pair_floats/stationary/number 1 *", "all arrays have the same shape"),
    ("pair_floats/CHUNK/*", "how many elements are worked on at a time"),
    ("pair_floats/STEPS/*", _NEWTON),
    ("pair_floats/SCALAR_STEPS/*", _NEWTON),
    ("pair_floats/_chunk/*", _NEWTON),
    ("pair_floats/_newton/*", _NEWTON),
    ("pair_floats/_polished/*", _NEWTON),
    ("pair_floats/_rough_w0/*", _NEWTON),
    ("pair_floats/_scalar/*", _NEWTON),
    ("tails/binomial_tail/number 3 *", "the other branch gives the same"),
    ("tails/binomial_tail/comparison 6 *", "the other branch gives the same"),
    ("tails/binomial_tail_ball/comparison 1 to LtE", "either side of the sum gives the same"),
    ("tails/binomial_tail_ball/comparison 2 to LtE", _APART),
    ("tails/rounded_down/comparison 1 *", "a decimal below is not on the edge of the ball"),
    ("tails/EXACT_BITS/*", "from where on a ball is taken in place of an exact fraction"),
    ("tails/MOST_TERMS/*", _PRECISION),
    ("tails/binomial_tail_ball/*number *", _PRECISION),
)
"""Patterns of places and changes (`*` stands for anything, other signs for themselves), and why no check could object."""


def matches(name: str, pattern: str) -> bool:
    """Whether the mutant of that name is one of the pattern's."""
    return fnmatchcase(name, pattern.translate({ord("["): "[[]"}))


def reason(name: str) -> str | None:
    """Return why the mutant of that name changes nothing; None where nothing is known."""
    return next((why for pattern, why in HARMLESS if matches(name, pattern)), None)
