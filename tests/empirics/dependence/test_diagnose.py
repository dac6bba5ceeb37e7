"""`diagnose`: what it says is what solvers say, for any input that can be used; the rest gets one line."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import optimize
from sklearn.linear_model import LogisticRegression

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.dependence.diagnosis import diagnose
from ascentcheck.empirics.dependence.inputs import checked
from ascentcheck.empirics.dependence.picture import picture
from ascentcheck.empirics.dependence.predictors import predictors
from ascentcheck.theory.console import UserError
from ascentcheck.theory.linear.losses import LOGISTIC
from ascentcheck.theory.linear.minimum import minimum
from ascentcheck.theory.linear.problem import LinearProblem


def samples(seed=0, n=120, d=4, n_forget=15):
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(n, d)) / 2
    labels = np.where(x @ draw.normal(size=d) + 0.5 * draw.normal(size=n) > 0, 7, 3)
    return x, labels, np.sort(draw.choice(n, n_forget, replace=False))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("diagnose")
    for name, array in zip(("features", "labels", "forget"), samples(), strict=True):
        np.save(folder / f"{name}.npy", array)
    return folder


def run(files, *more, **changed):
    given = {name: files / f"{name}.npy" for name in ("features", "labels", "forget")} | changed
    options = [part for name, path in given.items() for part in (f"--{name}", str(path))]
    return CliRunner().invoke(empirics, ["diagnose", *options, *more])


def test_json_has_what_is_promised(files):
    result = run(files, "--json", "--ridge", "0.05")
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert (found["n_retain"], found["n_forget"]) == (105, 15)
    assert [one["beta"] for one in found["objectives"]] == [1.0, 15 / 105]
    for one in found["objectives"]:
        assert one["first_step"] in ("toward", "away")
        assert (one["first_step_margin"] > 0) == (one["first_step"] == "away")
        assert one["end"] == "minimum"
        for kind in ("weights", "margins"):
            assert set(one[kind]) == {"do_nothing", "best_stop", "end"}
            assert one[kind]["best_stop"] <= min(one[kind]["do_nothing"], one[kind]["end"])
        assert one["best_stop_time"] >= 0
    small = found["objectives"][1]
    assert small["end_to_first_order"] == pytest.approx(small["weights"]["end"], rel=0.3)
    first = found["objectives"][0]
    nothing = first["weights"]["do_nothing"]
    assert first["first_line"]["best_stop"] / nothing == pytest.approx(
        first["weights"]["best_stop"] / nothing, abs=0.1
    )
    assert set(found["dependence"]) >= {"gradient_cka", "curvature_ratio", "entanglement", "first_step_speed"}
    assert all(one["evidence"] in ("EXACT", "SIMULATED") and one["says"] for one in found["advice"])


def test_who_is_told_of_a_best_stop_is_told_that_nearer_is_not_better_on_unseen_samples(files):
    found = json.loads(run(files, "--json").output)
    said = [one["says"] for one in found["advice"]]
    assert any(one["best_stop_time"] for one in found["objectives"])
    assert sum("more held-out loss than doing nothing" in one for one in said) == 1


def test_a_mask_in_a_file_is_as_good_as_indices(files, tmp_path):
    x, _, forget = samples()
    np.save(tmp_path / "mask.npy", np.isin(np.arange(len(x)), forget))
    by_mask = run(files, "--json", forget=tmp_path / "mask.npy")
    assert json.loads(by_mask.output) == json.loads(run(files, "--json").output)


@pytest.mark.parametrize("loss", ["logistic", "exponential"])
def test_distances_are_those_of_another_solver_and_of_plain_descent(loss):
    x, labels, forget = samples(1)
    signs, ridge = np.where(labels == 7, 1.0, -1.0), 0.1
    which = np.isin(np.arange(len(x)), forget)

    def losses(m):
        return np.logaddexp(0, -m) if loss == "logistic" else np.exp(-m)

    def pull(m):
        return -1 / (1 + np.exp(m)) if loss == "logistic" else -np.exp(-m)

    def solve(chosen):
        rows = (signs[:, None] * x)[chosen]
        return optimize.minimize(
            lambda w: losses(rows @ w).mean() + ridge / 2 * w @ w,
            np.zeros(4),
            jac=lambda w: rows.T @ pull(rows @ w) / len(rows) + ridge * w,
            options={"gtol": 1e-10},
        ).x

    w, oracle = solve(slice(None)), solve(~which)
    rows = signs[:, None] * x
    found = diagnose(x, labels, forget, ridge, loss).objectives[1]
    assert found.weights.do_nothing == pytest.approx(np.linalg.norm(w - oracle), rel=1e-5)
    assert found.margins.do_nothing == pytest.approx(np.sqrt(np.mean((rows @ (w - oracle)) ** 2)), rel=1e-5)
    beta, rate, apart = 15 / 105, 2e-3, []
    for _ in range(60_000):
        slopes = pull(rows @ w)
        w = w - rate * (
            slopes[~which] @ rows[~which] / 105 - beta * slopes[which] @ rows[which] / 15 + ridge * w
        )
        apart.append(np.linalg.norm(w - oracle))
    assert found.weights.best_stop == pytest.approx(min(apart), rel=1e-2)
    assert found.best_stop_time == pytest.approx((np.argmin(apart) + 1) * rate, rel=2e-2)
    assert found.weights.end == pytest.approx(apart[-1], rel=1e-2)


def test_logistic_heads_are_those_of_scikit_learn():
    x, labels, forget = samples(2)
    problem = checked(x, labels, forget, 0.05, "logistic")
    keep = ~problem.forget
    peer = LogisticRegression(C=1 / (0.05 * keep.sum()), fit_intercept=False, tol=1e-12).fit(
        x[keep], labels[keep]
    )
    np.testing.assert_allclose(minimum(problem.retrained()).w, peer.coef_[0], atol=1e-5)


def test_the_exponential_loss_may_diverge_and_the_logistic_never_does():
    x, labels, _ = samples(3, n_forget=30)
    forget = np.flatnonzero(labels == 7)[:30]
    ends = {
        loss: diagnose(x, labels, forget, 1e-3, loss).objectives[0] for loss in ("logistic", "exponential")
    }
    assert ends["logistic"].end == "minimum"
    assert ends["exponential"].end == "diverges"
    assert ends["exponential"].weights.end is None
    assert ends["exponential"].weights.best_stop <= ends["exponential"].weights.do_nothing


def test_a_retained_copy_of_every_forget_point_leaves_little_to_forget():
    x, labels, forget = samples(4)
    copied = diagnose(np.vstack([x, x[forget]]), np.r_[labels, labels[forget]], forget, 0.05)
    plain = diagnose(x, labels, forget, 0.05)
    assert copied.objectives[0].weights.do_nothing < plain.objectives[0].weights.do_nothing
    assert copied.dependence.gradient_cka > plain.dependence.gradient_cka


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.int64, np.longdouble])
def test_other_types_of_features_labels_and_forget_sets(kind):
    x, labels, forget = samples(5)
    x = np.round(4 * x).astype(kind)
    one = diagnose(x, labels, forget, 0.5).to_dict()
    mask = np.isin(np.arange(len(x)), forget)
    assert diagnose(x, labels == 7, mask, 0.5).to_dict() == one
    assert diagnose(x, np.where(labels == 7, 0.5, -1e9), mask, 0.5).to_dict() == one
    assert diagnose(x, np.where(labels == 7, "dog", "cat"), mask, 0.5).to_dict() == one


def test_tensors_are_taken():
    torch = pytest.importorskip("torch")
    x, labels, forget = samples(5)
    given = [torch.tensor(a) for a in (x, labels, forget)]
    given[0].requires_grad_()
    assert diagnose(*given, 0.5).to_dict() == diagnose(x, labels, forget, 0.5).to_dict()
    assert diagnose(given[0].to(torch.bfloat16), *given[1:], 0.5).n_forget == 15


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"x": np.ones(5)}, "features: have shape [5]"),
        ({"x": np.zeros((120, 4))}, "features: are all 0"),
        ({"x": np.full((120, 4), "a")}, "features: holds <U1"),
        ({"labels": np.arange(120)}, "120 different values (0, 1, 2, 3, 4, …)"),
        ({"labels": np.ones(120)}, "1 different values (1.0)"),
        ({"labels": np.ones(7)}, "labels: have shape [7]; [120]"),
        ({"labels": np.full(120, None)}, "labels: holds object; real numbers or text are needed"),
        ({"forget": np.array([1, 1])}, "more than once"),
        ({"forget": np.array([500])}, "outside of 0..119"),
        ({"forget": np.array([], dtype=int)}, "names 0 of 120"),
        ({"forget": np.arange(120)}, "names 120 of 120"),
        ({"forget": np.array([0.5])}, "holds float64"),
        ({"forget": np.ones(3, dtype=bool)}, "mask of shape [3]"),
        ({"ridge": 0.0}, "ridge 0.0 is out of range"),
        ({"ridge": float("nan")}, "ridge nan"),
        ({"loss": "hinge"}, "allowed are logistic, exponential"),
        ({"x": np.ones((120, 5000), dtype=np.float16)}, "at most 4096"),
    ],
)
def test_what_cannot_be_used_is_told(change, says):
    x, labels, forget = samples()
    given = {"x": x, "labels": labels, "forget": forget, "ridge": 0.1, "loss": "logistic"} | change
    with pytest.raises(UserError) as told:
        diagnose(given["x"], given["labels"], given["forget"], given["ridge"], given["loss"])
    assert says in str(told.value)
    assert "\n" not in str(told.value)


def test_nan_is_told_with_its_place():
    x, labels, forget = samples()
    x[3, 2] = np.nan
    with pytest.raises(UserError, match=r"features: nan at \[3, 2\]"):
        diagnose(x, labels, forget)


def test_the_page_and_the_picture(files, tmp_path):
    target = tmp_path / "picture.png"
    result = run(files, "--picture", str(target))
    assert result.exit_code == 0
    for part in (
        "105 samples to retain, 15 to forget",
        "beta = 0.1429",
        "[EXACT]",
        "[SIMULATED]",
        str(target),
    ):
        assert part in result.output
    assert target.read_bytes().startswith(b"\x89PNG")
    drawn = picture(diagnose(*samples(), 0.05))
    assert [axis.get_title() for axis in drawn.axes] == ["in weights", "in margins"]
    assert all(len(axis.lines) >= 3 for axis in drawn.axes)


def test_files_that_cannot_be_used_are_told(files, tmp_path):
    for changed, says in (
        ({"features": tmp_path / "none.npy"}, "none.npy: cannot be read"),
        ({"features": files / "labels.npy"}, "labels.npy: has shape [120]"),
        ({"forget": files / "features.npy"}, "features.npy: is float64"),
    ):
        told = run(files, **changed).exception
        assert isinstance(told, UserError)
        assert says in str(told)
    told = run(files, "--picture", str(tmp_path / "no" / "x.png"))
    assert told.exit_code == 2
    assert f"{tmp_path / 'no' / 'x.png'}: " in told.output


def small(x_retain, x_forget, ridge=0.1, labels=None):
    x = np.vstack([x_retain, x_forget]).astype(float)
    labels = np.arange(len(x)) % 2 if labels is None else labels
    problem = checked(x, labels, np.arange(len(x_retain), len(x)), ridge, "logistic")
    return problem, predictors(problem, minimum(problem.pretrained()).w, minimum(problem.retrained()).w)


def test_predictors_by_hand():
    draw = np.random.default_rng(6)
    plane = np.c_[draw.normal(size=(30, 2)), np.zeros((30, 2))]
    other = np.c_[np.zeros((20, 2)), draw.normal(size=(20, 2))]
    apart = small(plane, other)[1]
    assert apart.gradient_cka == pytest.approx(0, abs=1e-12)
    assert apart.gradient_cosine == pytest.approx(0, abs=1e-9)
    problem, alike = small(plane, plane, labels=np.r_[np.arange(30) % 2, np.arange(30) % 2])
    assert alike.gradient_cka == pytest.approx(1)
    assert alike.curvature_ratio < 1
    assert alike.first_step_speed == pytest.approx(0, abs=1e-12)
    problem, found = small(draw.normal(size=(40, 3)), 1 + draw.normal(size=(12, 3)))
    x, forget = problem.features, problem.forget
    means = x[forget].mean(axis=0), x[~forget].mean(axis=0)
    spread = sum(
        np.mean(np.sum((x[w] - m) ** 2, axis=1)) for w, m in zip((forget, ~forget), means, strict=True)
    )
    assert found.entanglement == pytest.approx(4 * spread / np.sum((means[0] - means[1]) ** 2))
    assert found.class_concentration == 0.5
    assert found.first_step_speed_by_influence == pytest.approx(found.first_step_speed, rel=0.3)
    w = minimum(problem.pretrained()).w
    chance = 1 / (1 + np.exp(problem.signs * (x @ w)))
    gradients = -(chance * problem.signs)[:, None] * x
    assert found.forget_gradient == pytest.approx(np.linalg.norm(gradients[forget].mean(axis=0)))
    c = [gradients[k].T @ gradients[k] for k in (forget, ~forget)]
    assert found.gradient_cka == pytest.approx(
        np.sum(c[0] * c[1]) / np.linalg.norm(c[0]) / np.linalg.norm(c[1])
    )
    assert found.forget_loss == pytest.approx(np.mean(-np.log(1 - chance[forget])))


def test_neighbours_agree_in_clusters_of_one_label_and_not_across():
    near, far = np.zeros((20, 2)), np.full((20, 2), 5.0)
    noise = np.random.default_rng(7).normal(size=(45, 2)) / 100
    labels = np.r_[np.zeros(20), np.ones(20), np.zeros(5)]
    for place, share in ((near, 1.0), (far, 0.0)):
        x = np.vstack([near, far, place[:5]]) + noise
        problem = checked(x, labels, np.arange(40, 45), 0.1, "logistic")
        w = minimum(problem.pretrained()).w
        assert predictors(problem, w, w).neighbour_agreement == share


def test_a_solver_that_does_not_reach_its_accuracy_is_told(monkeypatch):
    monkeypatch.setattr("ascentcheck.theory.linear.flow.MOST_STEPS", 3)
    with pytest.raises(UserError, match="neither settled nor diverged"):
        diagnose(*samples())


@pytest.mark.parametrize("scale", [1e-6, 1e-2, 255.0])
def test_the_scale_of_the_features_is_no_matter(scale):
    x, labels, forget = samples(8)
    one = diagnose(x, labels, forget, 0.05).objectives
    # w·x stays the same if w is divided by the scale, and λ‖w‖² if λ is multiplied by its square.
    other = diagnose(x * scale, labels, forget, 0.05 * scale**2).objectives
    for a, b in zip(one, other, strict=True):
        assert (a.first_step, a.end) == (b.first_step, b.end)
        assert b.weights.best_stop * scale == pytest.approx(a.weights.best_stop, rel=1e-4)
        assert b.weights.end * scale == pytest.approx(a.weights.end, rel=1e-6)
        assert b.margins.best_stop == pytest.approx(a.margins.best_stop, rel=1e-4)
        assert b.best_stop_time * scale**2 == pytest.approx(a.best_stop_time, rel=1e-3)


def test_more_features_than_samples_are_the_same_in_their_span():
    draw = np.random.default_rng(9)
    x, labels = draw.normal(size=(30, 80)) / 5, np.arange(30) % 2
    wide = diagnose(x, labels, np.arange(5), 0.05)
    assert wide.n_features == 80
    problem = LinearProblem(x, 2.0 * labels - 1, np.arange(30) < 5, LOGISTIC, 0.05)
    apart = minimum(problem.pretrained()).w - minimum(problem.retrained()).w
    assert wide.objectives[0].weights.do_nothing == pytest.approx(np.linalg.norm(apart))
    narrow = diagnose(np.linalg.qr(x.T, mode="r").T, labels, np.arange(5), 0.05)
    assert narrow.objectives[0].weights.best_stop == pytest.approx(wide.objectives[0].weights.best_stop)
