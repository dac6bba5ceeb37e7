"""The page to play with, in a real browser: its numbers are those of `evaluate`, and it is quiet and offline."""

import math
import random
from itertools import product

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ascentcheck import evaluate
from ascentcheck.figures import browser
from ascentcheck.figures.play import PAGE, SHARE, page_text
from ascentcheck.theory.toy import regimes
from ascentcheck.theory.toy.problem import Reading

pytestmark = pytest.mark.skipif(browser.find() is None, reason="no Chromium or Chrome on this machine")

CLOSE = 1e-9
"""Relative, of every number that `evaluate` gives too."""
NAMES = ("alpha", "f", "lambda", "beta", "epsilon", "forgotten")
IN_PYTHON = """points => points.map(p => {
  const plain = v => typeof v === "number" && Number.isNaN(v) ? null : v;
  const c = play.coordinate(p), q = play.pair(p);
  return {...Object.fromEntries(Object.entries(c).map(([k, v]) => [k, plain(v)])), best_stop: c.nearest, ordered: q.ordered,
    x_pretrained: q.d.x, y_pretrained: q.d.y, x_retrained: q.r.x, y_retrained: q.r.y, x_da: plain(q.da.x), y_da: plain(q.da.y),
    pair_nothing: q.distance_nothing, pair_da: plain(q.distance_da), pair_best: q.distance};
})"""


def points(count, seed):
    """Return points all over the sliders' ranges, and those at which something meets or vanishes."""
    draw = random.Random(seed)
    made = [
        {
            "alpha": 10 ** draw.uniform(-3, 1),
            "f": 10 ** draw.uniform(-2, 1),
            "lambda": 10 ** draw.uniform(-3, 0.3),
            "beta": 1,
            "epsilon": draw.random(),
        }
        for _ in range(count)
    ]
    plain = {"alpha": 0.25, "f": 0.25, "lambda": 0.125, "beta": 1, "epsilon": 0.5}
    ends = product((1e-3, 10), (1e-2, 10), (1e-3, 10**0.3))  # of the sliders
    made += [plain | {"alpha": a, "f": f, "lambda": ridge, "epsilon": 0.995} for a, f, ridge in ends]
    return [*made, plain, plain | {"epsilon": 0}, plain | {"alpha": 8, "f": 1 / 128}]


def expected(at):
    """Return what `evaluate` says at a point of the page, by the page's names; β = 1 unless only w^DA is asked for."""
    inputs = {
        "alpha": at["alpha"],
        "n_retain": 1,
        "n_forget": at["f"],
        "n_group": SHARE,
        "ridge": at["lambda"],
    }
    pair = inputs | {"epsilon": at["epsilon"]}
    line, stop = evaluate("lemma-3", **inputs)["values"], evaluate("early-stopping", **inputs)["values"]
    harm = evaluate("pair-harm", **pair)["values"]
    names = ("w_pretrained", "w_retrained", "w_da", "w_da_maximum", "direction")
    return {
        **{name: line[name] for name in names},
        **{name: stop[name] for name in ("best_stop", "distance_nothing", "distance_best")},
        **{f"{axis}_{of}": harm[f"{axis}_{of}"] for axis in "xy" for of in ("pretrained", "retrained", "da")},
        "pair_nothing": harm["distance_nothing"],
        "pair_da": harm["distance_da"],
        "ordered": evaluate("figure-4", **pair)["conclusion"]["holds"] or False,
    }


def differences(page, at_points):
    """Return what the page has otherwise than `evaluate`: names, both values and the point."""
    found = []
    for at, ours in zip(at_points, page.evaluate(IN_PYTHON, at_points), strict=True):
        for name, value in expected(at).items():
            mine = ours[name]
            if isinstance(value, str | bool) or value is None or mine is None:
                same = mine == value
            else:
                # A distance is the difference of two weights: its digits are lost where they nearly meet.
                size = max(
                    abs(value),
                    1e-3 * abs(ours["w_pretrained"]) if "distance" in name or "pair" in name else 0,
                )
                same = math.isclose(mine, value, rel_tol=CLOSE, abs_tol=CLOSE * size)
            if not same:
                found.append((name, mine, value, at))
    return found


@pytest.fixture(scope="module")
def page(chromium):
    shown = chromium.new_page(viewport={"width": 400, "height": 800})
    shown.heard = []
    shown.on("console", lambda message: shown.heard.append(message.text))
    shown.on("pageerror", lambda error: shown.heard.append(str(error)))
    shown.on(
        "request",
        lambda request: shown.heard.extend(
            [request.url] if request.url[:5] not in ("file:", "data:") else []
        ),
    )
    shown.goto(PAGE.as_uri())
    yield shown
    shown.close()


def test_its_numbers_are_those_of_evaluate(page):
    assert differences(page, points(40, 0)) == []
    seen = {expected(at)["direction"] for at in points(40, 0)}
    assert seen == {"toward", "away", "past", "none"}


def test_a_wrong_formula_is_seen(chromium, tmp_path):
    wrong = tmp_path / "wrong.html"
    text = page_text()
    text = text.replace("q = 2 * eps", "q = 2.000001 * eps")
    assert text != page_text()
    wrong.write_text(text, encoding="utf-8")
    shown = chromium.new_page()
    shown.goto(wrong.as_uri())
    assert {name for name, *_ in differences(shown, points(5, 1))} >= {"x_pretrained", "pair_da"}
    shown.close()


