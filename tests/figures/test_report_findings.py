"""The report's part on networks: every finding with its verdict, rule and figures, and safe from its own text."""

import re

from ascentcheck.empirics.findings.finding import Finding
from ascentcheck.figures.draw import draw
from ascentcheck.figures.report import render
from ascentcheck.theory.claims import by_name
from ascentcheck.theory.verify import verify


def finding(verdict, sentence="Ascent fails.", measured="forget 9.00 (8.90–9.10, n = 100)"):
    return Finding("da-fails", sentence, "§3, Fig. 1", "more than half", verdict, measured)


def test_every_finding_is_there_with_its_rule():
    html = render(
        [], [], [], None, [finding("confirmed"), finding("refuted", "It works."), finding("not decided")]
    )
    assert "1 confirmed, 1 refuted, 1 not decided" in html
    assert "<b>refuted</b>: It works." in html
    assert html.count("Rule: more than half") == html.count("forget 9.00 (8.90–9.10, n = 100)") == 3


def test_without_findings_it_says_so():
    assert "Nothing of the study has been looked at yet." in render([], [], [], None)


def test_text_is_escaped():
    html = render([], [], [], None, [finding("refuted", "<script>alert(1)</script>")])
    assert "<script>alert" not in html


def test_the_contents_name_each_part_once():
    html = render([], [], [], None, [finding("confirmed")])
    links = re.findall(r'<a href="#([\w-]+)">', html)
    assert len(links) == len(set(links)) >= 5
    assert set(links) <= set(re.findall(r'id="([\w-]+)"', html))


def test_no_two_parts_have_one_name(tmp_path, rows):
    drawn = [draw(4, rows, "toy", tmp_path, ("png",))]
    html = render([verify(by_name("figure-4"), mutants=False)], drawn, [], None, [finding("confirmed")])
    names = re.findall(r' id="([\w-]+)"', html)
    assert {"figure-4", "fig-4"} <= set(names)
    assert len(names) == len(set(names))
    assert 'Belongs to <a href="#figure-4">figure-4</a>' in html
