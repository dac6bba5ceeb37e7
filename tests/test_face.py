"""The public face: what people pass is taken as it is meant or refused with a reason, and says what the command says."""

import json
import subprocess
import sys
from fractions import Fraction
from html import escape
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.figure import Figure

import ascentcheck
from ascentcheck.empirics.arrays import as_margins, as_numpy, as_split, margins_from_logits
from ascentcheck.theory.console import UserError

DRAW = np.random.default_rng(0)
ORACLE, SAME = DRAW.standard_normal((2, 12, 60))
FAR = SAME + 1.5
LABELS = DRAW.integers(0, 4, 60)


def test_every_name_is_there_and_no_other():
    for name in ascentcheck.__all__:
        assert getattr(ascentcheck, name) is not None
        assert name in dir(ascentcheck)
    with pytest.raises(AttributeError, match="no attribute 'klon'"):
        _ = ascentcheck.klon


def test_scoring_needs_no_torch_sympy_or_matplotlib():
    code = (
        "import sys, numpy as np, ascentcheck; r = np.random.default_rng(0); "
        "ascentcheck.klom(*r.standard_normal((2, 12, 40))); "
        "print(sorted({'torch', 'sympy', 'flint', 'matplotlib', 'sklearn'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


@given(
    arrays(np.float64, (2, 3, 4), elements=st.floats(-50, 50)),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_margins_of_logits_are_a_plain_loop(logits, labels):
    found = margins_from_logits(logits, labels)
    for model in range(2):
        for point, y in enumerate(labels):
            z = logits[model, point]
            plain = z[y] - np.log(np.exp(np.delete(z, y)).sum())
            assert found[model, point] == pytest.approx(plain, abs=1e-9)


def test_margins_of_large_logits_are_finite_and_of_broken_ones_are_passed_on():
    assert margins_from_logits([[[1e4, 0.0, 0.0]]], [0])[0, 0] == pytest.approx(1e4 - np.log(2))
    assert margins_from_logits([[[np.inf, 0.0]]], [0])[0, 0] == np.inf
    assert margins_from_logits([[[0.0, np.inf]]], [0])[0, 0] == -np.inf
    assert np.isnan(margins_from_logits([[[np.nan, 0.0]]], [0])[0, 0])


@pytest.mark.parametrize(
    ("logits", "labels", "said"),
    [
        (np.zeros((2, 3)), [0, 0, 0], "integers \\[2\\] are needed"),
        (np.zeros((2, 3, 1)), [0, 0, 0], "2 classes or more"),
        (np.zeros((2, 3, 4)), [0, 1, 4], "the classes are 0 to 3"),
        (np.zeros((2, 3, 4)), [0.0, 1.0, 2.0], "integers"),
        (np.zeros(5), [0], r"\[models, points, classes\] is needed"),
    ],
)
def test_logits_that_do_not_fit_are_refused(logits, labels, said):
    with pytest.raises(ValueError, match=said):
        margins_from_logits(logits, labels)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_tensors_of_any_float_type_and_with_gradients(kind):
    tensor = torch.tensor(ORACLE).to(kind).requires_grad_()
    assert as_numpy(tensor, "x") == pytest.approx(tensor.detach().double().numpy())
    assert as_numpy(tensor, "x").dtype == (np.float64 if kind == torch.float64 else np.float32)


def test_lists_and_other_types_of_numbers():
    assert as_margins(ORACLE.tolist(), "x") == pytest.approx(ORACLE)
    assert as_margins((100 * ORACLE).astype(int), "x").dtype == np.float64
    assert as_numpy(np.array([1, 2], np.float16), "x").dtype == np.float32


@pytest.mark.parametrize(
    "shape",
    [
        lambda a: [torch.tensor(one).requires_grad_() for one in a],
        lambda a: tuple(a),
        lambda a: torch.tensor(a).to_sparse(),
        lambda a: torch._neg_view(torch.tensor(-a)),
        lambda a: a.astype(object),
        lambda a: [[Fraction(float(x)) for x in row] for row in a],
        lambda a: np.asfortranarray(a.astype(">f8")),
        lambda a: np.ma.masked_array(a, mask=False),
    ],
)
def test_arrays_in_any_shape_are_the_array(shape):
    assert (as_margins(shape(ORACLE), "x") == ORACLE).all()


def test_what_is_masked_is_not_scored():
    with pytest.raises(ValueError, match="unlearned: has masked values"):
        ascentcheck.klom(ORACLE, np.ma.masked_array(SAME, mask=SAME > 2))


def test_a_tensor_without_data_is_refused():
    with pytest.raises(TypeError, match="oracle: cannot be read as numbers"):
        ascentcheck.klom(torch.empty(12, 60, device="meta"), SAME)


@pytest.mark.parametrize("kind", [torch.float64, torch.bfloat16])
def test_probabilities_are_no_logits_and_their_logarithms_are(kind):
    logits = torch.tensor(DRAW.standard_normal((3, 60, 4))).to(kind)
    with pytest.raises(ValueError, match="as probabilities do; their logarithms are logits"):
        margins_from_logits(logits.softmax(-1), LABELS)
    whole = logits.double()
    assert margins_from_logits(whole.log_softmax(-1), LABELS) == pytest.approx(
        margins_from_logits(whole, LABELS)
    )


def test_of_logits_no_margins_are_taken_for_probabilities():
    logits = np.stack([0.4 + 0.1 * DRAW.random((6, 60)), np.zeros((6, 60))], axis=-1)
    assert ascentcheck.klom(logits, logits + 0.1 * DRAW.random(logits.shape), labels=np.zeros(60, int))


def test_what_jax_has_is_read_without_being_moved(monkeypatch):
    """By a stand-in: `device_put` of JAX knows no device by the name "cpu"."""

    class Array:
        dtype, device, ndim, shape = ORACLE.dtype, "TpuDevice", 2, ORACLE.shape

        def __array__(self, dtype=None, copy=None):
            return ORACLE

        def to_device(self, *_, **__):
            raise ValueError("Received invalid value: cpu")

    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(Array=Array))
    assert (as_margins(Array(), "x") == ORACLE).all()


def test_jax_arrays_are_taken():
    jnp = pytest.importorskip("jax.numpy", reason="JAX is not a dependency")
    assert as_margins(jnp.asarray(ORACLE), "x") == pytest.approx(ORACLE, rel=1e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ORACLE.T, "as a transposed array has"),
        (ORACLE > 0, "booleans, as correctness does"),
        (1 / (1 + np.exp(-ORACLE)), "as probabilities do"),
        (1 / (1 + np.exp(-ORACLE[:2, :2])), "as probabilities do"),
        (ORACLE[0], r"\[models, points\] is needed"),
        (ORACLE[:1], "at least 2 models"),
        (ORACLE[:, :0], "at least 2 models and 1 point"),
        (np.where(ORACLE[3, 5] == ORACLE, np.nan, ORACLE), "model 3 at point 5 is nan"),
        (ORACLE[..., None], "as logits have; give labels"),
        (ORACLE[:, :50], "the points must be the same"),
    ],
)
def test_what_looks_wrong_is_refused_and_not_scored(wrong, said):
    with pytest.raises(ValueError, match=said) as caught:
        ascentcheck.klom(ORACLE, wrong)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", [["a", "b"], [[1, 2], [3]], object(), [[1 + 1j, 2], [3, 4]]])
