"""Published margins in both layouts, scored without training, and files that are wrong or malicious."""

import io
import json
import os
import pickle
import sys
import zipfile

import numpy as np
import pytest
import torch

from ascentcheck.empirics.__main__ import empirics
from ascentcheck.empirics.klom import klom
from ascentcheck.empirics.klom.files import read_margins
from ascentcheck.empirics.npy import read_indices
from ascentcheck.empirics.published.margins import read_model_folder, read_published
from ascentcheck.empirics.tensor_file import read_tensor
from ascentcheck.theory import console
from ascentcheck.theory.console import UserError
from tests.empirics.published import layouts
from tests.empirics.published.layouts import FORGET, RETAIN, TRAIN, VAL, save


def refused(function, *arguments):
    with pytest.raises(UserError) as stop:
        function(*arguments)
    assert "\n" not in str(stop.value)
    return str(stop.value)


@pytest.fixture
def whole(tmp_path):
    layouts.whole(tmp_path)
    return tmp_path


NAMES = (0, 1, 2, 9, 10, 100)


@pytest.fixture
def by_model(tmp_path):
    layouts.by_model(tmp_path, NAMES)
    return tmp_path


@pytest.mark.parametrize("layout", ["whole", "by_model"])
def test_both_layouts_give_the_same_margins(request, layout):
    found = read_published(request.getfixturevalue(layout), 2)
    for margins, train, val in zip((found.pretrained, found.oracles), TRAIN, VAL, strict=True):
        assert list(margins) == ["forget", "retain", "validation"]
        assert np.array_equal(margins["forget"], train[:, FORGET])
        assert np.array_equal(margins["retain"], train[:, RETAIN])
        assert np.array_equal(margins["validation"], val)


def test_pretrained_models_whose_retained_points_are_only_those(by_model):
    for i, row in zip(NAMES, TRAIN[0][:, RETAIN], strict=True):
        save(by_model / f"margins/cifar10/pretrain/retain/resnet9/id_{i}_epoch_23.npy", row)
    (by_model / "forget_sets/cifar10/forget_set_2.npy").unlink()
    assert np.array_equal(read_published(by_model, 2).pretrained["retain"], TRAIN[0][:, RETAIN])


def test_forgotten_points_that_are_not_given(by_model):
    path = by_model / "forget_sets/cifar10/forget_set_2.npy"
    save(path, FORGET[:2])
    assert "has 17 points, and the pretrained models have 18" in refused(read_published, by_model, 2)
    path.unlink()
    assert f"{path}: cannot be read: No such file" in refused(read_published, by_model, 2)


@pytest.mark.parametrize("layout", ["whole", "by_model"])
def test_a_set_that_is_not_published(request, layout):
    assert "cannot be read: No such file" in refused(read_published, request.getfixturevalue(layout), 3)


def test_no_layout_at_all(tmp_path):
    assert "holds neither full_models/CIFAR10 nor margins/cifar10" in refused(read_published, tmp_path, 1)


def test_sets_of_different_points(whole, by_model):
    place = "oracle_models/CIFAR10/only_margins/forget_set_2/val_margins_all.pt"
    save(whole / place, torch.zeros(6, 7))
    assert "has 7 points, and the pretrained models have 8" in refused(read_published, whole, 2)
    (whole / "full_models").rename(whole / "elsewhere")
    for i in NAMES:
        name = f"oracle/forget_2/forget/resnet9/id_{i}_epoch_23.npy"
        save(by_model / "margins/cifar10" / name, np.zeros(4, np.float32))
    assert "has 4 points, and the pretrained models have 3" in refused(read_published, by_model, 2)


