"""Methods, networks and data sets of others: named by a study, run without a change of the package, and told apart."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest
import torch
from torch import nn

from ascentcheck.empirics.contract import test_method as contract
from ascentcheck.empirics.contract.test_method import methods
from ascentcheck.empirics.ensemble import cross_entropy
from ascentcheck.empirics.methods import Method, raises
from ascentcheck.empirics.models import Network, build
from ascentcheck.empirics.study import drain as draining
from ascentcheck.empirics.study.drain import attempt, drain, workshop
from ascentcheck.empirics.study.plan import estimate
from ascentcheck.empirics.study.plugins import identity
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory.console import UserError

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docs" / "how-to" / "add-a-method.md").read_text(encoding="utf-8")
PAGE = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", TEXT, re.DOTALL))
"""The files of the page on plug-ins."""


def write(folder, *names, **changed):
    """Write files of the page on plug-ins into a folder."""
    folder.mkdir(exist_ok=True)
    for name in names:
        text = PAGE[name]
        for old, new in changed.items():
            text = text.replace(old, new)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(folder, *words, path=ROOT):
    environment = {**os.environ, "PYTHONPATH": str(path), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_folder_outside_the_checkout_runs_a_study_of_its_own_things(tmp_path):
    write(tmp_path, "relabel.py", "tanh_net.py", "stripes.py", "own.toml")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = ("-m", "ascentcheck")
    done = run(elsewhere, *command, "run", "../own.toml", "--workers", "2", "--device", "cpu")
    assert "0 failed" in done.stdout, done.stderr
    table = run(elsewhere, *command, "table", "../own.toml", "--csv").stdout.splitlines()
    assert sum(",relabel," in line for line in table) == 3
    for name, old, new, kept in (
        (
            "relabel.py",
            "batch.y + 1",
            "batch.y + 2",
            3,
        ),  # the changed method's job is another; the rest stays
        ("tanh_net.py", "nn.Tanh()", "nn.ReLU()", 0),
    ):
        (tmp_path / name).write_text(PAGE[name].replace(old, new))
        now = run(elsewhere, *command, "status", "../own.toml").stdout.splitlines()
        assert [line.split()[1] for line in now[1:]] == [str(kept), "0", "0", str(4 - kept)]


def test_entry_points_give_short_names(tmp_path, monkeypatch):
    package = write(tmp_path / "site", "relabel.py")
    (package / "relabel.py").rename(package / "relabel_offered.py")
    info = package / "offers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: offers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ascentcheck.methods]\nshort = relabel_offered:RelabelConfig\n")
    monkeypatch.syspath_prepend(str(package))
    path = write(tmp_path, "mine.toml", **{"relabel:RelabelConfig": "short"}) / "mine.toml"
    plan = open_session(path, tmp_path / "store").plan
    assert sum(job.name == "relabel" for job in plan) == 2
    path.write_text(path.read_text().replace('"short"', '"shrt"'))
    with pytest.raises(
        UserError, match=r"unknown kind 'shrt' \(did you mean short\?\); allowed are descent-as"
    ):
        open_session(path, tmp_path / "store")


@pytest.fixture
def study(tmp_path):
    """Return a function that opens the page's study with another kind of method, in a module written for it."""

    def opened(kind, source=None, module=None):
        if source is not None:
            (tmp_path / f"{module}.py").write_text(source)
        write(tmp_path, "mine.toml", **{"relabel:RelabelConfig": kind})
        return open_session(tmp_path / "mine.toml", tmp_path / "store")

    return opened


OURS = "from ascentcheck.empirics.methods import Method\nfrom typing import Literal\n"


