"""Class folders of JPEG and PNG files, made here, and what people and others put into them."""

import os
import shutil
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from ascentcheck.empirics.data import ImageFolderConfig, image_cache, load
from ascentcheck.empirics.data.image_folder import SCALING
from ascentcheck.theory.console import UserError

SIZE = 14  # so that the shorter side is resized to 16
CLASSES = ("Zebra", "ant", "bee")  # in the order of their bytes
FILES = ("10.jpg", "2.PNG", "a.JPEG", "b.png")
PLACES = [(part, kind, name) for part in ("train", "test") for kind in CLASSES for name in FILES]


def draw(seed, size=(40, 30), mode="RGB"):
    coarse = np.random.default_rng(seed).integers(256, size=(4, 5, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size).convert(mode)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Two parts of three classes with four files each: of other sizes, grey, with a palette, transparent."""
    root = tmp_path_factory.mktemp("pictures")
    for seed, (part, kind, name) in enumerate(PLACES):
        (root / part / kind).mkdir(parents=True, exist_ok=True)
        mode = {"b.png": ("L", "P", "RGBA")[seed % 3]}.get(name, "RGB")
        draw(seed, (20 + seed, 45 - seed), mode).save(root / part / kind / name)
    (root / "train" / "ant" / "notes.txt").write_text("no image, and none is meant")
    (root / "train" / ".thumbnails").mkdir()
    (root / "train" / "ant" / "._10.jpg").write_bytes(b"what another system leaves behind")
    return root


@pytest.fixture
def copy(made, tmp_path):
    return shutil.copytree(made, tmp_path / "pictures")


def config(root, tmp_path, **others):
    return ImageFolderConfig(path=str(root), cache=str(tmp_path / "cache"), size=SIZE, **others)


def refused(root, tmp_path, **others):
    with pytest.raises(UserError) as stop:
        load(config(root, tmp_path, **others))
    assert "\n" not in str(stop.value)
    return str(stop.value)


def plain(path):
    image = Image.open(path).convert("RGB")
    width, height = (16 * side // min(image.size) for side in image.size)
    left, top = round((width - SIZE) / 2), round((height - SIZE) / 2)
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    return np.array(image.crop((left, top, left + SIZE, top + SIZE))).transpose(2, 0, 1)


def test_images_are_those_of_plain_pillow_by_class_and_name(made, tmp_path):
    data = load(config(made, tmp_path, name="pictures"))
    for part, x, y in (("train", data.train_x, data.train_y), ("test", data.val_x, data.val_y)):
        expected = [plain(made / where / kind / name) for where, kind, name in PLACES if where == part]
        assert np.array_equal(x.numpy(), np.stack(expected))
        assert y.tolist() == [0] * 4 + [1] * 4 + [2] * 4
        assert (x.dtype, y.dtype) == (torch.uint8, torch.int64)
    assert (data.name, data.n_classes, data.scaling, data.shape) == ("pictures", 3, SCALING, (3, SIZE, SIZE))


def test_the_validation_images_may_be_under_val(made, copy, tmp_path):
    (copy / "test").rename(copy / "val")
    first, second = load(config(made, tmp_path / "a")), load(config(copy, tmp_path / "b"))
    assert torch.equal(first.val_x, second.val_x)
    assert first.digest == second.digest
    shutil.copytree(copy / "val", copy / "test")
    assert "holds both test and val" in refused(copy, tmp_path)


def test_content_classes_and_settings_are_in_the_digest(copy, tmp_path):
    first = load(config(copy, tmp_path)).digest
    assert load(config(copy, tmp_path)).digest == first
    assert load(config(copy, tmp_path, train_size=10)).digest != first
    for part in ("train", "test"):
        (copy / part / "bee").rename(copy / part / "cat")
    renamed = load(config(copy, tmp_path)).digest
    assert renamed != first
    draw(99).save(copy / "train" / "cat" / "10.jpg")
    assert load(config(copy, tmp_path)).digest != renamed


def test_images_are_decoded_once_and_the_cache_is_enough(copy, tmp_path, monkeypatch, capsys):
    first = load(config(copy, tmp_path))
    monkeypatch.setattr(image_cache, "decode", None)
    assert load(config(copy, tmp_path)).digest == first.digest
    shutil.rmtree(copy)
    assert load(config(copy, tmp_path)).digest == first.digest
    assert "does not exist" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "cache")
    assert "holds no complete cache" in refused(copy, tmp_path)


def test_a_part_of_the_images(made, tmp_path):
    data = load(config(made, tmp_path, n_train=7, n_validation=5, subset_seed=3))
    whole = load(config(made, tmp_path))
    assert torch.equal(data.train_x, whole.train_x[data.numbers])
    assert (len(data.train_y), len(data.val_y)) == (7, 5)
    assert data.digest != load(config(made, tmp_path, n_train=7, n_validation=5)).digest


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, extra=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(bytes(999))) + chunk(b"IEND", b"")
    )


BOMB = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9))
WRONG = {
    "empty": (b"", "is no JPEG and no PNG"),
    "text": (b"an image, honestly", "is no JPEG and no PNG"),
    "another format": (b"GIF89a" + bytes(30), "is no JPEG and no PNG"),
    "huge header": (png(60_000, 60_000), "has more than"),
    "long": (png(3000, 2), "differ by more than 100 times"),
    "too little": (png(100, 100), "("),
    "text bomb": (png(20, 20, BOMB), "("),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_is_no_whole_image_is_named_with_the_reason(copy, tmp_path, case):
    content, reason = WRONG[case]
    (copy / "train" / "ant" / "2.PNG").write_bytes(content)
    message = refused(copy, tmp_path)
    assert "1 file cannot be decoded: train/ant/2.PNG (" in message
    assert reason in message
    data = load(config(copy, tmp_path, corrupt="skip"))
    assert data.train_y.tolist() == [0] * 4 + [1] * 3 + [2] * 4


def test_a_truncated_file_is_named(copy, tmp_path):
    path = copy / "test" / "bee" / "a.JPEG"
    path.write_bytes(path.read_bytes()[:-200])
    assert "test/bee/a.JPEG (image file is truncated" in refused(copy, tmp_path)


def test_pixels_that_bytes_cannot_hold_are_refused_and_not_clipped(copy, tmp_path):
    Image.fromarray(np.full((20, 20), 40_000, np.uint16)).save(copy / "train" / "bee" / "b.png")
    assert "train/bee/b.png (has pixels of type I;16" in refused(copy, tmp_path)


def test_links_and_pipes(copy, tmp_path):
    ant = copy / "train" / "ant"
    (ant / "2.PNG").unlink()
    (ant / "2.PNG").symlink_to(copy / "train" / "bee" / "2.PNG")
    assert load(config(copy, tmp_path)).train_x.shape[0] == 12  # a link to an image is one
    for target in ("nowhere", "2.PNG", "/dev/zero", copy):
        (ant / "2.PNG").unlink()
        (ant / "2.PNG").symlink_to(target)
        assert "2.PNG" in refused(copy, tmp_path)
    (ant / "2.PNG").unlink()
    os.mkfifo(ant / "2.PNG")
    assert f"{ant}/2.PNG: is not a plain file" in refused(copy, tmp_path)


def test_a_class_whose_name_is_not_utf_8(copy, tmp_path):
    usual = load(config(copy, tmp_path / "usual"))
    for part in ("train", "test"):
        (copy / part / "bee").rename(copy / part / os.fsdecode(b"b\xff"))
    found = load(config(copy, tmp_path))
    assert torch.equal(found.train_x, usual.train_x)
    assert torch.equal(found.train_y, usual.train_y)
    assert found.content_digest != usual.content_digest


def test_a_wrong_layout_is_one_plain_line(copy, tmp_path):
    (copy / "test" / "bee").rename(copy / "test" / "wasp")
    assert "classes that are in only one of training and validation: bee, wasp" in refused(copy, tmp_path)
    assert not (tmp_path / "cache").exists()  # told before anything is decoded
    shutil.rmtree(copy / "test" / "wasp")
    (copy / "test" / "bee").mkdir()
    assert "test: classes without a JPEG or PNG file: bee" in refused(copy, tmp_path)
    for part in ("train", "test"):
        for kind in ("ant", "bee"):
            shutil.rmtree(copy / part / kind)
    assert "has the one class Zebra; two are needed" in refused(copy, tmp_path)
    shutil.move(copy / "test" / "Zebra" / "b.png", copy / "test")
    shutil.rmtree(copy / "test" / "Zebra")
    assert "holds image files and no folders of classes" in refused(copy, tmp_path)
    shutil.rmtree(copy / "test")
    assert "test: cannot be read: No such file or directory; the folder of a data set has" in refused(
        copy, tmp_path
    )
    assert "none: does not exist, and" in refused(tmp_path / "none", tmp_path)
