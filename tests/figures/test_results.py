"""The page of a study's results: each finding once, counts as in the table, pictures beside it, and the committed one."""

import json
import re
import shutil
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ascentcheck.empirics.findings import findings, klom_n
from ascentcheck.empirics.findings.answer import STEADY
from ascentcheck.figures.__main__ import figures
from ascentcheck.figures.again import MARK, OLDER, renamed
from ascentcheck.figures.overview import RULES
from ascentcheck.figures.report import describe
from ascentcheck.figures.results import COLUMNS, SHOWN, _split, study_digest, write
from ascentcheck.theory import console
from tests.small_study import study_text

ROOT = Path(__file__).parents[2]
COMMITTED = [
    p for p in (ROOT / "docs" / "results").glob("*.md") if (ROOT / "studies" / f"{p.stem}.toml").exists()
]
VERDICT = "confirmed|refuted|not decided"
OLD = "In general, the majority of runs of GA and GDA either do nothing or break the model."
BEFORE = {"paper": "confirmed", "robust": "refuted"}
METHODS = """
[[method]]
kind = "ga"
learning_rate = [1e-5, 1e30]
epochs = [1, 3]

[[method]]
kind = "do-nothing"
epochs = [0]
"""
STUDY = study_text(METHODS, name="tiny", n_models=4)


