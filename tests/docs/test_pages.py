"""The generated pages are what the claims say now, and a page that is not is caught."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from ascentcheck.figures import claim_graph, claim_pages, pages, slack, style
from ascentcheck.theory.claim import Rule, Verdict
from ascentcheck.theory.claims import CLAIMS, by_name
from ascentcheck.theory.domain import Domain, Range
from ascentcheck.theory.pages import escaped, example, page
from ascentcheck.theory.pages.checks import PLAIN
from ascentcheck.theory.pages.typeset import in_markdown
from ascentcheck.theory.theorems import THEOREMS
from ascentcheck.theory.verify import verify

DOCS = Path(__file__).parents[2] / "docs"
EVERY = (*CLAIMS, *THEOREMS)
RECORDED = {claim.name: max(s.recorded[0] for s in claim.statements) for claim in EVERY}


@pytest.fixture(scope="module")
def one():
    return verify(by_name("lambert-eq"), mutants=False)


@pytest.mark.parametrize("name", ["lambert-eq", "lemma-3", "lemma-5"])
def test_as_recorded_is_as_decided(name, as_recorded):
    claim = by_name(name)
    assert page(as_recorded(claim), EVERY) == page(verify(claim, mutants=False), EVERY)


def test_no_page_is_stale(as_recorded):
    assert pages.stale([as_recorded(claim) for claim in EVERY], DOCS) == [], "run `python -m figures.pages`"


def test_a_stale_page_is_caught_and_renewed(tmp_path, as_recorded):
    results = [as_recorded(by_name(name)) for name in ("lambert-eq", "lemma-2", "lemma-4")]
    copy = tmp_path / "docs"
    shutil.copytree(DOCS, copy, ignore=shutil.ignore_patterns("modules", "derivations"))
    pages.write(results, copy)
    assert pages.stale(results, copy) == []
    made = copy / "derivations"
    graph = (made / "graph.svg").read_bytes()
    changed = (made / "lemma-2.md").read_text(encoding="utf-8").replace("0 <", r"0 \le", 1)
    (made / "lemma-2.md").write_text(changed, encoding="utf-8")
    (made / "graph.svg").unlink()
    (made / "slack" / "lemma-4.png").write_bytes(b"no picture")
    (made / "lemma-99.md").write_text("# a claim that is no more", encoding="utf-8")
    wrong = ["lemma-2.md", "graph.svg", "slack/lemma-4.png", "lemma-99.md"]
    assert pages.stale(results, copy) == [f"derivations/{name}" for name in wrong]
    assert pages.write(results, copy) == [f"derivations/{name}" for name in wrong]
    assert pages.stale(results, copy) == []
    assert (made / "graph.svg").read_bytes() == graph


def test_theorems_are_listed_apart_and_no_verdict_of_the_paper(as_recorded):
    results = [as_recorded(by_name("lemma-4")), as_recorded(THEOREMS[-1])]
    before, _, after = claim_pages.contents(results).partition("## Beyond the paper")
    assert "lemma-4.md" in before
    assert "| proved |" in after
    assert "npo.md" in after
    assert "npo" not in before
    assert "npo" not in claim_pages.verdicts(results)
    text = page(results[1], EVERY)
    assert "Beyond the paper. **Proved**" in text
    assert "as printed" not in text


def test_a_theorem_tells_what_of_it_is_in_no_kernel(as_recorded):
    assert "are in no kernel" in page(as_recorded(THEOREMS[0]), EVERY)
    assert "are in no kernel" not in page(as_recorded(by_name("lemma-4")), EVERY)


def test_a_verdict_that_was_changed_stands_beside_the_new_one(as_recorded):
    result = as_recorded(by_name("lemma-4"))
    why = "of complex logarithms the old witness, −1/4, is none"
    assert (
        f"Recorded as *false as printed* until 2026-11-27; changed, after the result was known, because {why}."
        in page(result, EVERY)
    )
    before, _, after = claim_pages.sentences([result, as_recorded(by_name("lemma-6"))]).partition(
        "## Verdicts that were changed"
    )
    row = (
        f"| [lemma-4](derivations/lemma-4.md), logarithmic-form | false as printed | open as worded | {why} |"
    )
    assert row in after
    assert row not in before
    assert "lemma-6" not in after


def test_a_page_has_every_part_of_its_claim(one):
    text = page(one, CLAIMS)
    claim = one.claim
    for statement in claim.statements:
        assert escaped(statement.quote) in text
        assert escaped(statement.remark) in text
        for step in statement.steps:
            assert escaped(step.says) in text
    for part in claim.necessity:
        assert escaped(part.hypothesis) in text
    for part in claim.errata:
        assert f"should read: “{in_markdown(part.replacement)}”" in text
    assert text.count("✓ proved") + text.count("✗ refuted") == sum(len(s.steps) for s in claim.statements)
    assert one.verdict.words in text.lower()


def test_a_changed_formula_changes_the_page(one):
    first, *others = one.claim.statements
    (proposition, *more) = first.verified
    turned = sp.Ne(proposition.relation.lhs, proposition.relation.rhs, evaluate=False)
    other = replace(first, verified=(replace(proposition, relation=turned), *more))
    results = (replace(one.statements[0], statement=other), *one.statements[1:])
    changed = replace(one, claim=replace(one.claim, statements=(other, *others)), statements=results)
    assert page(changed, CLAIMS) != page(one, CLAIMS)


@pytest.mark.parametrize("claim", EVERY, ids=lambda claim: claim.name)
def test_the_example_is_a_point_of_the_inputs(claim):
    point = example(claim)
    assert list(point) == list(claim.inputs.symbols)


def test_an_example_prefers_plain_numbers():
    x, y = sp.symbols("x y", real=True)
    claim = replace(
        by_name("lemma-4"), statements=(), necessity=(), inputs=Domain((Range(x, 2, 5), Range(y, x, x)))
    )
    assert example(claim) == {x: 2, y: 2}
    assert PLAIN[0] == 1


def test_inputs_that_are_words_are_shown_as_words(one):
    claim = one.claim
    (symbol,) = claim.inputs.symbols
    spoken = replace(
        claim,
        statements=(replace(claim.statements[0], witness=None),),
        necessity=(),
        inputs=Domain((Range(symbol, 0, 1),)),
        words={symbol: ("one", "other")},
        defaults={symbol: "other"},
    )
    text = page(replace(one, claim=spoken, statements=one.statements[:1]), CLAIMS)
    assert "evaluate lambert-eq a=other\n" in text
    assert "`one` or `other`, `other` if not given" in text


def test_what_markdown_would_read_more_into_is_escaped():
    assert escaped("a|b * c_d [0, 1) `x|y`") == r"a\|b \* c\_d \[0, 1) `x|y`"


def test_formulas_in_tables_have_no_bar():
    for path in (DOCS / "derivations").glob("*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("| "):
                cells = re.split(r"(?<!\\)\|", line)
                assert len(cells) in (4, 5, 6), line


def test_the_graph_has_every_claim_below_what_rests_on_it():
    graph = claim_graph.data(EVERY, RECORDED)
    depth = {name: row for row, names in enumerate(graph.rows) for name in names}
    assert set(depth) == {claim.name for claim in EVERY}
    for claim in EVERY:
        assert all(depth[below] < depth[claim.name] for below in claim.rests_on if below in depth)
    assert ("lemma-2", "lemma-3") in graph.edges
    assert ("lambert-eq", "lemma-3") not in graph.edges  # it follows from the other two


def test_claims_that_rest_on_each_other_are_refused():
    first, second = by_name("lemma-3"), by_name("lemma-4")
    circle = (replace(first, rests_on=("lemma-4",)), replace(second, rests_on=("lemma-3",)))
    with pytest.raises(ValueError, match="circle: lemma-3, lemma-4"):
        claim_graph.data(circle, RECORDED)


def test_every_verdict_has_a_look():
    assert set(claim_graph.LOOKS) == set(Verdict)


def test_slack_is_drawn_where_the_sides_meet_and_only_for_inequalities():
    panels = slack.data(by_name("lemma-3"))
    titles = [panel.title for panel in panels]
    assert "appendix-range 1" in titles
    first = panels[titles.index("appendix-range 1")]
    along = {curve.parameter.name: curve.slack for curve in first.curves}
    assert along["alpha"][0] == along["alpha"][-1] == float("-inf")  # sharp at both ends
    assert all(value > float("-inf") for value in along["ridge"] if value == value)
    assert slack.data(by_name("lemma-6")) == ()
    with style.paper():
        assert slack.draw(panels).axes
        assert slack.draw(()).texts


def test_every_rule_is_explained():
    text = (DOCS / "explanation" / "trust.md").read_text(encoding="utf-8")
    assert all(f"### Rule: {rule.name.lower()}\n" in text for rule in Rule)