@pytest.mark.parametrize(
    ("kind", "source", "said"),
    [
        (
            "no_such_module_a:X",
            None,
            "no_such_module_a cannot be imported: ModuleNotFoundError: No module named",
        ),
        ("broken_b:X", "1 / 0", "broken_b cannot be imported: ZeroDivisionError: division by zero"),
        ("empty_c:X", "", "empty_c has no X"),
        ("plain_d:X", "class X: pass", "is no subclass of ascentcheck.empirics.methods.base:Method"),
        ("number_e:X", "X = 3", "is no subclass of"),
        (
            "kindless_f:X",
            OURS + "class X(Method): pass",
            "its own `kind` is None; a name of its own is needed",
        ),
        (
            "taken_g:X",
            OURS + "class X(Method):\n    kind: Literal['ga'] = 'ga'",
            "its own `kind` is 'ga'; a name of its own is needed",
        ),
        (
            "keys_h:X",
            OURS + "class X(Method):\n    kind: Literal['h'] = 'h'",
            "unknown key 'learning_rate'; allowed are batch_norm, kind",
        ),
        (":X", None, "unknown kind ':X'"),
        ("relabeled", None, "or an import path such as 'my_pkg.my_module:MyConfig'"),
    ],
)
def test_what_is_no_plug_in_gets_one_line(study, kind, source, said):
    with pytest.raises(UserError) as refused:
        study(kind, source, kind.partition(":")[0])
    assert "mine.toml: [[method]] 1: " in str(refused.value)
    assert said in str(refused.value).replace("kind, batch_norm", "batch_norm, kind")


def test_two_methods_of_one_name_are_refused(study, tmp_path):
    for name in ("twin_one", "twin_two"):
        (tmp_path / f"{name}.py").write_text(PAGE["relabel.py"])
    write(tmp_path, "mine.toml", **{"relabel:RelabelConfig": "twin_one:RelabelConfig"})
    path = tmp_path / "mine.toml"
    other = '[[method]]\nkind = "twin_two:RelabelConfig"\nlearning_rate = 0.5\nepochs = [1]\n'
    path.write_text(path.read_text() + other)
    with pytest.raises(UserError, match="two methods call themselves 'relabel'"):
        open_session(path, tmp_path / "store")


def test_a_declared_version_stands_for_the_source_and_a_package_is_digested_whole(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    package = tmp_path / "my_pkg_of_two"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "steps.py").write_text("RATE = 1")
    (package / "method.py").write_text(PAGE["relabel.py"])
    from my_pkg_of_two.method import RelabelConfig

    config = RelabelConfig(learning_rate=0.1)
    first = identity(config)
    (package / "steps.py").write_text("RATE = 2")
    assert identity(config) != first
    assert first["class"] == "my_pkg_of_two.method:RelabelConfig"
    monkeypatch.setattr(RelabelConfig, "code_version", "7")
    assert identity(config) == {"class": first["class"], "version": "7"}


class Ours(Method):
    """What the broken methods below share."""

    learning_rate: float
    example = {"learning_rate": 0.05}  # noqa: RUF012

    def loss(self, run, batch):
        return -cross_entropy(run.logits(batch), batch.y)

    def epoch(self, run, number):
        for batch in run.batches("forget", 10):
            run.descend(self.loss(run, batch), self.learning_rate)

    def promises(self):
        return (raises("forget"),)

    def passes(self, n_retain, n_forget, epochs, train):
        return epochs * n_forget, epochs * n_forget


class Sound(Ours):
    kind: Literal["sound"] = "sound"


class Still(Ours):
    kind: Literal["still"] = "still"

    def epoch(self, run, number):
        for batch in run.batches("forget", 10):
            run.observe(batch)


class Down(Ours):
    kind: Literal["down"] = "down"

    def loss(self, run, batch):
        return cross_entropy(run.logits(batch), batch.y)


class Silent(Ours):
    kind: Literal["silent"] = "silent"

    def promises(self):
        return ()


class Mixing(Ours):
    kind: Literal["mixing"] = "mixing"

    def loss(self, run, batch):
        return -cross_entropy(run.logits(batch), batch.y).mean()[None]


class Idle(Ours):
    kind: Literal["idle"] = "idle"
    temperature: float = 1.0


class Cheap(Ours):
    kind: Literal["cheap"] = "cheap"

    def passes(self, n_retain, n_forget, epochs, train):
        return epochs * n_forget, 0


class Writing(Ours):
    kind: Literal["writing"] = "writing"

    def epoch(self, run, number):
        run.dataset.train_x.clamp_(max=0.5)
        super().epoch(run, number)