@pytest.fixture(scope="module")
def session(computed, tmp_path_factory):
    return computed(STUDY, tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def rows(session):
    return session.rows()


@pytest.fixture(scope="module")
def written(session, rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "figure1.png").write_text("of someone else")
    (folder / "before.json").write_text(json.dumps({"studies": {"tiny": {OLD: BEFORE}}}), encoding="utf-8")
    return write(session, rows, folder)


@pytest.fixture(scope="module")
def text(written):
    return written[0].read_text(encoding="utf-8")


def verdicts(text):
    """Return the verdict of each sentence, from the table at the top of a page and from the headings below."""
    above = re.findall(rf"^\| ({VERDICT}) \| [^|]* \| (.*) \| [^|]* \|$", text, re.MULTILINE)
    below = re.findall(r"^### (Confirmed|Refuted|Not decided): (.*)$", text, re.MULTILINE)
    return dict(map(reversed, above)), {sentence: verdict.lower() for verdict, sentence in below}


def test_each_finding_is_there_once_with_its_verdict_rule_and_figures(session, rows, text):
    found = findings(session.study, rows)
    above, below = verdicts(text)
    assert above == below == {one.sentence: one.verdict for one in found}
    assert text.count("\nRule: ") == text.count("\nMeasured: ") == len(found) > 10
    plain = re.sub(r"\n+(- )?", " ", text)
    for one in found:
        assert all(part in plain for part in _split(one.measured))
    counts = Counter(one.verdict for one in found)
    assert f"Of {len(found)} sentences, {counts['confirmed']} are confirmed, " in text


def test_the_second_column_is_that_of_older_rules(session, rows, written, text):
    found = dict(
        map(reversed, re.findall(rf"^\| (?:{VERDICT}) \| ([^|]*) \| (.*) \| [^|]* \|$", text, re.MULTILINE))
    )
    assert {sentence: before.strip() for sentence, before in found.items() if before.strip()} == {
        OLD: "confirmed, refuted"
    }
    own = {one.sentence: one.verdict for one in findings(session.study, rows)}
    differ = "1 verdict differs" if own[OLD] not in BEFORE.values() else "0 verdicts differ"
    assert f": {differ} from all of these" in text
    kept = json.loads(written[1].read_text(encoding="utf-8"))["findings"]
    (recorded,) = [one["verdicts"] for one in kept if one["sentence"] == OLD]
    assert recorded == {RULES: own[OLD], "before, paper": "confirmed", "before, robust": "refuted"}


def test_counts_are_those_of_the_models(text):
    (line,) = re.findall(r"^\| ga \| running \| (.*) \|$", text, re.MULTILINE)
    counts = dict(zip(COLUMNS, map(int, line.split(" | ")), strict=True))
    assert counts["snapshots"] == 4
    assert counts["broken"] >= 2  # both of the rate that diverges
    assert counts["success"] == 0


def test_pictures_are_beside_the_page_and_nothing_else_is_touched(written, text):
    folder = written[0].parent
    linked = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    # figure 3 compares kinds of sets, and this study has one
    assert linked == [f"tiny-figure{number}.png" for number in SHOWN if number != 3]
    assert [folder / name for name in ("tiny.json", *linked)] == written[1:]
    for name in linked:
        with Image.open(folder / name) as picture:
            assert picture.width > 1000
    others = {"figure1.png", "before.json"}
    assert {path.name for path in folder.iterdir()} == {"tiny.md", "tiny.json", *others, *linked}
    assert (folder / "figure1.png").read_text() == "of someone else"


def test_the_page_says_what_it_is_of(session, text):
    assert study_digest(session.path) in text
    assert STEADY in text  # by which `figures.again` tells it from pages of earlier rules
    assert f"{len(session.plan)} of {len(session.plan)} jobs are done, N = 4 models of each kind" in text
    assert "1,437 training and 360 validation points" in text


def test_the_record_keeps_the_caption_of_the_readmes_figure_if_it_shows_something(
    session, rows, written, tmp_path
):
    assert (
        json.loads(written[1].read_text(encoding="utf-8"))["captions"] == {}
    )  # no set of this study is dependent
    named = [replace(row, forget_set="neighbours-10") for row in rows]
    _, record, *_ = write(session, named, tmp_path)
    caption = json.loads(record.read_text(encoding="utf-8"))["captions"]["1"]
    assert caption.startswith("Figure 1. ")
    assert "of 4 (" in caption


def test_data_that_are_not_official_are_called_so_in_page_record_and_every_caption(session, rows, tmp_path):
    data = replace(session.dataset, remark="not the official files: kept as JPEG")
    told = replace(session, dataset=data)
    page, record, *_ = write(told, rows, tmp_path)
    text = page.read_text(encoding="utf-8")
    said = "digits (not the official files: kept as JPEG)"
    assert f"Data: {said}, 1,437 training" in text
    assert json.loads(record.read_text(encoding="utf-8"))["data"] == said
    captions = re.findall(r"^Figure \d+\. .*$", text, re.MULTILINE)
    assert len(captions) == len(SHOWN) - 1
    assert all(f"[study tiny, of {said}, N = 4" in caption for caption in captions)
    assert describe(told).data == said
    assert describe(session).data == "digits"


@pytest.mark.parametrize(
    ("measured", "parts"),
    [
        ("one", ["one"]),
        ("a: 1; b: 2", ["a: 1", "b: 2"]),
        ("a (of 3; 2 unclear); b", ["a (of 3; 2 unclear)", "b"]),
    ],
)
def test_parts_are_told_apart_outside_of_brackets(measured, parts):
    assert _split(measured) == parts


def test_a_study_without_results_is_one_plain_line(session, tmp_path, monkeypatch, capsys):
    study = tmp_path / "tiny.toml"
    shutil.copy(session.path, study)
    arguments = ["--study", str(study), "--store", str(tmp_path / "store"), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["figures", "results", *arguments])
    with pytest.raises(SystemExit) as stop:
        console.run(figures, "figures")
    out, err = capsys.readouterr()
    assert (stop.value.code, out, len(err.splitlines())) == (2, "", 1)
    assert f"{study}: nothing of the study can be scored yet" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_a_committed_page_is_of_the_committed_study(path):
    text = path.read_text(encoding="utf-8")
    assert study_digest(ROOT / "studies" / f"{path.stem}.toml") in text
    done = re.search(r"(\d+) of (\d+) jobs are done", text)
    assert done[1] == done[2]
    above, below = verdicts(text)
    assert above == below
    kept = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    without_study = {one.sentence for one in klom_n.findings()}
    rules = f"before, {OLDER}" if MARK in text else RULES
    recorded = {one["sentence"]: one["verdicts"][rules] for one in kept["findings"]}
    assert recorded == {
        renamed(sentence): verdict for sentence, verdict in above.items() if sentence not in without_study
    }
    assert len(above) - len(recorded) == len(without_study)
    for name in re.findall(r"\]\(([^)]+\.png)\)", text):
        assert (path.parent / name).is_file()
