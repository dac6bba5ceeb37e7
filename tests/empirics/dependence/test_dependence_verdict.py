"""Verdicts on made-up tables whose answer is known, each rule fed what should confirm it and what should refute it."""

from dataclasses import replace

import numpy as np
import pytest

from ascentcheck.empirics.dependence.doses import DOSES, MAIN, NONE
from ascentcheck.empirics.dependence.evidence import DEPENDENCE, Tables, network_arm, network_shares
from ascentcheck.empirics.dependence.on_copies import PERCEPTRONS
from ascentcheck.empirics.dependence.ratio import HIGHEST
from ascentcheck.empirics.dependence.tables import flat, read, write
from ascentcheck.empirics.dependence.verdict import decide, rules
from ascentcheck.theory.console import UserError

KINDS = ("random", "class", "neighbours", "ranked")
PROPERTIES = (
    "gradient_cka",
    "gradient_cosine",
    "neighbour_agreement",
    "class_concentration",
    "entanglement",
    "forget_gradient",
    "forget_loss",
)


def around(name, value, reach=0.02):
    return {name: value, f"{name}_low": value - reach, f"{name}_high": value + reach}


def dose_rows(change, still=0.2, network=False):
    """Rows of all doses at which the main dose and all others change the log ratio by `change` from `still`."""
    found = []
    for dose in DOSES:
        by = 0.0 if dose == NONE else change
        where = (
            [{"method": "ga", "place": p, "learning_rate": 0.1, "epoch": 1.0} for p in ("nearest", "fixed")]
            if network
            else [{"setting": "s", "beta": "one", "place": p} for p in ("nearest", "end", "t=1")]
        )
        for place in where:
            row = {**place, "per_point": dose.per_point, "correlation": dose.correlation, "n": 30.0}
            row |= around("ratio", still + by) | around("effect", by) | around("nothing_effect", -by)
            row |= around("distance_effect", 0.0)
            found.append(row | {"predicted": 0.5 * change if place["place"] in ("nearest", "end") else None})
    return found