def test_what_holds_no_numbers_is_refused(wrong):
    with pytest.raises(TypeError, match="unlearned: "):
        ascentcheck.klom(ORACLE, wrong)


def test_the_verdict_tells_a_shift_from_nothing():
    assert ascentcheck.klom(ORACLE, SAME).verdict.startswith("cannot be told from oracles")
    assert ascentcheck.klom(ORACLE, FAR).verdict.startswith("differ from oracles")


@pytest.mark.parametrize("estimator", ["paper", "energy"])
def test_the_function_says_what_the_command_says(estimator, tmp_path):
    for name, array in (("o", ORACLE), ("u", FAR), ("h", SAME)):
        np.save(tmp_path / f"{name}.npy", array)
    command = [sys.executable, "-m", "ascentcheck.empirics", "score", "--json", "--estimator", estimator]
    for option, name in (("--oracle", "o"), ("--unlearned", "u"), ("--held-out", "h")):
        command += [option, str(tmp_path / f"{name}.npy")]
    printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    found = ascentcheck.klom(ORACLE, FAR, held_out=SAME, estimator=estimator).to_dict()
    assert {key: found[key] for key in printed} == printed
    assert json.loads(json.dumps(found)) == found


def test_logits_with_labels_are_scored_as_their_margins():
    logits = DRAW.standard_normal((2, 12, 60, 4))
    of_logits = ascentcheck.klom(*logits, labels=LABELS)
    of_margins = ascentcheck.klom(*(margins_from_logits(z, LABELS) for z in logits))
    assert of_logits.to_dict() == of_margins.to_dict()