class Random(Ours):
    kind: Literal["random"] = "random"

    def epoch(self, run, number):
        super().epoch(run, number)
        with torch.no_grad():
            run.parameters["head_bias"].add_(torch.randn_like(run.parameters["head_bias"]))


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        (contract.test_every_parameter_of_every_member_moves, Still),
        (contract.test_what_it_raises_rises_and_what_it_lowers_falls, Down),
        (contract.test_what_it_raises_rises_and_what_it_lowers_falls, Silent),
        (lambda kind: contract.test_members_are_what_one_model_after_the_other_is(kind, "mlp"), Mixing),
        (contract.test_each_setting_acts, Idle),
        (contract.test_it_costs_what_it_says, Cheap),
        (contract.test_seeds_decide_every_bit, Random),
        (contract.test_it_leaves_what_it_is_given_as_it_was, Writing),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_a_method_that_breaks_the_contract_is_caught(check, broken):
    check(Sound)
    with pytest.raises(AssertionError):
        check(broken)


def test_the_contract_is_run_on_a_method_of_one_s_own(tmp_path):
    write(tmp_path, "relabel.py")
    plugin = ("-m", "pytest", "-q", "-p", "ascentcheck.pytest_plugin", "-p", "no:cacheprovider")
    done = run(tmp_path, *plugin, "--ascentcheck-method", "relabel:RelabelConfig")
    assert "11 passed" in done.stdout, done.stdout + done.stderr


def test_a_method_that_is_none_is_told_to_who_names_it():
    named = SimpleNamespace(getoption=lambda name, default: ["relabel_of_none:RelabelConfig"])
    with pytest.raises(pytest.UsageError, match=r"--ascentcheck-method: kind .* cannot be imported"):
        methods(named)


class Net(Network):
    """A network for one test: what `make` builds."""

    kind: Literal["net"] = "net"
    what: str

    def build(self, shape, n_classes):
        return NETS[self.what]()


class Branching(nn.Module):
    """What cannot be stacked: its path depends on its numbers."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(16, 2)

    def forward(self, x):
        z = self.linear(x.flatten(1))
        return z if float(z.detach().sum()) > 0 else 2 * z


NETS = {
    "normed": lambda: nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 2)
    ),
    "branching": Branching,
    "dropout": lambda: nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(16, 2)),
    "wide": lambda: nn.Sequential(nn.Flatten(), nn.Linear(16, 3)),
    "small": lambda: nn.Sequential(nn.Flatten(), nn.Linear(15, 2)),
    "headless": lambda: nn.Sequential(nn.Conv2d(1, 2, 4), nn.Flatten()),
}


@pytest.mark.parametrize(("what", "stacked"), [("normed", True), ("branching", False)])
def test_any_module_is_an_ensemble(what, stacked):
    model = build(Net(what=what), (1, 4, 4), 2)
    assert model.stacked is stacked
    state = model.init([5, 6, 7])
    again = model.init([6])
    for name, value in state.parameters.items():
        assert torch.equal(value[1], again.parameters[name][0])
        assert len(value.unique(dim=0)) == (1 if name.startswith(("gain", "shift")) else 3)
    x = torch.randn(3, 8, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    for mode in ("train", "eval"):
        logits, moved = model.forward(state, x, mode)
        for i in range(3):
            module = NETS[what]().train(mode == "train")
            names = [name.partition(".")[2] for name in state.parameters]
            values = {n: v[i] for n, v in zip(names, state.parameters.values(), strict=True)}
            module.load_state_dict({**values, **{n: v[i] for n, v in state.statistics.items()}})
            torch.testing.assert_close(logits[i], module(x[i]), rtol=1e-4, atol=1e-5)
            for name, value in module.named_buffers():
                torch.testing.assert_close(moved[name][i], value)
    shared, _ = model.forward(state, x[0], "eval")
    torch.testing.assert_close(shared[0], model.forward(state, x, "eval")[0][0])
    assert model.features(state, x[0]).shape == (3, 8, 12 if what == "normed" else 16)
    assert set(state.parameters) == (
        {"parameter.0.weight", "parameter.0.bias", "gain.1.weight", "shift.1.bias"}
        | {"parameter.4.weight", "parameter.4.bias"}
        if what == "normed"
        else {"parameter.linear.weight", "parameter.linear.bias"}
    )


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("dropout", "model net: draws random numbers as it runs"),
        ("wide", r"model net: gives \[4, 3\] for 4 points; logits \[4, 2\] are needed"),
        ("small", "model net: fails on points of shape .* RuntimeError: mat1 and mat2"),
    ],
)
def test_a_module_that_is_of_no_use_gets_one_line(what, said):
    with pytest.raises(UserError, match=said):
        build(Net(what=what), (1, 4, 4), 2)


def test_features_need_a_linear_layer():
    model = build(Net(what="headless"), (1, 4, 4), 2)
    with pytest.raises(UserError, match=r"has no nn\.Linear"):
        model.features(model.init([0]), torch.zeros(2, 1, 4, 4))


STRIPES = PAGE["stripes.py"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x[1], y[1], n", "x[1], y[1][:5], n", "validation points: labels are torch.int64 [5]"),
        (".long()", ".int()", "training points: labels are torch.int32 [200]; torch.int64 [200] is needed"),
        ("n_classes=2", "n_classes=1", "labels 0 to 1; classes are 0 to 0"),
        ("x[0], y[0]", "x[0] / 0, y[0]", "training points: hold inf or nan"),
        ("x[0], y[0]", "x[0].double(), y[0]", "are torch.float64 [200, 1, 4, 4]; torch.float32"),
        ("return Dataset(", "return list((", "load() gave tuple"),
    ],
)
def test_data_that_are_of_no_use_get_one_line(tmp_path, old, new, said, request):
    text = STRIPES.replace(old, new, 1)
    if "tuple" in said:
        text = STRIPES.replace(
            'return Dataset("stripes", x[0], y[0], x[1], y[1], n_classes=2)', "return x, y"
        )
    module = f"stripes_{abs(hash(said))}"
    write(tmp_path, "relabel.py", "tanh_net.py")
    (tmp_path / f"{module}.py").write_text(text)
    (tmp_path / "own.toml").write_text(
        PAGE["own.toml"].replace("stripes:", f"{module}:").replace(", points = 300", "")
    )
    with pytest.raises(UserError, match="data stripes: ") as refused:
        open_session(tmp_path / "own.toml", tmp_path / "store")
    assert said in str(refused.value)


LEAVES = f"""{OURS}import sys
class Leaves(Method):
    kind: Literal["leaves"] = "leaves"
    learning_rate: float = 1.0
    def epoch(self, run, number): sys.exit(0)
    def passes(self, n_retain, n_forget, epochs, train): sys.exit("enough")