def set_rows(dependence_matters, rate_matters, n=40):
    """Rows of sets and of their courses; the log ratio is what dependence and the rate put into it."""
    draw = np.random.default_rng(1)
    rows, courses = [], []
    for number in range(n):
        row = {"name": f"s{number}", "kind": KINDS[number // 2 % 4], "size": 20.0 if number % 2 else 100.0}
        row |= {"nothing": 1 + draw.random()} | {name: float(draw.random()) for name in PROPERTIES}
        rows.append(row)
        for rate in (0.001, 0.01, 0.1):
            for norm in ("running", "frozen"):
                for epoch in (1.0, 3.0):
                    ratio = dependence_matters * (row["gradient_cka"] - 0.5) + 0.05 * draw.normal()
                    ratio += rate_matters * (np.log10(rate) + 2)
                    course = {"name": row["name"], "method": "ga", "learning_rate": rate, "batch_norm": norm}
                    courses.append(
                        course | {"epoch": epoch, **around("ratio", ratio), "validation_rise": 0.0}
                    )
    return rows, courses


def linear_rows(rows, courses):
    """The same as the rows of a linear setting: a column for each setting."""
    found = []
    for row in rows:
        mine = [c["ratio"] for c in courses if c["name"] == row["name"]]
        places = {f"one t={k}": ratio for k, ratio in enumerate(mine)}
        found.append({"setting": "s", **row, **places, "one nearest": min(mine), "one end": mine[-1]})
    return found


def apart_rows(ratio):
    """Rows of two courses with dependence taken away; at no share the opposite."""
    return [
        {"share": share, "place": "end", **around("ratio", ratio if share else -ratio)}
        for share in (0.0, 1.0)
        for _ in range(2)
    ]


def tables(change=0.0, still=0.2, dependence_matters=0.0, rate_matters=0.0):
    rows, courses = set_rows(dependence_matters, rate_matters)
    dosed = {PERCEPTRONS: dose_rows(change, still, network=True)}
    return Tables(dose_rows(change, still), apart_rows(0.1), linear_rows(rows, courses), rows, courses, dosed)


def verdicts(found, *names):
    """Verdicts of all rules, or of those that are named: shares, which two of them need, take seconds."""
    applied = rules(found)
    return {name: applied[name]().verdict for name in names or applied}


def verdict(name, found):
    return verdicts(found, name)[name]


def dosed(found):
    """Verdicts of the tables of doses alone."""
    return verdicts(Tables(found.linear_doses, found.linear_apart, [], [], [], found.doses))


def test_every_rule_is_decided_in_its_order():
    found = tables(change=0.5)
    left = Tables(found.linear_doses, found.linear_apart, [], [], [], found.doses)
    assert [one.verdict for one in decide(left)] == list(verdicts(left).values())
    assert len({one.sentence for one in decide(left)}) == len(rules(left)) == 11


def test_copies_that_raise_every_ratio_confirm_and_those_that_do_nothing_refute():
    raised, flat_, lowered = (dosed(tables(change=change)) for change in (0.5, 0.0, -0.5))
    for name in ("cause", "diverge", "near"):
        assert (raised[name], flat_[name], lowered[name]) == ("confirmed", "refuted", "refuted"), name


def test_another_kind_of_networks_has_to_agree():
    found = tables(change=0.5)
    for change, said in ((0.5, "confirmed"), (0.0, "not decided")):
        studies = found.doses | {"dependence-copies-cnn": dose_rows(change, network=True)}
        both = Tables(found.linear_doses, found.linear_apart, [], [], [], studies)
        assert verdict("cause", both) == verdict("near", both) == said
        assert verdict("diverge", both) == "confirmed"
        assert "in convolutional networks that of a snapshot" in rules(both)["cause"]().measured


def test_a_distance_is_read_apart_from_its_ratio():
    found = tables(change=0.5)
    assert dosed(found)["distance"] == "refuted"
    up = [{**row, **around("distance_effect", 1.0)} for row in found.linear_doses]
    changed = {PERCEPTRONS: [{**row, **around("distance_effect", 1.0)} for row in found.doses[PERCEPTRONS]]}
    assert (
        dosed(Tables(up, [], found.linear_sets, found.sets, found.courses, changed))["distance"]
        == "confirmed"
    )


def test_failing_without_dependence_refutes_that_it_is_needed():
    found = tables()
    for ratio, verdict in ((0.1, "refuted"), (-0.1, "confirmed"), (0.01, "not decided")):
        one = Tables(
            found.linear_doses, apart_rows(ratio), found.linear_sets, found.sets, found.courses, found.doses
        )
        assert dosed(one)["needed"] == verdict


def test_arms_that_disagree_decide_nothing():
    found = tables(change=0.5)
    mixed = Tables(found.linear_doses, [], found.linear_sets, found.sets, found.courses, tables(0.0).doses)
    assert dosed(mixed)["cause"] == "not decided"


def test_dependence_is_enough_only_where_a_course_turns_round():
    assert dosed(tables(change=0.5, still=-0.2))["enough"] == "confirmed"
    assert dosed(tables(change=0.5, still=0.2))["enough"] == "not decided"
    assert dosed(tables(change=0.1, still=-0.2))["enough"] == "not decided"
    assert (
        dosed(tables(change=0.225, still=-0.2))["enough"] == "not decided"
    )  # above 0, but one of many tried


def test_the_pair_s_prediction_is_judged_by_its_sign():
    right = tables(change=0.5)
    assert dosed(right)["pair"] == "confirmed"
    wrong = [{**row, "predicted": row["predicted"] and -row["predicted"]} for row in right.linear_doses]
    assert (
        dosed(Tables(wrong, [], right.linear_sets, right.sets, right.courses, right.doses))["pair"]
        == "refuted"
    )
    assert dosed(tables(change=0.0))["pair"] == "not decided"


def alike(found):
    """The same tables with all measures of dependence the same as gradient CKA."""
    same = [row | dict.fromkeys(DEPENDENCE, row["gradient_cka"]) for row in found.sets]
    linear = [row | dict.fromkeys(DEPENDENCE, row["gradient_cka"]) for row in found.linear_sets]
    return replace(found, sets=same, linear_sets=linear)


def test_failing_where_dependence_is_most_confirms_and_failing_everywhere_refutes():
    assert verdict("precisely", alike(tables(dependence_matters=2.0))) == "confirmed"
    assert verdict("precisely", alike(tables(dependence_matters=-2.0))) == "refuted"
    everywhere = tables()
    failing = [row | around("ratio", 1.0) for row in everywhere.courses]
    rows = linear_rows(everywhere.sets, failing)
    assert verdict("precisely", Tables([], [], rows, everywhere.sets, failing, {})) == "refuted"


def test_failing_by_one_measure_of_dependence_decides_nothing_and_the_first_rule_stands_beside_it():
    found = rules(tables(dependence_matters=2.0))["precisely"]()
    assert found.verdict == "not decided"
    assert "perceptrons: clearly so by gradient CKA, " in found.measured
    assert found.written[0] == "confirmed"
    assert rules(alike(tables(dependence_matters=2.0)))["precisely"]().written is None


def test_sets_with_nothing_to_forget_do_not_make_a_measure_go_with_failing():
    found = alike(tables(rate_matters=1.0))
    most = sorted(row["gradient_cka"] for row in found.sets)[-20]
    empty = {row["name"] for row in found.sets if row["gradient_cka"] >= most}
    sets = [row | {"nothing": 0.01} if row["name"] in empty else row for row in found.sets]
    courses = [row | around("ratio", 0.0) if row["name"] in empty else row for row in found.courses]
    one = Tables([], [], [], sets, courses, {})
    decided = rules(one)["precisely"]()
    assert (decided.verdict, decided.written[0]) == ("refuted", "confirmed")


def test_courses_that_diverge_with_and_without_copies_say_nothing_of_copies():
    found = tables(change=0.5)
    held = [
        row | around("ratio", HIGHEST, 0.0) | around("effect", 0.0, 0.0) | {"setting": setting}
        for row in found.linear_doses
        for setting in ("diverges", "diverges too")
    ]
    decided = rules(Tables(found.linear_doses + held, [], [], [], [], found.doses))["diverge"]()
    assert decided.verdict == "confirmed"
    assert decided.measured.endswith("raised at 1, lowered at 0, left alone at 0 of 1 linear courses; 2 held")
    assert decided.written[0] == "refuted"


def test_what_has_the_larger_share_is_central():
    most = verdicts(tables(dependence_matters=3.0, rate_matters=0.2), "central", "primarily")
    assert (most["central"], most["primarily"]) == ("confirmed", "confirmed")
    least = verdicts(tables(dependence_matters=0.2, rate_matters=1.0), "central", "primarily")
    assert (least["central"], least["primarily"]) == ("refuted", "refuted")


def test_a_random_set_that_is_unlearned_refutes_and_harm_does_not():
    assert verdict("random", tables(rate_matters=1.0)) == "refuted"  # at the lowest rate the ratio is exp(-1)
    found = tables(rate_matters=1.0)
    up = [{**row, "ratio": row["ratio"] + 3} for row in found.courses]
    rows = linear_rows(found.sets, up)
    assert verdict("random", Tables(found.linear_doses, [], rows, found.sets, up, found.doses)) == "confirmed"
    harmed = [{**row, "validation_rise": 0.5} for row in found.courses]
    one = Tables(found.linear_doses, [], [], found.sets, harmed, found.doses)
    assert verdict("random", one) == "confirmed"


def test_a_random_set_counts_as_unlearned_by_models_as_well_as_by_sets():
    found = tables(rate_matters=1.0)
    unsure = [row | around("ratio", row["ratio"], 20.0) for row in found.courses]
    one = rules(Tables(found.linear_doses, [], [], found.sets, unsure, found.doses))["random"]()
    assert one.verdict != "refuted"
    assert "over the sets, which share their pretrained models; " in one.measured


def test_what_was_not_run_is_not_decided():
    assert set(verdicts(Tables([], [], [], [], [], {})).values()) == {"not decided"}
    assert network_arm(Tables([], [], [], [], [], {})) is None


def test_a_set_that_is_not_done_is_left_out():
    found = tables()
    last = found.courses[-1]["name"]
    cut = Tables([], [], [], found.sets, found.courses[:-1], {})
    names = {row["name"] for row in found.sets} - {last}
    assert {row["name"] for row in network_arm(cut).sets} == names
    assert network_shares(network_arm(cut), cut.courses).explained.value < 0.2


def test_tables_are_read_as_they_were_written(tmp_path):
    rows = [{"setting": "a, b", "n": 30.0, "effect": 0.123456789, "predicted": None}]
    path = tmp_path / "deep" / "table.csv"
    write(path, rows)
    assert read(path) == [{"setting": "a, b", "n": 30.0, "effect": 0.12346, "predicted": None}]
    assert read(tmp_path / "none.csv") == []
    with pytest.raises(UserError, match="cannot be written"):
        write(path / "file.csv", rows)
    assert flat(
        {"dose": {"per_point": 1, "correlation": 0.5}, "effect": {"value": 1, "low": 0, "high": 2}}
    ) == {
        "per_point": 1,
        "correlation": 0.5,
        "effect": 1,
        "effect_low": 0,
        "effect_high": 2,
    }
    assert MAIN in DOSES