def test_few_points_are_scored_where_it_is_said_that_they_are_meant():
    few = ascentcheck.klom(ORACLE[:, :5], SAME[:, :5], transposed=False)
    assert few.to_dict() == ascentcheck.klom(ORACLE[:, :5].T, SAME[:, :5].T, transposed=True).to_dict()


def test_an_unknown_estimator_is_refused():
    with pytest.raises(ValueError, match="'papre' is unknown; allowed are paper"):
        ascentcheck.klom(ORACLE, SAME, estimator="papre")


@pytest.fixture(scope="module")
def compared():
    mask = np.arange(60) < 20
    return ascentcheck.compare(
        ORACLE,
        {"held out": SAME, "mine": torch.tensor(FAR)},
        splits={"forget": mask, "retain": np.arange(20, 60)},
    )


def but_the_verdict(score):
    return {name: value for name, value in score.to_dict().items() if name != "verdict"}


def test_a_comparison_has_every_method_on_every_split(compared):
    assert set(compared.scores) == {(m, s) for m in ("held out", "mine") for s in ("forget", "retain")}
    alone = ascentcheck.klom(ORACLE[:, :20], FAR[:, :20])
    assert but_the_verdict(compared["mine", "forget"]) == but_the_verdict(alone)
    assert all(compared.adjusted[key] >= one.inference.p_value for key, one in compared.scores.items())
    lines = repr(compared).splitlines()
    assert len(lines) == 5
    assert [line.split()[-1] for line in lines if line.startswith("mine")] == ["differ", "differ"]
    assert compared._repr_html_().count("<tr>") == 5
    assert [record["method"] for record in json.loads(json.dumps(compared.to_dict()))] == ["held out"] * 2 + [
        "mine"
    ] * 2


def test_a_record_says_what_its_row_says():
    draw = np.random.default_rng(8)
    oracle, *methods = draw.normal(size=(21, 20, 30))
    found = ascentcheck.compare(
        oracle, {f"m{k}": one for k, one in enumerate(methods)}, held_out=draw.normal(1, size=(20, 30))
    )
    *records, control = found.to_dict()
    assert min(record["energy"]["p_value"] for record in records) < 0.05
    for record, row in zip(records, found.rows(), strict=False):
        assert record["p_adjusted"] > 0.05
        assert row[-1] == "cannot be told"
        assert record["verdict"].startswith("cannot be told from oracles")
        assert f"p = {record['p_adjusted']:.2g} (Holm, 20 comparisons)" in record["verdict"]
        assert "in a comparison of its own" in record["verdict"]
        assert found[record["method"], "all"].verdict == record["verdict"]
    assert control["verdict"].startswith("differ from oracles")


def test_of_one_method_the_verdict_is_that_of_its_own():
    assert (
        ascentcheck.compare(ORACLE, {"mine": SAME})["mine", "all"].verdict
        == ascentcheck.klom(ORACLE, SAME).verdict
    )


