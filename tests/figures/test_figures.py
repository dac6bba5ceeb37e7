"""Figures show the table's values, draw from whatever there is, and come out the same twice."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from empirics.session import open_session
from empirics.table import SPLITS, Row
from figures import figure1, figure2, figure4
from figures.draw import FIGURES, draw
from figures.flow import summary
from figures.report import render
from theory.claims import by_name
from theory.verify import verify

BLANK = Row(
    "toy", "random-10", 10, "ga", 0.1, None, None, "running", 1, "forget", "paper", 100, 100, 10,
    1.0, 0.5, 1.5, 0.5, 0.66, 0, 0, 0.01, 0.01, 0.9, "{}", "job",
)  # fmt: skip


def table():
    """A table of two sets with every score different."""
    rows, count = [], 0
    for name, size in (("random-10", 10), ("neighbours-100", 100)):
        kinds = [("do-nothing", None, 0), ("held-out", None, 0)]
        kinds += [(m, rate, epoch) for m in ("ga", "gda") for rate in (0.01, 0.1) for epoch in (1, 3)]
        for method, rate, epoch in kinds:
            for split in SPLITS:
                count += 1
                rows.append(
                    replace(
                        BLANK, forget_set=name, forget_size=size, method=method, learning_rate=rate, epoch=epoch,
                        split=split, p95=count / 20, p95_low=count / 20 - 0.1, p95_high=count / 20 + 0.1,
                        mean=count / 40, hyperparameters=f'{{"r": {rate}}}', job=f"{name}{method}{rate}",
                        diverged_unlearned=epoch == 3,
                    )
                )  # fmt: skip
    return rows


def find(rows, **given):
    (row,) = [r for r in rows if all(getattr(r, k) == v for k, v in given.items())]
    return row


def test_figure_1_holds_the_tables_values():
    rows = table()
    shown = figure1.data(rows)
    assert shown.forget_set == "neighbours-100"
    for panel, method in zip(shown.panels, ("ga", "gda"), strict=True):
        assert len(panel.marks) == 4
        for mark in panel.marks:
            where = {"forget_set": "neighbours-100", "method": method}
            where |= {"learning_rate": mark.learning_rate, "epoch": mark.epoch}
            assert mark.forget == find(rows, split="forget", **where).p95
            assert mark.other == find(rows, split="validation", **where).p95
        assert (
            panel.pretrained.forget
            == find(rows, forget_set="neighbours-100", method="do-nothing", split="forget").p95
        )
        assert panel.floor == 0.66


def test_figure_2_marks_both_choices():
    rows = table()
    shown = figure2.data(rows)
    own = figure2._by_choice(rows, "random-10")
    best = min(own.values(), key=figure2.merit)
    assert shown.picked == (best["forget"].p95, best["validation"].p95)
    other = figure2._by_choice(rows, "neighbours-100")
    ruled = own[min(other, key=lambda c: figure2.merit(other[c]))]
    assert shown.by_rule == (ruled["forget"].p95, ruled["validation"].p95)
    assert [epoch for epoch, _ in shown.course.points["retain"]] == [0, 1, 3]


def test_the_rule_does_not_see_the_set_it_is_judged_on():
    rows = table()
    ruled = figure2.data(rows).by_rule
    swapped = [
        replace(r, p95=20 - r.p95) if r.forget_set == "random-10" and r.method == "ga" else r for r in rows
    ]
    assert figure2.data(swapped).by_rule == (20 - ruled[0], 20 - ruled[1])


def test_figure_4_is_where_the_two_lemmas_meet():
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


@pytest.mark.parametrize("number", FIGURES)
@pytest.mark.parametrize("part", PARTS)
def test_every_figure_draws_from_what_there_is(number, part, tmp_path):
    drawn = draw(number, PARTS[part](table()), "toy", tmp_path, ("png",))
    assert drawn.files[0].stat().st_size > 2000
    assert (tmp_path / f"figure{number}.txt").read_text().startswith(f"Figure {number}.")


@pytest.mark.parametrize("number", FIGURES)
def test_the_bytes_are_the_same_twice(number, tmp_path):
    first, second = (draw(number, table(), "toy", tmp_path / k, ("svg", "pdf")) for k in "ab")
    for a, b in zip(first.files, second.files, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_the_report_needs_no_network_and_holds_everything(tmp_path):
    results = [verify(by_name(name), mutants=False) for name in ("lambert-eq", "lemma-3")]
    drawn = [draw(number, table(), "toy", tmp_path, ("png",)) for number in FIGURES]
    html = render(results, drawn, table(), None)
    assert not re.search(r'(?:src|href|action)\s*=\s*"(?!data:|#)', html)
    assert not re.search(r"<link[^>]+stylesheet|@import|url\(", html)
    for name in ("lambert-eq", "lemma-3"):
        assert f'id="{name}"' in html
    assert html.count("<tr>") == len(table()) + 1
    assert html.count("<math") > 20
    assert html.count("<figure>") == len(FIGURES)
    assert "n_retain = 2, n_forget = 1" in html
    assert "Nothing of the study has finished yet" in render(results, [], [], None)


def test_text_in_the_report_is_escaped():
    row = replace(BLANK, forget_set="<script>alert(1)</script>")
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
def test_bad_input_is_one_plain_line(arguments, message):
    result = subprocess.run([sys.executable, "-m", "figures", *arguments], capture_output=True, text=True)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr


def test_the_summary_has_ten_lines_and_names_the_report(tmp_path):
    study = tmp_path / "study.toml"
    study.write_text((Path(__file__).parents[2] / "studies" / "digits.toml").read_text())
    session = open_session(study, tmp_path / "store")
    results = [verify(by_name("lambert-eq"))]
    for rows in ([], table()):
        lines = [line for line in summary(session, results, rows, tmp_path / "report.html", 60.0) if line]
        assert len(lines) == 10
        assert str(tmp_path / "report.html") in lines[-1]
