"""Data sets of four IDX files, made here: Fashion-MNIST's form, others of it, and what is wrong with a folder."""

import gzip
import shutil

import numpy as np
import pytest
import torch

from ascentcheck.empirics.data import FashionMnistConfig, IdxConfig, load, mnist_form, stand_in
from ascentcheck.empirics.data.idx import header, sha256
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory.console import UserError

DRAW = np.random.default_rng(0)
ARRAYS = {
    "train-images-idx3-ubyte": DRAW.integers(256, size=(40, 28, 28), dtype=np.uint8),
    "train-labels-idx1-ubyte": (np.arange(40) % 10).astype(np.uint8),
    "t10k-images-idx3-ubyte": DRAW.integers(256, size=(20, 28, 28), dtype=np.uint8),
    "t10k-labels-idx1-ubyte": (np.arange(20) % 10).astype(np.uint8),
}
NAMES = dict(zip(ARRAYS, mnist_form.CONTENTS, strict=True))


def written(array):
    return header(array.shape) + array.tobytes()


def folder(path, arrays=ARRAYS, packed=True, prefix=""):
    path.mkdir(exist_ok=True)
    for name, array in arrays.items():
        content = written(array)
        file = path / f"{prefix}{name}{'.gz' if packed else ''}"
        file.write_bytes(gzip.compress(content) if packed else content)
    return path


@pytest.fixture
def official(monkeypatch):
    """Let the files made here be the official ones."""
    monkeypatch.setattr(mnist_form, "CONTENTS", {NAMES[name]: sha256(a) for name, a in ARRAYS.items()})


def fashion(path, **others):
    return FashionMnistConfig(path=str(path), **others)


def refused(config):
    with pytest.raises(UserError) as stop:
        load(config)
    assert "\n" not in str(stop.value)
    assert config.path in str(stop.value)
    return str(stop.value)


@pytest.mark.parametrize("packed", [True, False])
def test_fashion_mnist_is_read_in_the_order_of_its_files(tmp_path, packed, official):
    data = load(fashion(folder(tmp_path, packed=packed)))
    images, labels, test, test_labels = ARRAYS.values()
    assert np.array_equal(data.train_x.numpy()[:, 0], images)
    assert np.array_equal(data.val_x.numpy()[:, 0], test)
    assert data.train_y.tolist() == labels.tolist()
    assert data.val_y.tolist() == test_labels.tolist()
    assert (data.train_x.dtype, data.train_y.dtype) == (torch.uint8, torch.int64)
    assert (data.shape, data.n_classes, data.described) == ((1, 28, 28), 10, "fashion-mnist")
    seen = data.ready(data.train_x[:1])[0, 0, 3, 4].item()
    assert seen == pytest.approx((images[0, 3, 4] / 255 - 0.2860) / 0.3530, abs=1e-5)


def test_who_packed_the_files_does_not_matter(tmp_path, official):
    one, other = (load(fashion(folder(tmp_path / str(p), packed=p))) for p in (True, False))
    assert one.digest == other.digest


def test_other_contents_are_refused_or_said_everywhere(tmp_path, official):
    changed = {name: array.copy() for name, array in ARRAYS.items()}
    changed["t10k-images-idx3-ubyte"][7, 5, 5] ^= 1
    path = folder(tmp_path, changed)
    assert "holds other contents than the official files of Fashion-MNIST" in refused(fashion(path))
    data = load(fashion(path, official=False))
    assert data.described == "fashion-mnist (not the official files)"
    assert data.name == "fashion-mnist"
    assert load(fashion(folder(tmp_path), official=False)).described == "fashion-mnist"


def test_the_default_is_debian_s_place_and_its_absence_is_told(monkeypatch, tmp_path):
    assert FashionMnistConfig().path == "/usr/share/datasets/fashion-mnist"
    assert "install Debian's package dataset-fashion-mnist" in refused(fashion(tmp_path / "none"))
    data = stand_in(fashion(tmp_path / "none", n_train=500))
    assert (len(data.train_y), len(data.val_y), data.shape, data.n_classes) == (500, 10_000, (1, 28, 28), 10)
    assert stand_in(fashion(tmp_path)) is None


def test_copies_are_put_among_the_images_as_the_network_sees_them(tmp_path, official):
    path = folder(tmp_path)
    plain, none, some = (
        load(fashion(path, **more))
        for more in (
            {},
            {"copies": {"points": 4, "aside": 1}},
            {"copies": {"points": 4, "aside": 1, "per_point": 1, "correlation": 1.0}},
        )
    )
    assert torch.equal(none.ready(none.train_x), plain.ready(plain.train_x))
    assert torch.equal(some.ready(some.val_x), plain.ready(plain.val_x))
    changed = (some.train_x != none.train_x).flatten(1).any(1)
    assert int(changed.sum()) == 4
    apart = torch.cdist(some.train_x[changed].flatten(1), some.train_x[some.copied].flatten(1))
    assert apart.min(1).values.max() < 1e-2
    assert len({plain.digest, none.digest, some.digest}) == 3