@pytest.mark.parametrize(("n", "methods", "told"), [(5, 7, False), (6, 7, True), (5, 6, True), (3, 1, False)])
def test_models_too_few_for_so_many_methods_are_told_of(n, methods, told):
    """However far apart, 5 models against 5 give no p below 1/126, and 7 of these are 0.056 by Holm's method."""
    draw = np.random.default_rng(1)
    oracle = draw.normal(size=(n, 30))
    far = {f"m{k}": draw.normal(50, size=(n, 30)) for k in range(methods)}
    found = ascentcheck.compare(oracle, far)
    needed = {7: 6, 1: 4}.get(methods)
    for record, row in zip(found.to_dict(), found.rows(), strict=True):
        if told:
            assert row[-1] == "differ"
            assert record["verdict"].startswith("differ from oracles")
        else:
            assert row[-1] == f"nothing can be told: {needed} models of each kind are needed"
            assert (
                f"so that nothing can be told: {needed} models of each kind are needed" in record["verdict"]
            )
            assert "would be seen" not in record["verdict"]


def test_a_mask_may_be_of_0_and_1_and_indices_stay_indices():
    mask = np.arange(60) < 9
    assert as_split(mask.astype(int), 60, "s").tolist() == as_split(mask, 60, "s").tolist() == list(range(9))
    assert as_split([2, 0], 3, "s").tolist() == [2, 0]
    assert as_split([1, 1], 2, "s").tolist() == [0, 1]
    assert as_split(np.arange(60)[::-1], 60, "s").tolist() == list(range(60))[::-1]


@pytest.mark.parametrize("wrong", [[], [0, 0], [60], [-1], [0.5], [True] * 59, [[1]]])
def test_a_split_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="split s"):
        as_split(wrong, 60, "s")


@pytest.mark.parametrize(("array", "points"), [([0, 1], 2), ([1, 0], 2), ([0], 1)])
def test_what_may_be_a_mask_or_indices_is_refused(array, points):
    with pytest.raises(ValueError, match=r"may be a mask or indices; give a mask of booleans"):
        as_split(array, points, "s")


def test_diagnose_takes_the_masks_that_score_takes():
    x = DRAW.standard_normal((80, 3))
    labels, mask = (x[:, 0] > 0).astype(int), np.arange(80) < 9
    expected = ascentcheck.diagnose(x, labels, np.arange(9), ridge=0.1).to_dict()
    assert ascentcheck.diagnose(x, labels, mask.astype(int), ridge=0.1).to_dict() == expected
    with pytest.raises(UserError, match=r"forget: .* may be a mask or indices"):
        ascentcheck.diagnose([[1.0], [-1.0]], [0, 1], [0, 1])


def test_two_names_that_are_one_as_text_are_refused():
    with pytest.raises(ValueError, match="methods: the name '1' is given twice"):
        ascentcheck.compare(ORACLE, {1: FAR, "1": SAME})
    with pytest.raises(ValueError, match="splits: the name '1' is given twice"):
        ascentcheck.compare(ORACLE, {"a": FAR}, splits={1: [0, 1], "1": [2]})


def test_a_name_of_two_lines_stays_in_its_row():
    found = ascentcheck.compare(ORACLE, {"a\nb": FAR}, splits={"all\x1b[31m": np.arange(60)})
    assert len(repr(found).splitlines()) == 2
    assert "\x1b" not in repr(found)
    assert found.methods == ["a\nb"]


def test_held_out_oracles_count_for_no_adjustment():
    alone = ascentcheck.compare(ORACLE, {"mine": FAR, "other": SAME + 0.1})
    beside = ascentcheck.compare(ORACLE, {"mine": FAR, "other": SAME + 0.1}, held_out=SAME)
    assert dict(beside.adjusted) == dict(alone.adjusted)
    assert beside.methods == ["mine", "other", "held out"]
    assert beside.to_dict()[2]["p_adjusted"] is None
    with pytest.raises(ValueError, match="'held out' is the name of held_out"):
        ascentcheck.compare(ORACLE, {"held out": FAR}, held_out=SAME)


def test_margins_with_labels_may_be_transposed_and_look_so():
    plain = ascentcheck.klom(ORACLE, SAME).to_dict()
    assert ascentcheck.klom(ORACLE.T, SAME.T, labels=LABELS, transposed=True).to_dict() == plain
    logits = DRAW.standard_normal((2, 12, 60, 4))
    turned = ascentcheck.klom(*logits.swapaxes(1, 2), labels=LABELS, transposed=True)
    assert turned.to_dict() == ascentcheck.klom(*logits, labels=LABELS).to_dict()
    with pytest.raises(ValueError, match=r"60 models, 12 points and 60 labels.*say transposed=False"):
        ascentcheck.klom(ORACLE.T, SAME.T, labels=LABELS)


