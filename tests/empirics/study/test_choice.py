"""The two ways to choose a configuration: one sees the set it is judged on, the other must not."""

from dataclasses import replace

from ascentcheck.empirics.study.choice import afterwards, in_advance, merit, scored
from ascentcheck.empirics.study.table import SPLITS, Row

ROW = Row(
    "toy", "a", 10, "ga", 0.1, None, None, "running", 1, "forget", "paper", 100, 100, 10,
    1.0, 0.5, 1.5, 0.5, 0.66, "simulated", 1.0, 0.5, 1.5, 1.0, 1.0, 0.5, 1.5, (), 0, 0, 0.01, 0.01, 0.01, 0.01, 0.9, 0.0,
    "{}", "job",
)  # fmt: skip


def table(scores):
    """Rows of sets, each with the forget and validation scores of configurations by name."""
    return [
        replace(ROW, forget_set=name, hyperparameters=key, split=split,
                energy={"retain": 0.0, "validation": v, "forget": f}[split])
        for name, by_key in scores.items()
        for key, (f, v) in by_key.items()
        for split in SPLITS
    ]  # fmt: skip


def test_each_way_takes_the_least_merit_where_it_may_look():
    rows = table(
        {
            "a": {"x": (1.0, 2.0), "y": (1.5, 0.5), "only here": (0.1, 0.1)},
            "b": {"x": (1.0, 1.0), "y": (5.0, 0.0)},
            "c": {"x": (4.0, 0.0), "y": (3.0, 3.0)},
        }
    )
    own, *others = (scored(rows, name, "ga") for name in "abc")
    assert merit(own["x", 1]) == 2.0
    assert afterwards(own) == ("only here", 1)
    assert in_advance(own, others) == ("x", 1)
    assert in_advance(own, []) is None
    assert afterwards({}) is None


def test_a_choice_without_all_splits_is_not_scored():
    rows = [r for r in table({"a": {"x": (1.0, 2.0)}}) if r.split != "retain"]
    assert scored(rows, "a", "ga") == {}