def test_sets_by_labels_and_copied_points_are_planned_where_the_data_are_absent(tmp_path):
    path = tmp_path / "absent.toml"
    path.write_text(
        f"""
name = "absent"
n_models = 2
model = {{ kind = "mlp", hidden = [4] }}
train = {{ epochs = 1, peak_epoch = 1 }}

[data]
kind = "fashion-mnist"
path = "{tmp_path / "none"}"
n_train = 500
copies = {{ points = 8 }}

[[forget_set]]
kind = "copied"
name = "copied"
size = 8

[[forget_set]]
kind = "class"
name = "class"
label = 4
size = 20
"""
    )
    session = open_session(path, tmp_path / "store", to_plan=True)
    assert session.data_absent
    assert sum(job.kind == "oracle" for job in session.plan) == 2


def test_fashion_mnist_has_28_pixels_and_10_classes(tmp_path):
    small = ARRAYS | {name: ARRAYS[name][:, :8, :8] for name in ARRAYS if "images" in name}
    config = fashion(folder(tmp_path / "a", small), official=False)
    assert "has images [8, 8] with labels to 9; Fashion-MNIST has [28, 28] and 0..9" in refused(config)
    more = ARRAYS | {"train-labels-idx1-ubyte": ARRAYS["train-labels-idx1-ubyte"] + 1}
    assert "with labels to 10" in refused(fashion(folder(tmp_path / "b", more), official=False))


def test_any_set_of_the_form_is_standardised_by_its_own_training_pixels(tmp_path):
    data = load(IdxConfig(path=str(folder(tmp_path)), name="kmnist"))
    pixels = ARRAYS["train-images-idx3-ubyte"] / 255
    assert data.name == "kmnist"
    assert data.scaling.mean == pytest.approx([pixels.mean()], abs=1e-4)
    assert data.scaling.deviation == pytest.approx([pixels.std()], abs=1e-4)
    assert np.array_equal(data.train_x.numpy()[:, 0], ARRAYS["train-images-idx3-ubyte"])


def test_emnist_has_a_prefix_images_on_their_side_and_labels_from_1(tmp_path):
    letters = {
        name.replace("t10k", "test"): array + 1 if "labels" in name else array[:, :20]
        for name, array in ARRAYS.items()
    }
    path = folder(tmp_path, letters, prefix="emnist-letters-")
    data = load(IdxConfig(path=str(path), prefix="emnist-letters-", transposed=True))
    assert data.shape == (1, 28, 20)
    assert np.array_equal(data.val_x.numpy()[3, 0], ARRAYS["t10k-images-idx3-ubyte"][3, :20].T)
    assert data.train_y.tolist() == ARRAYS["train-labels-idx1-ubyte"].tolist()
    assert data.n_classes == 10
    assert "holds no train-images-idx3-ubyte, with or without .gz" in refused(IdxConfig(path=str(path)))


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("train-labels-idx1-ubyte", lambda a: a[:-1], "has 40 images, and"),
        ("t10k-images-idx3-ubyte", lambda a: a[:19], "has 19 images, and"),
        ("t10k-images-idx3-ubyte", lambda a: a[:, :20], "images [28, 28] and test images [20, 28]"),
        ("t10k-labels-idx1-ubyte", lambda a: a + 3, "label 10 of a test image is that of no training image"),
        ("train-labels-idx1-ubyte", lambda a: a * 0 + 4, "label 0 of a test image"),
        ("train-images-idx3-ubyte", lambda a: a * 0 + 7, "every pixel of the training images is 7"),
        ("t10k-labels-idx1-ubyte", lambda a: a[:, None], "along 2 axes; unsigned bytes (type 8) along 1"),
    ],
)
def test_a_set_that_does_not_fit_together_is_told(tmp_path, name, change, message):
    path = folder(tmp_path, ARRAYS | {name: change(ARRAYS[name])})
    assert message in refused(IdxConfig(path=str(path)))


def test_one_class_is_no_task(tmp_path):
    path = folder(tmp_path, ARRAYS | {name: ARRAYS[name] * 0 for name in ARRAYS if "labels" in name})
    assert "all training images have the label 0" in refused(IdxConfig(path=str(path)))


def test_what_is_missing_is_told(tmp_path):
    assert "no such folder" in refused(IdxConfig(path=str(tmp_path / "none")))
    path = folder(tmp_path / "set")
    (path / "t10k-labels-idx1-ubyte.gz").unlink()
    assert "holds no t10k-labels-idx1-ubyte or test-labels-idx1-ubyte" in refused(IdxConfig(path=str(path)))
    (path / "t10k-labels-idx1-ubyte").symlink_to("nowhere")
    assert "no such file" in refused(IdxConfig(path=str(path)))
    shutil.rmtree(path)


@pytest.mark.parametrize("wrong", [{"prefix": "../"}, {"prefix": "a/"}, {"name": "a b"}, {"n_train": 0}])
def test_settings_that_lead_elsewhere_are_refused(wrong):
    with pytest.raises(ValueError, match=r"prefix|name|n_train"):
        IdxConfig(path="x", **wrong)
