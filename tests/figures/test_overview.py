"""Studies side by side: every verdict in its place, what is alike counted, and what turned round."""

import json

import pytest

from ascentcheck.figures.overview import brief, overview

ALIKE, TURNED, OWN, OPEN = "Ascent fails.", "Noise helps.", "Only here.", "Who knows."


@pytest.fixture
def folder(tmp_path):
    studies = {
        "b": {ALIKE: ("refuted", "refuted"), TURNED: ("confirmed", "not decided"), OPEN: ("not decided",) * 2},
        "a": {
            ALIKE: ("refuted", "refuted"), TURNED: ("refuted", "refuted"), OPEN: ("not decided",) * 2,
            OWN: ("confirmed", "confirmed"),
        },
    }  # fmt: skip
    for name, verdicts in studies.items():
        findings = [
            {"sentence": s, "where": "§3", "verdicts": dict(zip(("paper", "robust"), each, strict=True))}
            for s, each in verdicts.items()
        ]
        content = {"study": name, "data": "digits", "network": "mlp", "n_models": 7, "findings": findings}
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    (tmp_path / "before.json").write_text(json.dumps({"studies": {}}))  # of older rules, and no study
    return tmp_path


def test_every_verdict_is_in_its_column(folder):
    lines = overview(folder).splitlines()
    older = lines.index("## By older rules")
    for told, rules in ((lines[:older], 0), (lines[older:], 1)):
        name = ("paper", "robust")[rules]
        assert f"| the paper says | a, {name} | b, {name} |" in told
        assert f"| {ALIKE} (§3) | **no** | **no** |" in told
        assert f"| {TURNED} (§3) | **no** | {('yes', 'open')[rules]} |" in told
        assert f"| {OPEN} (§3) | open | open |" in told
        assert f"| {OWN} (§3) | yes |  |" in told


def test_what_is_alike_and_what_turned_is_counted(folder):
    text = overview(folder)
    told = "in every study alike: 0 confirmed, 1 refuted, 1 open; 1 of 4 confirmed in one and refuted in another."
    assert told in text
    assert "In every column alike: 0 confirmed, 1 refuted, 1 open; 1 of 4 confirmed" in text


def test_older_rules_do_not_hide_what_studies_agree_on(folder):
    record = json.loads((folder / "b.json").read_text())
    record["findings"][0]["verdicts"]["robust"] = "confirmed"
    (folder / "b.json").write_text(json.dumps(record))
    text = overview(folder)
    assert "in every study alike: 0 confirmed, 1 refuted, 1 open; 1 of 4" in text
    assert "In every column alike: 0 confirmed, 0 refuted, 1 open; 2 of 4" in text


def test_the_page_lists_its_studies(folder):
    text = overview(folder)
    assert "- [`a`](a.md): digits, mlp, N = 7\n- [`b`](b.md)" in text
    assert text.endswith("\n\na\nb\n```\n")


def test_a_brief_caption_sums_the_methods_that_are_never_near():
    counts = "GA 0 of 9 (5 broken, 1 unclear); my-own 2 of 4 (1 broken, 0 unclear); GDA 0 of 3 (1 broken, 2 unclear)"
    caption = f"Figure 1. It, 16 snapshots. Axes are linear. Thin lines are 95% intervals. Near, by rule: {counts}. [x]"
    told = "my-own 2 of 4 (1 broken, 0 unclear); the 2 other methods 0 of 12 (6 broken, 3 unclear)"
    assert brief(caption, "p.md") == (
        f"Figure 1. It, 16 snapshots; its axes and lines are told on [its page](p.md). Near, by rule: {told}. [x]"
    )
    assert (
        brief(counts.replace("my-own 2", "my-own 0"), "p.md") == "all 3 methods 0 of 16 (7 broken, 3 unclear)"
    )
    assert brief("It failed.", "p.md") == "It failed."
