"""Figures show the table's values, draw from whatever there is, and come out the same twice (two of them; nightly all)."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ascentcheck.empirics.findings.outcome import HARMED, WORST
from ascentcheck.empirics.study import choice
from ascentcheck.empirics.study.session import open_session
from ascentcheck.figures import figure1, figure2, figure3, figure4, figure6, figure7, figure9
from ascentcheck.figures.__main__ import figures
from ascentcheck.figures.draw import FIGURES, draw
from ascentcheck.figures.flow import summary
from ascentcheck.figures.report import render
from ascentcheck.figures.score_axes import Line
from ascentcheck.theory import console
from ascentcheck.theory.claims import CLAIMS, by_name
from ascentcheck.theory.verify import verify

SETS = ("random-10", "pc1-high-100", "pc2-high-50", "random-50")
METHODS = ("ga", "gda", "scrub")
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def find(rows, **given):
    (row,) = [r for r in rows if all(getattr(r, k) == v for k, v in given.items())]
    return row


def test_figure_1_holds_the_tables_values(rows):
    shown = figure1.data(rows)
    assert shown.forget_set == "pc1-high-100"
    for panel, method in zip(shown.panels, METHODS, strict=True):
        assert len(panel.marks) == 4
        for mark in panel.marks:
            where = {"forget_set": "pc1-high-100", "method": method}
            where |= {"learning_rate": mark.learning_rate, "epoch": mark.epoch}
            assert mark.forget == find(rows, split="forget", **where).p95
            assert mark.other == find(rows, split="validation", **where).p95
        assert (
            panel.pretrained.forget
            == find(rows, forget_set="pc1-high-100", method="do-nothing", split="forget").p95
        )
        assert panel.lines == tuple(Line("null floor", on, 0.66) for on in ("forget", "other"))


def with_another(rows, method="my-own"):
    """Return the table with a method of someone's own beside GDA, run on one set only."""
    own = [replace(r, method=method, job=f"{r.job}, my own") for r in rows if r.method == "gda"]
    return [*rows, *(r for r in own if r.forget_set == "pc1-high-100")]


def test_a_method_of_ones_own_is_in_every_figure(rows, tmp_path):
    table = with_another(rows)
    assert [panel.title for panel in figure1.data(table).panels] == ["GA", "GDA", "SCRUB", "my-own"]
    assert figure3.data(table).rows == ("GA", "GDA", "SCRUB", "my-own")
    for module in (figure6, figure7):
        shown = module.data(table)
        assert shown.columns == ("GA", "GDA", "SCRUB", "my-own")
        assert "my-own" in module.caption(shown)
    assert "my-own 0 of 4" in figure1.caption(figure1.data(table))
    assert "my-own" in [panel.method for panel in figure9.data(with_another(rows)).panels]


def test_no_panel_is_empty_and_each_has_its_marks(rows):
    shown = figure6.data(with_another(rows))
    assert shown.blocks == (((0, 1, 2, 3), (0, 1)), ((0, 1, 2, 3), (2, 3)))
    axes = [at for at in figure6.draw(shown).axes if at.axison]
    bars = 1
    assert len(axes) - bars == len(SETS) * len(METHODS) + 1
    for table, panels in ((rows, 3), (with_another(rows), 4), (with_another(with_another(rows), "yours"), 5)):
        assert sum(at.axison for at in figure1.draw(figure1.data(table)).axes) - bars == panels


def test_the_caption_of_figure_1_counts_what_became_of_the_models(rows):
    shown = figure1.data(rows)
    for tally in shown.tallies:
        assert (tally.snapshots, tally.broken) == (4, 2)  # one of the two epochs has diverged models
        assert f"{tally.near} of 4 (2 broken, {tally.unclear} unclear)" in figure1.caption(shown)
    near = [
        replace(r, energy=0.0, energy_even=0.0, energy_low=-0.01, energy_high=0.01)
        if r.method == "gda" and r.epoch == 1 and r.forget_set == "pc1-high-100"
        else r
        for r in rows
    ]
    (tally,) = [t for t in figure1.data(near).tallies if t.method == "gda"]
    assert (tally.near, tally.broken) == (2, 2)
    assert "GDA 2 of 4" in figure1.caption(figure1.data(near))


def slow_merit(splits, still):
    """The larger of both scores, of broken models the worst: the rule of the findings, written again."""
    validation, before = splits["validation"], still["validation"]
    harmed = validation.energy - before.energy > HARMED  # the shares of all rows are the same
    return WORST if validation.diverged_unlearned or harmed else choice.merit(splits)


def slow_merits(rows, name, method):
    (still,) = choice.scored(rows, name, "do-nothing").values()
    return {c: slow_merit(splits, still) for c, splits in choice.scored(rows, name, method).items()}


