"""Figure 10 and the page on dependence hold what the tables say, and the page that is kept is of the tables that are kept."""

import math
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ascentcheck.empirics.dependence import advice
from ascentcheck.empirics.dependence.evidence import load
from ascentcheck.empirics.dependence.ranks import Correlation
from ascentcheck.empirics.dependence.tables import FILES, read, write
from ascentcheck.empirics.dependence.verdict import decide
from ascentcheck.figures import dependence, figure10
from ascentcheck.figures.__main__ import figures
from ascentcheck.figures.dependence.linear import more_at_the_best_stop, unseen
from ascentcheck.figures.dependence.measures import by_measure, compared
from ascentcheck.figures.dependence.sets import fashion

DOCS = Path(__file__).parents[2] / "docs"
KEPT = DOCS / dependence.FOLDER


@pytest.fixture(scope="module")
def shown():
    return figure10.data(folder=KEPT)


def test_the_kept_page_is_of_the_kept_tables():
    text = (DOCS / dependence.PAGE).read_text(encoding="utf-8")
    made = text.partition(dependence.MARKS[0])[2].partition(dependence.MARKS[1])[0].strip()
    assert made == dependence.part(DOCS), "run `python -m figures dependence`"


def test_lines_are_the_tables_rows(shown):
    rows = read(KEPT / FILES.linear_doses)
    end = next(line for line in shown.linear if line.place == "end")
    for epsilon, ratio, foreseen in zip(end.epsilon, end.ratio, end.predicted, strict=True):
        (row,) = [
            r
            for r in rows
            if (r["setting"], r["beta"], r["place"]) == (rows[0]["setting"], "samples", "end")
            and r["correlation"] == epsilon
            and r["per_point"] == (4 if epsilon else 0)
        ]
        assert math.log(ratio) == pytest.approx(row["ratio"])
        assert math.log(foreseen) == pytest.approx(math.log(end.ratio[0]) + row["predicted"])


def test_the_figure_and_its_caption(shown):
    figure = figure10.draw(shown)
    bars = figure.axes[3].patches
    assert [bar.get_width() for bar in bars] == sorted(share.value for share in shown.shares)
    said = figure10.caption(shown)
    assert f"{shown.n_random} random sets" in said
    assert f"{shown.sets[0].correlation.rho:+.2f}" in said


def test_without_tables_a_note_is_drawn(tmp_path):
    assert figure10.data(folder=tmp_path) is None
    assert "No tables" in figure10.draw(None).texts[0].get_text()
    assert dependence.part(tmp_path) == dependence.NOTHING_YET


def test_other_tables_give_another_page(tmp_path):
    copy = tmp_path / dependence.FOLDER
    shutil.copytree(KEPT, copy)
    rows = [
        row | {"effect": 1.0, "effect_low": 0.9, "effect_high": 1.1} if row["per_point"] else row
        for row in read(copy / FILES.linear_doses)
    ]
    write(copy / FILES.linear_doses, rows)
    before, after = ({one.sentence: one for one in decide(load(folder))} for folder in (KEPT, copy))
    (diverge,) = [sentence for sentence in before if "diverge" in sentence]
    assert after[diverge].verdict == "confirmed"
    assert after[diverge].measured != before[diverge].measured


def test_the_command_needs_the_page(tmp_path):
    result = CliRunner().invoke(figures, ["dependence", "--docs", str(tmp_path)])
    assert result.exit_code != 0
    assert "Traceback" not in result.output


def test_points_are_called_the_only_ones_where_that_is_proved_and_found_elsewhere(tmp_path):
    rows = read(KEPT / FILES.linear_held_out)
    points = {(r["data"], r["loss"], r["ridge"], r["beta"]): r for r in read(KEPT / FILES.linear_points)}
    (table,) = [part for part in unseen(rows, list(points.values())) if part.startswith("| data")]
    told = [[cell.strip() for cell in line.split(" | ")] for line in table.splitlines()[2:]]
    assert len(told) == len({(r["data"], r["loss"], r["ridge"], r["beta"]) for r in rows})
    for line in told:
        beta = "one" if line[2] == "1" else "samples"
        row = points.get((line[0].strip("| "), line[1], float(line[3]), beta))
        if row is None:
            assert line[-1].startswith("not looked at")
            continue
        assert line[-1].startswith("one, a minimum") == (row["proved"] == row["n"])
        assert line[-1].startswith("found: ") == (row["proved"] < row["n"])