def test_no_method_is_refused():
    with pytest.raises(ValueError, match="methods: is empty"):
        ascentcheck.compare(ORACLE, {})
    with pytest.raises(TypeError, match="methods: is list; a mapping"):
        ascentcheck.compare(ORACLE, [FAR])
    with pytest.raises(ValueError, match="'papre' is unknown"):
        ascentcheck.compare(ORACLE, {"mine": FAR}, estimator="papre")


def test_a_method_may_have_any_name():
    found = ascentcheck.compare(ORACLE, {"oracle": FAR, 1: SAME})
    assert but_the_verdict(found["oracle", "all"]) == but_the_verdict(ascentcheck.klom(ORACLE, FAR))
    assert found.methods == ["oracle", "1"]


def test_splits_by_the_name_of_each_point(compared):
    names = np.array(["forget"] * 20 + ["retain"] * 40)
    for splits in (names, names.astype(object), list(names)):
        found = ascentcheck.compare(ORACLE, {"held out": SAME, "mine": FAR}, splits=splits)
        assert found.to_dict() == compared.to_dict()
    with pytest.raises(ValueError, match=r"splits: is <U6 of shape \[59\]; masks or indices by name"):
        ascentcheck.compare(ORACLE, {"mine": FAR}, splits=names[1:])
    with pytest.raises(ValueError, match="splits: is empty"):
        ascentcheck.compare(ORACLE, {"mine": FAR}, splits={})


def test_the_picture_has_each_method_where_it_scores(compared):
    ax = ascentcheck.plot_klom(compared, ax=Figure().subplots())
    drawn = {line.get_label(): line for line in ax.get_lines()}
    places = {text.get_text() for text in ax.get_legend().get_texts()}
    assert places == {"held out", "mine", "floor", "oracles"}
    (middle,) = [c[0] for c in ax.containers if c.get_label() == "mine"]
    assert middle.get_xdata()[0] == compared["mine", "retain"].energy
    assert drawn["oracles"].get_xydata().tolist() == [[0, 0]]
    with pytest.raises(ValueError, match="'test' was not compared; there are forget, retain"):
        ascentcheck.plot_klom(compared, x="test")
    assert drawn["floor"].get_xdata()[0] == compared["mine", "retain"].energy_floor
    of_klom = ascentcheck.plot_klom(compared, ax=Figure().subplots(), score="klom")
    (middle,) = [c[0] for c in of_klom.containers if c.get_label() == "mine"]
    assert middle.get_ydata()[0] == compared["mine", "forget"].scored.result.p95
    (oracles,) = [line for line in of_klom.get_lines() if line.get_label() == "oracles"]
    assert oracles.get_xydata().tolist() == [[compared["mine", "retain"].scored.floor.p95] * 2]
    with pytest.raises(ValueError, match="'p95' is unknown; allowed are energy, klom"):
        ascentcheck.plot_klom(compared, score="p95")
    with pytest.raises(TypeError, match="compared: is Score; what `compare` returns is needed"):
        ascentcheck.plot_klom(compared["mine", "retain"])


def test_a_diverged_method_leaves_the_picture_readable():
    broken = np.where(np.arange(12)[:, None] < 2, np.inf, SAME)
    splits = {"forget": range(20), "retain": range(20, 60)}
    ax = ascentcheck.plot_klom(
        ascentcheck.compare(ORACLE, {"held out": SAME, "broken": broken}, splits=splits),
        ax=Figure().subplots(),
    )
    for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        assert -0.3 < low < 0 < 1e4 < high
        ticks = [tick for tick in axis.get_ticklocs() if low <= tick <= high]
        assert 3 <= len(ticks) <= 7
        assert ticks[:2] == [0, 0.1]


