"""The report in a real browser: quiet, offline, typeset, sortable, narrow and wide, by mouse and by keyboard."""

import pytest

from ascentcheck.figures import browser
from ascentcheck.figures.draw import draw
from ascentcheck.figures.report import render
from ascentcheck.theory.claims import by_name
from ascentcheck.theory.verify import verify

pytestmark = pytest.mark.skipif(browser.find() is None, reason="no Chromium or Chrome on this machine")

HANG = 1_800_000
"""Milliseconds that no page takes, on however busy a machine."""


@pytest.fixture(scope="module")
def html():
    return [verify(by_name(name), mutants=False) for name in ("lambert-eq", "lemma-3", "lemma-6")]


@pytest.fixture(scope="module")
def report(html, rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    path = folder / "report.html"
    drawn = [draw(number, rows, "toy", folder, ("png",)) for number in (1, 4)]
    path.write_text(render(html, drawn, rows, None), encoding="utf-8")
    return path


@pytest.fixture
def heard():
    return {"said": [], "asked": []}


@pytest.fixture(params=[(400, 800), (1400, 900)], ids=["phone", "desk"])
def page(request, chromium, report, heard):
    width, height = request.param
    shown = chromium.new_page(viewport={"width": width, "height": height})
    shown.set_default_timeout(HANG)
    shown.on("console", lambda message: heard["said"].append(message.text))
    shown.on("pageerror", lambda error: heard["said"].append(str(error)))
    shown.on("request", lambda request: heard["asked"].append(request.url))
    shown.goto(report.as_uri())
    yield shown
    shown.close()


def test_it_is_quiet_and_asks_no_network(page, heard):
    assert heard["said"] == []
    assert [url for url in heard["asked"] if not url.startswith(("file:", "data:"))] == []


def test_nothing_runs_out_of_the_window(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_formulas_are_typeset(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    # A typeset fraction stacks its parts; a browser that does not know MathML puts them in one line.
    top, bottom = page.evaluate(
        "[...document.querySelector('mfrac').children].map(part => part.getBoundingClientRect().top)"
    )
    assert bottom > top
    assert page.locator("math merror").count() == 0


def test_formulas_in_running_text_are_formulas(page):
    summary = page.locator("#lemma-3 > summary")
    assert summary.locator("mfrac").count() >= 2
    assert "|F|²" not in summary.inner_text()
    assert page.locator("#fig-4 figcaption math").count() >= 2


def test_claims_are_filtered_and_sorted(page):
    page.evaluate("document.querySelectorAll('details[open]').forEach(d => { d.open = false; })")
    names = lambda: page.locator("#list > details:visible").evaluate_all("all => all.map(d => d.id)")  # noqa: E731
    assert names() == ["lambert-eq", "lemma-3", "lemma-6"]
    page.select_option("#order", "verdict")
    assert names() == ["lambert-eq", "lemma-3", "lemma-6"]
    page.select_option("#order", "section")
    assert names() == ["lemma-3", "lemma-6", "lambert-eq"]
    page.select_option("#kind", label="false as printed")
    assert names() == ["lemma-3", "lambert-eq"]
    assert page.locator("#shown-claims").inner_text() == "2 of 3 claims"
    page.select_option("#section", "§5.1.1")
    assert names() == ["lemma-3"]
    page.select_option("#section", "")
    page.get_by_role("button", name="as printed: 1 claim,").click()
    assert "lemma-6" in names()
    page.select_option("#kind", "")
    page.select_option("#order", "order")


def test_what_is_false_is_loud_and_what_should_stand_there_is_said(page):
    badge = page.locator("#lemma-3 > summary .badge")
    assert badge.evaluate("e => getComputedStyle(e).textTransform") == "uppercase"
    ground, plain = (
        page.locator(f"{place} .badge").first.evaluate("e => getComputedStyle(e).backgroundColor")
        for place in ("#lemma-3 > summary", "#lemma-6 > summary")
    )
    assert ground != plain
    page.evaluate("document.getElementById('lemma-3').open = true")
    assert "Lemma 3 should read" in page.locator("#lemma-3 .reads").inner_text()


def test_a_figure_leads_to_its_claim_and_has_its_shares_as_a_table(page):
    assert page.locator("#fig-1 figcaption a").get_attribute("href") == "#networks"
    assert page.locator("#fig-4 table.shares tbody tr").count() == 3
    assert "Figure 4 of the paper" in page.locator("#fig-4 figcaption").inner_text()


def test_the_page_to_play_with_is_in_it(page):
    page.evaluate("document.querySelector('#play + details').open = true")
    frame = page.frame_locator("iframe[title='Play with descent-ascent']")
    frame.locator("#coordinate-numbers [data-name=w_pretrained]").wait_for()
    assert float(frame.locator("#coordinate-numbers [data-name=w_pretrained]").inner_text()) > 0


def test_pictures_are_whole(page):
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 100)")


def column(page, title):
    place = page.locator("#rows th button").all_inner_texts().index(title)
    return page.locator(f"#rows tbody tr:visible td:nth-child({place + 1})").all_inner_texts()


def test_the_table_sorts_and_filters(page, rows):
    scores = sorted(f"{row.p95:.3g}" for row in rows)
    page.get_by_role("button", name="KLoM p95", exact=True).click()
    up = column(page, "KLoM p95")
    assert sorted(up) == scores
    assert [float(v) for v in up] == sorted(float(v) for v in up)
    page.get_by_role("button", name="KLoM p95", exact=True).click()
    assert column(page, "KLoM p95") == up[::-1]
    page.locator("#filter").fill("random-10 ga forget")
    wanted = [r for r in rows if (r.forget_set, r.method, r.split) == ("random-10", "ga", "forget")]
    assert len(column(page, "method")) == len(wanted)
    assert set(column(page, "method")) == {"ga"}
    page.locator("#filter").fill("no such thing")
    assert column(page, "method") == []


def test_the_keyboard_suffices(page):
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.tagName"))
        if seen[-1] == "SUMMARY":
            break
    assert seen[-1] == "SUMMARY"
    assert seen.count("A") >= 4
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    button = page.get_by_role("button", name="KLoM p95", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").count() == 1


def test_a_link_to_a_claim_opens_it(page, report):
    page.goto(report.as_uri() + "#lemma-3")
    assert page.evaluate("document.getElementById('lemma-3').open")


def test_it_prints(report, tmp_path):
    browser.print_pdf(report, tmp_path / "report.pdf")
    data = (tmp_path / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert len(data) > 20_000


def test_a_browser_that_fails_is_one_plain_line(report, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/bin/false")
    with pytest.raises(browser.UserError, match="--pdf: /bin/false failed"):
        browser.print_pdf(report, tmp_path / "report.pdf")