def test_what_was_not_run_on_fashion_mnist_is_said(tmp_path):
    assert list(fashion(load(tmp_path), load(KEPT)))[1:] == ["Not run."]
    linear = read(KEPT / dependence.FASHION / FILES.linear_doses)
    write(tmp_path / FILES.linear_doses, linear)
    said = "\n".join(fashion(load(tmp_path), load(KEPT)))
    assert "in perceptrons that of a snapshot is not run" in said
    assert "The sets of perceptrons: not run." in said
    assert "**Confirmed**" not in said


def test_what_the_summary_says_of_measures_stands_in_the_tables():
    page = (DOCS / dependence.PAGE).read_text(encoding="utf-8").replace("−", "-")
    summary, _, made = page.partition(dependence.MARKS[0])
    (measures,) = [
        part for part in summary.split("\n- ") if part.startswith("*Measures of dependence do not")
    ]
    (fashion_,) = [part for part in summary.split("\n- ") if part.startswith("*Fashion-MNIST says")]
    said = re.findall(r"[+-]\d\.\d\d|[+-]\d+% to\s+[+-]\d+%", measures + fashion_)
    assert len(said) > 15
    for number in said:
        assert " ".join(number.split()) in made, number
    assert sum(one.verdict == "not decided" for one in decide(load(KEPT))) == 6
    assert "six of the sentences below are not decided" in " ".join(summary.split())


def test_old_verdicts_stand_beside_those_that_a_changed_rule_changed():
    found = decide(load(KEPT))
    changed = {one.sentence: one.written[0] for one in found if one.written is not None}
    assert set(changed.values()) == {"refuted"}
    page = (DOCS / dependence.PAGE).read_text(encoding="utf-8")
    for sentence in changed:
        (line,) = [line for line in page.splitlines() if line.startswith(f"| not decided | {sentence} |")]
        assert line.endswith("| refuted |")
    assert "6 refuted" in dependence.in_short(DOCS, "page").partition("(0 confirmed, ")[2]


def test_a_correlation_is_told_to_be_found_again_only_by_its_interval():
    def correlation(rho, n):
        reach = 2 / math.sqrt(n)
        low, high = (math.tanh(math.atanh(rho) + way * reach) for way in (-1, 1))
        return Correlation(rho, low, high, 0.0, n)

    first = correlation(-0.5, 120)
    assert compared(first, correlation(-0.5, 40)) == "also here"
    assert compared(first, correlation(-0.2, 40)) == "not clear"
    assert compared(first, correlation(0.1, 40)) == "clearly otherwise"
    assert compared(first, correlation(0.5, 40)) == "clearly otherwise"


def test_kinds_and_floors_are_counted_from_the_sets():
    (table,) = [part for part in by_measure(load(KEPT)) if part.startswith("| kind ")]
    told = {line.split(" | ")[0].strip("| "): line.split(" | ")[1:4] for line in table.splitlines()[2:]}
    rows = read(KEPT / FILES.sets)
    largest = sorted(rows, key=lambda row: row["gradient_cka"])[-len(rows) // 4 :]
    for kind, (number, floor, top) in told.items():
        mine = [row for row in rows if kind in (row["kind"], "all")]
        assert int(number) == len(mine)
        assert int(floor) == sum(row["nothing"] == 0.01 for row in mine)
        assert int(top) == sum(row in mine for row in largest)


@pytest.mark.parametrize("page", ["how-to/diagnose.md", "how-to/ascent-did-nothing.md"])
def test_what_is_said_of_the_best_stop_is_the_table_s(page):
    excess = {
        (r["data"], r["loss"], r["ridge"], r["beta"], r["place"]): r["excess"]
        for r in read(KEPT / FILES.linear_held_out)
    }
    courses = {key[:4] for key in excess}
    more = sum(excess[*key, "nearest"] > excess[*key, "nothing"] for key in courses)
    said = f"{more} of {len(courses)} courses"
    assert said in advice.UNSEEN
    assert said in more_at_the_best_stop(read(KEPT / FILES.linear_held_out))
    assert said in " ".join((DOCS / page).read_text(encoding="utf-8").split())
