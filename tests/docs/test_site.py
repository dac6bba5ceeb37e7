"""The built site: offline, quiet, typeset, searchable, and legible at 400 pixels, in light and in dark.

`make docs` builds it and runs this. Without a site, or with one that is older than its pages, it is skipped.
"""

import os
import re
from functools import cache
from pathlib import Path

import pytest

from ascentcheck.figures import browser

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "docs"
PAGES = sorted(p.relative_to(SITE).as_posix() for p in SITE.rglob("*.html") if "_static" not in p.parts)
SOURCES = [p for p in (ROOT / "docs").rglob("*") if p.suffix in (".md", ".svg", ".png", ".py", ".css")]
MODULES = [page for page in PAGES if page.startswith("reference/modules/")]
OPENED = 20
"""So many pages of modules are opened in a browser, the longest ones; every night all are. They are of one make."""
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
LONGEST = set(sorted(MODULES, key=lambda page: (SITE / page).stat().st_size)[-OPENED:])
VISITED = [page for page in PAGES if NIGHTLY or page in LONGEST or page not in MODULES]
STALE = not PAGES or max(p.stat().st_mtime for p in SOURCES) > (SITE / "index.html").stat().st_mtime
pytestmark = pytest.mark.skipif(
    STALE, reason="no site as new as its pages in build/docs; `make docs` builds it"
)
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
needs_browser = pytest.mark.skipif(browser.find() is None, reason="no Chromium or Chrome on this machine")

NARROW, WIDE = {"width": 400, "height": 800}, {"width": 1300, "height": 900}
HANG = 1_800_000
"""Milliseconds that no page takes, on however busy a machine."""
LEAST_CONTRAST = 4.5
"""What the accessibility guidelines ask of text (WCAG 2.2, 1.4.3)."""

CONTRAST = """() => {
  const channel = v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0.5) return c; } return [255, 255, 255]; };
  const texts = [...document.querySelectorAll("article p, article td, article li, article a, article h2, mjx-container")];
  return Math.min(21, ...texts.map(e => {
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }));
}"""


BROKEN = """<!doctype html><title>broken</title><style>body { color: #999; background: #fff; }</style>
<article><p style="width: 900px">faint and wide</p><p class="math">\\(x\\)</p></article>
<img src="http://nowhere.invalid/x.png"><script>console.error("loud")</script>"""


def elsewhere(html):
    """Return the addresses from which a page would load something that is not beside it."""
    loaded = re.findall(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"([^\"]*)\"", html)
    loaded += re.findall(r"<link\b[^>]*\bhref=\"([^\"]*)\"", html)
    return [url for url in loaded if re.match(r"[a-z]+:|/", url) and not url.startswith("data:")]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_comes_from_elsewhere(page):
    html = (SITE / page).read_text(encoding="utf-8")
    assert "<script" in html
    assert elsewhere(html) == []


@cache
def anchors(path):
    return set(re.findall(r'\bid="([^"]*)"', path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES)
def test_links_within_the_site_lead_somewhere(page):
    path = SITE / page
    for target in re.findall(r"<a\b[^>]*\bhref=\"([^\"]*)\"", path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        other = (path.parent / name).resolve() if name else path
        assert other.is_file(), target
        if anchor:
            assert anchor in anchors(other), target


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"], timeout=HANG)
        yield running
        running.close()


@pytest.fixture
def visit(chromium):
    """Open a page of the site; return it with what it said and asked for."""
    opened = []

    def go(address):
        shown = chromium.new_page(viewport=NARROW, color_scheme="light")
        shown.set_default_timeout(HANG)
        opened.append(shown)
        said, asked = [], []
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(address)
        shown.evaluate("window.MathJax?.startup?.promise")
        return shown, said, asked

    yield go
    for shown in opened:
        shown.close()


def problems(shown, said, asked, folder):
    """Return what is wrong with an open page."""
    found = [f"says {text}" for text in said]
    found += [f"asks for {url}" for url in asked if not url.startswith((folder.resolve().as_uri(), "data:"))]
    formulas = shown.locator(".math")
    if shown.locator(".math mjx-container").count() != formulas.count():
        found.append("a formula is not typeset")
    elif formulas.count():
        if shown.locator("mjx-merror, [data-mml-node=merror]").count():
            found.append("a formula has an error")
        if not shown.evaluate("document.fonts.ready.then(() => document.fonts.check('16px MJXTEX'))"):
            found.append("the fonts of formulas are missing")
        if not shown.evaluate(
            "[...document.querySelectorAll('mjx-container')].every(m => m.offsetWidth > 0)"
        ):
            found.append("a formula has no width")
    if not shown.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)"):
        found.append("a picture is missing")
    for size in (NARROW, WIDE):
        shown.set_viewport_size(size)
        if shown.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"is wider than {size['width']}")
    for scheme in ("light", "dark"):
        shown.emulate_media(color_scheme=scheme)
        if shown.evaluate(CONTRAST) < LEAST_CONTRAST:
            found.append(f"is hard to read, {scheme}")
    return found


@needs_browser
@pytest.mark.parametrize("page", VISITED)
def test_a_page_in_a_browser(page, visit):
    assert problems(*visit((SITE / page).as_uri()), SITE) == []


@needs_browser
def test_a_broken_page_is_told_from_a_sound_one(visit, tmp_path):
    path = tmp_path / "broken.html"
    path.write_text(BROKEN, encoding="utf-8")
    found = "; ".join(problems(*visit(path.as_uri()), tmp_path))
    wrong = ("says loud", "asks for http", "not typeset", "picture", "wider than 400", "read, light")
    assert [word for word in wrong if word not in found] == []
    assert elsewhere(BROKEN) == ["http://nowhere.invalid/x.png"]


@needs_browser
def test_light_and_dark_differ(visit):
    shown, _, _ = visit((SITE / "index.html").as_uri())
    grounds = []
    for scheme in ("light", "dark"):
        shown.emulate_media(color_scheme=scheme)
        grounds.append(shown.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds[0] != grounds[1]


@needs_browser
def test_the_search_finds_a_claim_from_disk(visit):
    shown, said, _ = visit((SITE / "search.html").as_uri() + "?q=oracle")
    shown.wait_for_selector("#search-results li a")
    assert shown.locator("#search-results li a[href*='lemma-3']").count() >= 1
    assert said == []
    shown, _, _ = visit((SITE / "search.html").as_uri() + "?q=xyzzyplugh")
    shown.wait_for_selector("#search-results p")
    assert shown.locator("#search-results li a").count() == 0
