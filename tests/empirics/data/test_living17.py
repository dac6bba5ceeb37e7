"""Living-17 from a small folder laid out as ImageNet, with the kinds of files that ImageNet has, and wrong ones."""

import shutil

import numpy as np
import pytest
import torch
from PIL import Image

from ascentcheck.empirics.data import Dataset, Living17Config, image_cache, load
from ascentcheck.empirics.data.living17 import LIVING17_SIZES, N_CLASSES, SCALING, members
from ascentcheck.theory.console import UserError

SIZE = 35
TRAIN = ("_10.JPEG", "_2.JPEG", "_Z.JPEG", "_a.jpg")  # in the order of their bytes


def draw(seed):
    coarse = np.random.default_rng(seed).integers(256, size=(4, 5, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((60, 50))


@pytest.fixture(scope="session")
def imagenet(tmp_path_factory):
    """All 68 classes and two others, with 4 training images and 1 for validation each, made from their own seeds."""
    root = tmp_path_factory.mktemp("imagenet")
    wnids = [member.wnid for member in members()] + ["n01440764", "n15075141"]
    for i, wnid in enumerate(sorted(wnids)):
        for part, names in (("train", TRAIN), ("val", ("_1.JPEG",))):
            (root / part / wnid).mkdir(parents=True)
            for j, name in enumerate(names):
                draw(10 * i + j + 5 * (part == "val")).save(
                    root / part / wnid / f"{wnid}{name}", format="JPEG"
                )
    first, second, third = (root / "train" / member.wnid for member in members()[:3])
    draw(1).convert("CMYK").save(first / f"{first.name}_2.JPEG")
    draw(2).convert("L").save(second / f"{second.name}_2.JPEG")
    draw(3).save(third / f"{third.name}_2.JPEG", format="PNG")
    (first / "notes.txt").write_text("no image, and none is meant")
    return root


@pytest.fixture
def copy(imagenet, tmp_path):
    return shutil.copytree(imagenet, tmp_path / "imagenet")


def config(root, tmp_path, **others):
    return Living17Config(path=str(root), cache=str(tmp_path / "cache"), size=SIZE, train_size=32, **others)


def truncate(path):
    path.write_bytes(path.read_bytes()[:600])


def plain(root, part, wanted=("source", "target")):
    x, y = [], []
    for member in members():
        if member.domain in wanted:
            for path in sorted((root / part / member.wnid).iterdir(), key=lambda path: path.name.encode()):
                if path.suffix != ".txt":
                    image = Image.open(path).convert("RGB").resize((48, 40), Image.Resampling.BILINEAR)
                    x.append(np.array(image)[2:37, 6:41].transpose(2, 0, 1))  # 6.5 is rounded to even
                    y.append(member.label)
    return np.stack(x), y


def test_the_class_list_is_that_of_breeds():
    assert len({member.wnid for member in members()}) == len(members()) == 68
    assert [member.label for member in members()] == [label for label in range(N_CLASSES) for _ in range(4)]
    assert [member.domain for member in members()] == ["source", "source", "target", "target"] * N_CLASSES
    assert len({member.kind for member in members()}) == N_CLASSES
    assert all(len(member.wnid) == 9 and member.wnid[0] == "n" for member in members())
    found = {member.wnid: (member.kind, member.name) for member in members()}
    assert found["n02114367"] == ("wolf", "timber wolf")
    assert found["n02481823"] == ("ape", "chimpanzee")
    assert LIVING17_SIZES == (68 * 1300, 68 * 50)


def test_the_images_are_those_of_plain_pillow_in_the_order_of_list_and_names(imagenet, tmp_path):
    data = load(config(imagenet, tmp_path))
    for x, y, part in ((data.train_x, data.train_y, "train"), (data.val_x, data.val_y, "val")):
        expected, labels = plain(imagenet, part)
        assert np.array_equal(x.numpy(), expected)
        assert y.tolist() == labels
        assert (x.dtype, y.dtype) == (torch.uint8, torch.int64)
    assert (data.name, data.n_classes, data.scaling, data.train_size) == ("living17", 17, SCALING, 32)
    assert len(data.train_x) == 68 * 4
    assert len(data.val_x) == 68


def test_batches_are_standardised_and_of_the_training_size(imagenet, tmp_path):
    data = load(config(imagenet, tmp_path))
    x, y = data.batch(torch.tensor([[0, 5], [200, 271]]))
    assert x.shape == (2, 2, 3, 32, 32)
    assert y.tolist() == [[0, 0], [12, 16]]
    mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (SCALING.mean, SCALING.deviation))
    assert torch.allclose(
        data.ready(data.train_x[:2]), (data.train_x[:2] / 255 - mean) / deviation, atol=1e-6
    )


@pytest.mark.parametrize("domain", ["source", "target"])
def test_a_domain_is_half_of_the_classes_with_all_of_the_labels(imagenet, tmp_path, domain):
    data = load(config(imagenet, tmp_path, domains=domain))
    expected, labels = plain(imagenet, "train", (domain,))
    assert np.array_equal(data.train_x.numpy(), expected)
    assert data.train_y.tolist() == labels
    assert set(labels) == set(range(N_CLASSES))


def test_it_is_all_of_the_classes_by_default_at_the_sizes_of_the_study():
    default = Living17Config()
    assert (default.domains, default.corrupt, default.size, default.train_size) == ("all", "refuse", 224, 160)


def test_the_digest_is_that_of_content_and_settings(imagenet, copy, tmp_path):
    first = load(config(imagenet, tmp_path))
    assert load(config(imagenet, tmp_path)).digest == first.digest
    assert load(config(copy, tmp_path / "other")).digest == first.digest
    other = Living17Config(path=str(imagenet), cache=str(tmp_path / "cache"), size=SIZE, train_size=33)
    assert load(other).digest != first.digest
    path = copy / "val" / members()[40].wnid
    draw(12345).save(path / f"{path.name}_1.JPEG")
    assert load(config(copy, tmp_path / "other")).digest != first.digest
    assert first.to(torch.device("cpu")).digest == first.digest


def test_leftovers_of_other_systems_are_no_images(imagenet, copy, tmp_path):
    """What macOS and Windows leave in folders: hidden twins of every image, views and thumbnails."""
    for folder in (path for path in copy.rglob("*") if path.is_dir()):
        for image in [*folder.glob("*.JPEG")]:
            (folder / f"._{image.name}").write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X        ")
        for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._.DS_Store"):
            (folder / name).write_bytes(b"\0\0\0\1Bud1")
    assert load(config(copy, tmp_path)).digest == load(config(imagenet, tmp_path / "other")).digest


def test_corrupt_images_are_refused_all_at_once_or_skipped(copy, tmp_path, monkeypatch):
    whole = load(config(copy, tmp_path / "whole"))
    one, two = (copy / "train" / members()[k].wnid for k in (1, 67))
    truncate(one / f"{one.name}_Z.JPEG")
    truncate(copy / "val" / two.name / f"{two.name}_1.JPEG")
    with pytest.raises(UserError) as caught:
        load(config(copy, tmp_path))
    message = str(caught.value)
    assert f"2 files cannot be decoded: train/{one.name}/{one.name}_Z.JPEG (" in message
    assert f"val/{two.name}/{two.name}_1.JPEG (" in message
    assert 'or set corrupt = "skip" (the others stay decoded)' in message
    assert "\n" not in message
    monkeypatch.setattr(image_cache, "decode", None)  # nothing is lost: nothing is decoded again
    data = load(config(copy, tmp_path, corrupt="skip"))
    assert torch.equal(data.train_x, torch.cat([whole.train_x[:6], whole.train_x[7:]]))
    assert torch.equal(data.train_y, torch.cat([whole.train_y[:6], whole.train_y[7:]]))
    assert torch.equal(data.val_x, whole.val_x[:-1])
    assert data.digest != whole.digest


def test_ten_corrupt_images_are_named_and_the_others_counted(copy, tmp_path):
    for member in members()[:12]:
        path = copy / "train" / member.wnid / f"{member.wnid}_2.JPEG"
        path.write_bytes(b"")
    with pytest.raises(UserError) as caught:
        load(config(copy, tmp_path))
    assert str(caught.value).count("_2.JPEG") == 10
    assert "12 files cannot be decoded" in str(caught.value)
    assert " and 2 more; replace them" in str(caught.value)


def test_a_complete_cache_is_enough(copy, tmp_path, capsys):
    first = load(config(copy, tmp_path))
    shutil.rmtree(copy)
    second = load(config(copy, tmp_path))
    assert isinstance(second, Dataset)
    assert second.digest == first.digest
    assert torch.equal(second.train_x, first.train_x)
    assert "does not exist" in capsys.readouterr().err
    with pytest.raises(UserError, match="holds images of 35 pixels, not 224"):
        load(Living17Config(path=str(copy), cache=str(tmp_path / "cache")))
    with pytest.raises(UserError, match="cannot be checked"):
        load(config(copy, tmp_path, check=True))
    with pytest.raises(UserError, match="holds no complete cache"):
        load(config(copy, tmp_path, domains="source"))


def test_a_wrong_layout_is_one_plain_line(copy, tmp_path):
    first, second = (copy / "val" / members()[k].wnid for k in (0, 30))
    shutil.rmtree(first)
    shutil.rmtree(second)
    expect(copy, tmp_path, f"{copy}/val: classes are missing: {first.name}, {second.name}")
    for folder in (copy / "val").iterdir():
        shutil.rmtree(folder)
    expect(
        copy,
        tmp_path,
        "val: holds no folder of these classes; a folder for each class is needed, as val/n01631663/",
    )
    (copy / "val" / "ILSVRC2012_val_00000001.JPEG").touch()
    expect(
        copy, tmp_path, "val: holds image files and no folders of classes; a folder for each class is needed"
    )
    shutil.rmtree(copy / "val")
    expect(
        copy,
        tmp_path,
        "val: cannot be read: No such file or directory; ImageNet's folder has train/nXXXXXXXX/",
    )
    for path in (copy / "train" / members()[5].wnid).iterdir():
        path.unlink()
    expect(copy, tmp_path, f"train: classes without a JPEG file: {members()[5].wnid}")
    (copy / "train" / members()[5].wnid).rmdir()
    (copy / "train" / members()[5].wnid).touch()
    expect(copy, tmp_path, f"{members()[5].wnid}: cannot be read: Not a directory")
    expect(tmp_path / "none", tmp_path, "none: does not exist, and ")


def test_nothing_that_can_be_decoded_is_said(copy, tmp_path):
    for path in (copy / "train").rglob("*.*"):
        if path.suffix in (".JPEG", ".jpg"):
            path.write_bytes(b"")
    with pytest.raises(UserError, match="no image could be decoded"):
        load(config(copy, tmp_path, corrupt="skip"))


def expect(root, tmp_path, message):
    with pytest.raises(UserError) as caught:
        load(config(root, tmp_path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