def test_the_floor_of_the_energy_score_is_where_oracles_stay():
    draw = np.random.default_rng(1)
    below = [
        ascentcheck.klom(*(draw.standard_normal((2, 16, 30)) + draw.standard_normal((2, 16, 1))))
        for _ in range(60)
    ]
    assert 0.8 < np.mean([one.energy < one.energy_floor for one in below]) < 1
    assert ascentcheck.klom(ORACLE, FAR).energy > ascentcheck.klom(ORACLE, FAR).energy_floor > 0
    assert ascentcheck.klom(ORACLE[:3], SAME[:3]).to_dict()["energy"]["floor"] is None


def test_a_score_reads_well():
    text = repr(ascentcheck.klom(ORACLE, FAR))
    assert "12 oracles, 12 unlearned, 60 points" in text
    assert "held out" not in text
    assert "held out       p95 " in repr(ascentcheck.klom(ORACLE, FAR, held_out=SAME))
    assert "null floor" in text
    assert ascentcheck.klom(ORACLE, FAR)._repr_html_().startswith("<table>")


def test_evaluate_says_what_the_command_says():
    values = {"alpha": "1/9", "n_retain": 900, "n_forget": 100, "n_group": 9, "ridge": "1e-3"}
    command = [sys.executable, "-m", "ascentcheck.theory", "evaluate", "lemma-3", "--json"]
    command += [f"{name}={value}" for name, value in values.items()]
    printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert ascentcheck.evaluate("lemma-3", **values) == printed
    halves = ascentcheck.evaluate("lemma-3", **{**values, "alpha": 0.5, "ridge": Fraction(1, 1000)})
    assert halves["inputs"]["alpha"] == 0.5
    assert ascentcheck.evaluate("lemma-3", **values | {"alpha": np.float32(0.1)})["inputs"]["alpha"] > 0.1


def test_an_unknown_claim_or_name_is_one_plain_line():
    with pytest.raises(UserError, match=r"unknown claim 'lemma-33' \(did you mean lemma-3\?\)"):
        ascentcheck.evaluate("lemma-33")
    with pytest.raises(UserError, match="unknown name 'alfa'"):
        ascentcheck.evaluate("lemma-3", alfa=1)
    with pytest.raises(UserError, match="alpha = nan is not a number"):
        ascentcheck.evaluate("lemma-3", alpha=float("nan"))
    with pytest.raises(UserError, match="claim 3: the name of a claim is needed"):
        ascentcheck.evaluate(3)


def test_diagnose_says_what_the_command_says(tmp_path):
    x = DRAW.standard_normal((80, 3))
    labels, forget = (x[:, 0] > 0).astype(int), np.arange(9)
    for name, array in (("x", x), ("y", labels), ("f", forget)):
        np.save(tmp_path / f"{name}.npy", array)
    command = [sys.executable, "-m", "ascentcheck", "diagnose", "--json", "--ridge", "0.1"]
    for option, name in (("--features", "x"), ("--labels", "y"), ("--forget", "f")):
        command += [option, str(tmp_path / f"{name}.npy")]
    printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    mask = torch.arange(80) < 9
    for arrays_of in (
        (x, labels, forget),
        (torch.tensor(x), torch.tensor(labels), mask),
        (x.tolist(), labels, mask),
        (
            [torch.tensor(one).requires_grad_() for one in x],
            np.where(labels, "yes", "no").astype(object),
            mask,
        ),
    ):
        found = ascentcheck.diagnose(*arrays_of, ridge=0.1)
        assert found.to_dict() == printed
    assert repr(found).startswith("71 samples to retain, 9 to forget, 3 features; logistic loss, ridge 0.1")
    page = found._repr_html_()
    assert page.count("<table>") == page.count("</table>") == 2
    assert all(escape(one.says) in page for one in found.advice)


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([[1, "a"]], "features: holds <U21; real numbers are needed"),
        (object(), "features: holds object"),
        (np.ma.masked_array([[1.0], [2.0]], mask=[[True], [False]]), "features: has masked values"),
    ],
)
def test_what_cannot_be_diagnosed_is_one_plain_line(features, said):
    with pytest.raises(UserError, match=said) as caught:
        ascentcheck.diagnose(features, [0, 1], [0])
    assert "\n" not in str(caught.value)