@pytest.mark.parametrize("beta", [0.3, 1.7])
def test_with_another_weight_the_end_and_the_first_step_are_those_of_evaluate(page, beta):
    at_points = [at | {"beta": beta} for at in points(15, 2)]
    for at, ours in zip(at_points, page.evaluate(IN_PYTHON, at_points), strict=True):
        inputs = {"alpha": at["alpha"], "n_retain": 1, "n_group": SHARE, "ridge": at["lambda"]}
        # β enters w^DA as β/|F| alone.
        as_if = evaluate("pair-harm", **inputs, n_forget=at["f"] / beta, epsilon=at["epsilon"])["values"]
        alone = evaluate("lemma-2", **inputs, n_forget=at["f"] / beta)["values"]
        for name, value in (("w_da", alone["w_da"]), ("x_da", as_if["x_da"]), ("y_da", as_if["y_da"])):
            assert ours[name] == (value if value is None else pytest.approx(value, rel=CLOSE)), (name, at)
        step = evaluate("first-step", **inputs, n_forget=at["f"], beta=beta)["values"]["direction"]
        if at["alpha"] != at["f"] and ours["direction"] != "none":
            assert step == {"toward": "toward", "past": "toward", "away": "away"}[ours["direction"]]


def says(text, value):
    """Whether a cell of the page says a value of `evaluate`."""
    return text == "none" if value is None else float(text) == pytest.approx(value, rel=CLOSE)


def test_by_sliders_the_page_shows_what_evaluate_says(page):
    for values in ((-0.5, -0.4, -1.2, 1, 0.25, 2), (-2.3, -0.955, -0.3, 1, 0.8, 2)):
        for name, value in zip(NAMES, values, strict=True):
            slide = "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }"
            page.locator(f"#{name}").evaluate(slide, value)
        at = page.evaluate("play.values()")
        assert at["alpha"] == pytest.approx(10 ** values[0])
        wanted = expected(at)
        for name in ("w_pretrained", "w_retrained", "w_da", "best_stop", "distance_nothing"):
            text = page.locator(f"#coordinate-numbers [data-name={name}]").inner_text()
            assert says(text, wanted[name])
        for name in ("x_pretrained", "y_retrained", "x_da"):
            text = page.locator(f"#pair-numbers [data-name={name}]").inner_text()
            assert says(text, wanted[name])
        assert page.locator("#coordinate-numbers [data-name=direction]").inner_text() == wanted["direction"]


def test_the_keyboard_moves_a_slider(page):
    before = page.locator("#coordinate-numbers [data-name=w_pretrained]").inner_text()
    page.locator("#lambda").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#coordinate-numbers [data-name=w_pretrained]").inner_text() != before


def nearest_by_scipy(field, start, aim):
    """Return the least distance of a flow to a point, by another integrator."""
    aim = np.array(aim)

    def turns(_, at):
        return float((at - aim) @ field(at))

    done = solve_ivp(
        lambda _, at: field(at), (0, 2000), start, method="DOP853", rtol=1e-12, atol=1e-13, events=turns
    )
    places = [*done.y_events[0], np.array(start), done.y[:, -1]]
    return min(float(np.linalg.norm(place - aim)) for place in places)


def test_the_nearest_place_on_the_pairs_path_is_that_of_another_integrator(page):
    asked = "p => { const q = play.pair(p); return [q.d.w, q.r.w, q.distance, q.end !== null]; }"
    names = ("alpha", "f", "lambda", "beta", "epsilon")
    for values in ((0.2, 0.3, 0.01, 0.5, 0.4), (0.02, 1, 0.05, 1, 0.7)):
        at = dict(zip(names, values, strict=True))
        start, aim, distance, ended = page.evaluate(asked, at)
        assert ended
        g, e = SHARE / at["lambda"], at["epsilon"]
        rows, pulls = np.array([[1, e], [e, 1]]), np.array([g, -at["beta"] * at["alpha"] * g / at["f"]])

        def field(w, rows=rows, pulls=pulls):
            return rows.T @ (pulls * np.exp(-rows @ w)) - w

        assert distance == pytest.approx(nearest_by_scipy(field, start, aim), rel=1e-8)
        assert distance < 0.999 * np.linalg.norm(np.subtract(start, aim))


def test_the_toys_minima_are_those_of_evaluate(page):
    for ridge, k in (("0.1", 2), ("0.02", 1), ("0.3", 3)):
        values = evaluate("toy-minima", forgotten=k, ridge=ridge)["values"]
        ours = page.evaluate(
            "p => { const t = play.toy(p); return Object.fromEntries(Object.entries(t.minima).map(([n, l]) => "
            "[n, l.map(m => [...m, t.problems[n].loss(m)])])); }",
            {"lambda": float(ridge), "beta": 1, "forgotten": k},
        )
        for name, found in ours.items():
            exact = [[m["a"], m["b"], m["loss"]] for m in values[name]]
            np.testing.assert_allclose(found, exact, rtol=CLOSE, err_msg=f"{name} {ridge} {k}")


def test_the_toys_story_is_the_proved_one_at_every_ridge(page):
    ridges = [int(r.p) / int(r.q) for r in regimes.RIDGES]
    asked = "ridges => ridges.map(l => play.story(play.toyProblems({lambda: l, beta: 1, forgotten: 2})))"
    assert page.evaluate(asked, ridges) == regimes.stored()[regimes.key(Reading())]


def test_it_is_quiet_and_offline_and_fits_a_phone(page):
    page.wait_for_function("document.querySelectorAll('#toy-strip rect').length === 34")
    assert page.heard == []
    for width in (400, 1300):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