def test_figure_2_marks_both_choices_and_no_broken_models(rows):
    shown = figure2.data(rows)
    own, merits = choice.scored(rows, "random-10", "ga"), {n: slow_merits(rows, n, "ga") for n in SETS}
    best = own[min(own, key=lambda c: merits["random-10"][c])]
    assert shown.picked == (best["forget"].p95, best["validation"].p95)
    others = [name for name in SETS if name != "random-10"]
    ruled = own[min(own, key=lambda c: sum(merits[name][c] for name in others))]
    assert shown.by_rule == (ruled["forget"].p95, ruled["validation"].p95)
    assert [epoch for epoch, _ in shown.course.points["retain"]] == [0, 1, 3]
    assert shown.picked_epoch == 1
    tempting = [
        replace(r, energy=0.0, energy_even=0.0, energy_low=0.0, energy_high=0.0)
        if r.method == "ga" and r.epoch == 3
        else r
        for r in rows
    ]
    assert figure2.data(tempting).picked_epoch == 1


def test_the_rule_does_not_see_the_set_it_is_judged_on(rows):
    ruled = figure2.data(rows).by_rule
    swapped = [
        replace(r, p95=20 - r.p95) if r.forget_set == "random-10" and r.method == "ga" else r for r in rows
    ]
    assert figure2.data(swapped).by_rule == (20 - ruled[0], 20 - ruled[1])


def test_figure_3_compares_sets_of_one_size(rows):
    shown = figure3.data(rows)
    assert shown.columns == ("pc1-high-100\n|F| = 100", "random-50\n|F| = 50", "pc2-high-50\n|F| = 50")
    assert shown.count == 3 * 3 * 4
    for j, name in enumerate(("pc1-high-100", "random-50", "pc2-high-50")):
        for i, method in enumerate(METHODS):
            (mark,) = [m for m in shown.planes[i][j].marks if m.learning_rate == 0.1 and m.epoch == 3]
            where = {"forget_set": name, "method": method, "learning_rate": 0.1, "epoch": 3}
            assert mark.forget == find(rows, split="forget", **where).p95
            assert mark.other == find(rows, split="validation", **where).p95
    assert "1 of the three kinds" in figure3.caption(
        figure3.data([r for r in rows if "pc2" not in r.forget_set])
    )


@pytest.mark.parametrize(("module", "other"), [(figure6, "validation"), (figure7, "retain")])
def test_figures_6_and_7_hold_every_set_and_method(module, other, rows):
    shown = module.data(rows)
    assert (len(shown.rows), shown.columns) == (len(SETS), ("GA", "GDA", "SCRUB"))
    for i, name in enumerate(SETS):
        for j, method in enumerate(METHODS):
            marks = shown.planes[i][j].marks
            assert len(marks) == 4
            for mark in marks:
                where = {"forget_set": name, "method": method, "learning_rate": mark.learning_rate}
                assert mark.other == find(rows, split=other, epoch=mark.epoch, **where).p95
    assert shown.diverged == len(SETS) * len(METHODS) * 2
    assert module.data([r for r in rows if r.method != "scrub"]).columns == ("GA", "GDA")


def test_figure_9_never_spends_more_than_the_budget_and_counts_broken_models_as_the_worst(rows):
    rows = [replace(r, cost=0.004 * r.epoch) for r in rows]
    (panel,) = [p for p in figure9.data(rows).panels if p.method == "gda"]
    for budget, mean, least, greatest in panel.afterwards.points:
        merits = [
            min(m for (_, epoch), m in slow_merits(rows, name, "gda").items() if 0.004 * epoch <= budget)
            for name in SETS
        ]
        assert mean == pytest.approx(sum(merits) / len(SETS))
        assert (least, greatest) == (min(merits), max(merits))
    broken = [replace(r, diverged_unlearned=1) if r.method == "gda" else r for r in rows]
    (panel,) = [p for p in figure9.data(broken).panels if p.method == "gda"]
    assert {point[1] for point in panel.in_advance.points} == {WORST}
    (panel,) = [p for p in figure9.data(rows).panels if p.method == "gda"]
    assert all(budget >= 0.004 for budget, *_ in panel.afterwards.points)
    for own, rule in zip(panel.afterwards.points, panel.in_advance.points, strict=True):
        assert own[1] <= rule[1]


def test_figure_4_is_where_the_two_lemmas_meet(rows):
    open_window = figure4.window(0.2, 100.0)
    assert open_window.share_open > 0.5
    assert figure4.window(0.2, 1e-2).share_open == 0
    eps, f, r = open_window.epsilon, 0.25, 1.0
    first = (1 + eps**2) / (2 * eps) * f**2 / (r * (r + 2 * f))
    second = 2 * eps / (1 + eps**2) * f * (r + f) / (r * (r + 2 * f))
    np.testing.assert_allclose(open_window.alpha_min, np.maximum(first, second), rtol=1e-12)


PARTS = {
    "empty": lambda rows: [],
    "controls only": lambda rows: [r for r in rows if r.method in ("do-nothing", "held-out")],
    "one set": lambda rows: [r for r in rows if r.forget_set == "random-10"],
    "full": lambda rows: rows,
}