"""


def test_a_module_that_ends_python_is_one_plain_line(study):
    """A script without a guard, as `python file.py` would run it."""
    with pytest.raises(UserError, match="a_script cannot be imported: SystemExit: 0"):
        study("a_script:Mine", "import sys\nsys.exit(0)\n", "a_script")


def test_a_method_that_ends_python_is_a_failure_and_the_rest_goes_on(study):
    session = study("leaves_at_once:Leaves", LEAVES, "leaves_at_once")
    done = drain(workshop(session.study, session.dataset, session.store), session.plan)
    mine = [job for job in session.plan if job.name == "leaves"]
    assert (done.failed, done.computed) == (len(mine), len(session.plan) - len(mine))
    assert {session.store.failure(job.digest) for job in mine} == {"SystemExit: 0"}
    with pytest.raises(UserError, match="method leaves: its code ends Python: SystemExit: enough"):
        estimate(session.study, session.dataset, session.plan)


def test_settings_that_end_python_are_one_plain_line(study):
    source = LEAVES.replace("def epoch", "def last_epoch(self): sys.exit(0)\n    def epoch")
    with pytest.raises(UserError, match=r"mine\.toml: its code ends Python: SystemExit: 0"):
        study("leaves_early:Leaves", source, "leaves_early")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(1)], ids=["interrupt", "terminated"])
def test_an_interrupt_and_the_end_of_a_worker_of_ray_are_no_failures(study, monkeypatch, stop):
    if isinstance(stop, SystemExit):
        stop.ray_terminate_msg = "The process receives a SIGTERM."

    def ends(*_):
        raise stop

    session = study("ga")
    monkeypatch.setattr(draining, "compute", ends)
    shop = workshop(session.study, session.dataset, session.store)
    with pytest.raises(type(stop)):
        attempt(shop, session.plan[0], 0, None, [])
    assert session.store.failure(session.plan[0].digest) is None