def command(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["empirics", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        console.run(empirics, "empirics")
    return stop.value.code, *capsys.readouterr()


def score(monkeypatch, capsys, *arguments):
    return command(monkeypatch, capsys, "score", *arguments)


@pytest.mark.parametrize("layout", ["whole", "by_model"])
def test_published_models_are_scored_by_one_command(request, layout, monkeypatch, capsys):
    root = request.getfixturevalue(layout)
    code, out, err = command(monkeypatch, capsys, "published", root, "--forget-set", 2, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["retain", "validation", "forget"]
    assert found["forget"]["p95"] == klom(TRAIN[1][:, FORGET], TRAIN[0][:, FORGET], "paper").p95
    assert found["validation"]["p95"] == klom(VAL[1], VAL[0], "paper").p95
    assert found["retain"]["points"] == len(RETAIN)
    code, out, err = command(monkeypatch, capsys, "published", root, "--forget-set", 2)
    assert (code, err, out.count("\n")) == (0, "", 4)
    code, out, err = command(monkeypatch, capsys, "published", root, "--forget-set", 7)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_points_of_whole_margins_are_chosen_by_their_indices(whole, monkeypatch, capsys):
    oracle = whole / "oracle_models/CIFAR10/only_margins/forget_set_2/train_margins_all.pt"
    mine, indices = whole / "full_models/CIFAR10/train_margins_all.pt", whole / "i.npy"
    save(indices, FORGET[::-1].astype(np.int64))
    given = "--oracle", oracle, "--unlearned", mine, "--json"
    for option, chosen in (("--points", FORGET), ("--all-but", RETAIN)):
        code, out, err = score(monkeypatch, capsys, *given, option, indices)
        assert (code, err) == (0, "")
        expected = klom(TRAIN[1][:, chosen], TRAIN[0][:, chosen], "paper")
        assert (json.loads(out)["p95"], json.loads(out)["points"]) == (expected.p95, len(chosen))
    for wrong, message in (
        (["--points", indices, "--all-but", indices], "cannot be given together"),
        (["--points", whole / "none.npy"], "none.npy: cannot be read"),
        (["--points", save(whole / "j.npy", np.array([999]))], "j.npy: has an index outside of 0.."),
    ):
        code, out, err = score(monkeypatch, capsys, *given, *wrong)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert message in err


def test_the_command_scores_each_form_alike(whole, by_model, monkeypatch, capsys):
    expected = klom(VAL[1], VAL[0], "paper")
    given = {
        "pt": (
            whole / "oracle_models/CIFAR10/only_margins/forget_set_2/val_margins_all.pt",
            whole / "full_models/CIFAR10/val_margins_all.pt",
        ),
        "folder": (
            by_model / "margins/cifar10/oracle/forget_2/val/resnet9",
            by_model / "margins/cifar10/pretrain/val/resnet9",
        ),
        "npy": (save(whole / "a.npy", VAL[1]), save(whole / "b.npy", VAL[0])),
    }
    for oracle, unlearned in [*given.values(), (given["pt"][0], given["npy"][1])]:
        arguments = "--oracle", oracle, "--unlearned", unlearned, "--json"
        code, out, err = score(monkeypatch, capsys, *arguments)
        assert (code, err) == (0, "")
        assert json.loads(out)["p95"] == expected.p95
        assert json.loads(out)["mean"] == expected.mean


def test_the_command_refuses_in_one_line(tmp_path, monkeypatch, capsys):
    good = save(tmp_path / "a.npy", VAL[1])
    bad = save(tmp_path / "b.pt", {"margins": torch.zeros(2, 8)})
    code, out, err = score(monkeypatch, capsys, "--oracle", good, "--unlearned", bad)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"--unlearned {bad}: holds a dict; one tensor is needed" in err
    nan = save(tmp_path / "c.pt", torch.full((2, 8), torch.nan))
    assert "--unlearned" in refused(read_margins, nan, "--unlearned")


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_types_of_tensors(tmp_path, dtype):
    tensor = torch.tensor([[1.5, -2.0], [0.25, torch.inf]], dtype=dtype, requires_grad=True)
    found = read_tensor(save(tmp_path / "a.pt", tensor))
    assert found.dtype == (np.float32 if dtype == torch.bfloat16 else tensor.detach().numpy().dtype)
    assert found.tolist() == tensor.tolist()


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_file_that_runs_something_is_refused_and_not_run(tmp_path):
    target = tmp_path / "made"
    path = save(tmp_path / "a.pt", Evil(str(target)))
    assert "something else than tensors; it is not run" in refused(read_tensor, path)
    assert not target.exists()
    torch.load(path, weights_only=False)
    assert target.exists()  # so the file was a real one
    target.rmdir()
    (tmp_path / "b.pt").write_bytes(pickle.dumps(Evil(str(target))))
    assert "not a .pt file" in refused(read_tensor, tmp_path / "b.pt")
    save(tmp_path / "id_0_epoch_1.npy", np.array([Evil(str(target))]), allow_pickle=True)
    assert "holds object; real numbers are needed" in refused(read_model_folder, tmp_path)
    assert not target.exists()


def test_bombs(tmp_path):
    small = save(tmp_path / "a.pt", torch.zeros(1).expand(100_000, 100_000))
    assert small.stat().st_size < 10_000
    assert "claims a tensor [100000, 100000] larger than the file" in refused(read_tensor, small)
    plain = save(tmp_path / "b.pt", torch.zeros(3000, 1000))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "c.pt", "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
    assert (tmp_path / "c.pt").stat().st_size < 100_000
    assert "is compressed" in refused(read_tensor, tmp_path / "c.pt")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([torch.zeros(2, 2)], "holds a list"),
        (3, "holds a int"),
        (torch.zeros(2, 2).to_sparse(), "sparse"),
        (torch.zeros(2, 2, device="meta"), "without content"),
    ],
)
def test_files_of_something_else(tmp_path, value, message):
    assert message in refused(read_tensor, save(tmp_path / "a.pt", value))


@pytest.mark.parametrize("cut", [0, 0.1, 0.5, 0.99])
def test_damaged_files(tmp_path, cut):
    content = io.BytesIO()
    torch.save(torch.zeros(100, 100), content)
    (tmp_path / "a.pt").write_bytes(content.getvalue()[: int(cut * content.tell())])
    assert "a.pt: is cut short, or not a .pt file" in refused(read_tensor, tmp_path / "a.pt")


def test_missing_files(tmp_path):
    assert "cannot be read: No such file" in refused(read_tensor, tmp_path / "no.pt")
    assert "cannot be read: No such file" in refused(read_model_folder, tmp_path / "no")
    assert "holds no file id_X_epoch_Y.npy" in refused(read_model_folder, tmp_path)


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("id_1_epoch_22.npy", np.zeros(5), "has models of epochs 22 and 23"),
        ("id_01_epoch_23.npy", np.zeros(5), "has model 1 twice"),
        ("id_2_epoch_23.npy", np.zeros(6), "has 6 points, and other models have 5"),
        ("id_2_epoch_23.npy", np.zeros((1, 5)), "holds float64 of shape [1, 5]"),
        ("id_2_epoch_23.npy", np.zeros(5, int), "holds int64 of shape [5]"),
    ],
)
def test_folders_that_do_not_fit(tmp_path, name, row, message):
    save(tmp_path / "id_1_epoch_23.npy", np.ones(5))
    save(tmp_path / "notes.npy", np.ones(7))
    assert read_model_folder(tmp_path).shape == (1, 5)
    save(tmp_path / name, row)
    assert message in refused(read_model_folder, tmp_path)


@pytest.mark.parametrize(
    ("indices", "message"),
    [
        (np.array([1.0]), "holds float64"),
        (np.array([[1]]), "of shape [1, 1]"),
        (np.array([], int), "of shape [0]"),
        (np.arange(20), "k < 20"),
        (np.array([20]), "outside of 0..19"),
        (np.array([-1]), "outside of 0..19"),
        (np.array([4, 4]), "more than once"),
    ],
)
def test_indices_that_do_not_fit(tmp_path, indices, message):
    assert message in refused(read_indices, save(tmp_path / "i.npy", indices), 20)
    assert read_indices(save(tmp_path / "i.npy", np.array([7, 3])), 20).tolist() == [3, 7]