OF_STUDY = [number for number, module in FIGURES.items() if getattr(module, "NEEDS_STUDY", True)]
TWICE = FIGURES if NIGHTLY else (1, 5)
"""Figures that are drawn twice: one of a study and one that is computed. They are written by one function."""


@pytest.fixture(scope="module")
def drawn(rows, tmp_path_factory):
    """Return a function that draws a figure from a part of the table, once."""

    @cache
    def once(number, part):
        return draw(number, PARTS[part](rows), "toy", tmp_path_factory.mktemp("drawn"), ("png",))

    return once


@pytest.mark.parametrize(
    ("number", "part"), [(n, part) for n in FIGURES for part in (PARTS if n in OF_STUDY else ("full",))]
)
def test_every_figure_draws_from_what_there_is(number, part, drawn):
    (picture,) = drawn(number, part).files
    assert picture.stat().st_size > 2000
    assert picture.with_suffix(".txt").read_text().startswith(f"Figure {number}.")


@pytest.mark.parametrize("number", FIGURES)
def test_a_caption_names_the_study_exactly_if_its_figure_depends_on_it(number, drawn):
    caption, without = drawn(number, "full").caption, drawn(number, "empty").caption
    assert ("study toy, N = 100, estimator paper" in caption) == (caption != without) == (number in OF_STUDY)


@pytest.mark.parametrize("number", FIGURES)
def test_a_figure_says_whose_number_it_has_and_what_claim_it_belongs_to(number, drawn):
    shown = drawn(number, "empty")
    assert (f"Figure {number} of the paper" in shown.paper) == (number <= 7)
    assert shown.claim in ("", "da-fails", "klom-n", *(claim.name for claim in CLAIMS))
    for row in shown.table:
        assert len(row) == len(shown.table[0])
    text = shown.files[0].with_suffix(".txt").read_text(encoding="utf-8")
    assert all(cell in text for row in shown.table for cell in row)


@pytest.mark.parametrize("number", TWICE)
def test_the_bytes_are_the_same_twice(number, tmp_path, rows, data_once, monkeypatch):
    monkeypatch.setattr(FIGURES[number], "data", data_once[number])
    first, second = (draw(number, rows, "toy", tmp_path / k, ("svg", "pdf")) for k in "ab")
    for a, b in zip(first.files, second.files, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_the_report_needs_no_network_and_holds_everything(rows, drawn):
    results = [verify(by_name(name), mutants=False) for name in ("lambert-eq", "lemma-3")]
    html = render(results, [drawn(number, "full") for number in FIGURES], rows, None)
    assert not re.search(r'(?:src|href|action)\s*=\s*"(?!data:|#)', html)
    assert not re.search(r"<link[^>]+stylesheet|@import|url\(", html)
    for name in ("lambert-eq", "lemma-3"):
        assert f'id="{name}"' in html
    scores = html[html.index('<table id="rows">') :]
    assert scores[: scores.index("</table>")].count("<tr>") == len(rows) + 1
    assert html.count("<math") > 20
    assert len(re.findall(r"<figure[ >]", html)) == len(FIGURES)
    assert "n_retain = 2, n_forget = 1" in html
    assert "Nothing of the study has finished yet" in render(results, [], [], None)


def test_text_in_the_report_is_escaped(rows):
    row = replace(rows[0], forget_set="<script>alert(1)</script>")
    assert "<script>alert" not in render([], [], [row], None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["17"], "figure '17' is unknown; figures are 1"),
        (["one"], "figure 'one' is unknown"),
        (["--format", "gif"], "--format 'gif' is unknown"),
        (["1", "--study", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["report", "--study", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--frob"], "No such option"),
    ],
)
def test_bad_input_is_one_plain_line(arguments, message, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["figures", *arguments])
    with pytest.raises(SystemExit) as stop:
        console.run(figures, "figures")
    out, err = capsys.readouterr()
    assert (stop.value.code, out, len(err.splitlines())) == (2, "", 1)
    assert message in err


def test_a_process_of_its_own_says_the_same():
    result = subprocess.run([sys.executable, "-m", "figures", "17"], capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("figures: figure '17' is unknown; figures are 1")


def test_the_summary_has_ten_lines_and_names_the_report(tmp_path, rows):
    study = tmp_path / "study.toml"
    study.write_text((Path(__file__).parents[2] / "studies" / "digits-small.toml").read_text())
    session = open_session(study, tmp_path / "store")
    results = [verify(by_name("lambert-eq"))]
    for table in ([], rows):
        lines = [line for line in summary(session, results, table, tmp_path / "report.html", 60.0) if line]
        assert len(lines) == 10
        assert str(tmp_path / "report.html") in lines[-1]
    assert any("my-own" in line for line in summary(session, results, with_another(rows), study, 60.0))
