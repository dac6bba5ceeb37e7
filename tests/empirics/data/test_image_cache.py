"""Decoded images against plain Pillow, and what becomes of a cache that is killed, damaged or out of date."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings

import numpy as np
import pytest
from PIL import Image

from ascentcheck.empirics.data import image_cache
from ascentcheck.empirics.data.image_cache import Folder, build
from ascentcheck.empirics.data.image_decoding import decode
from ascentcheck.empirics.data.image_manifest import HEADER, open_array, read_manifest
from ascentcheck.theory.console import UserError

SIZE = 35  # the shorter side becomes 40
IMAGE = 3 * SIZE * SIZE


def draw(seed, width=60, height=50):
    coarse = np.random.default_rng(seed).integers(256, size=(4, 5, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height))


def folder(root, name, n, seed=0):
    path = root / name
    path.mkdir(parents=True)
    for i in range(n):
        draw(seed + i, 50 + 7 * i, 90 - 5 * i).save(path / f"{name}_{i}.JPEG")
    return Folder(path, tuple(f"{name}_{i}.JPEG" for i in range(n)))


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setattr(image_cache, "CHUNK", 3)
    return [folder(tmp_path / "images", "a", 7), folder(tmp_path / "images", "b", 4, 50)]


@pytest.fixture
def decoded(monkeypatch):
    """The files decoded, in the order of being asked for."""
    names, real = [], image_cache.decode

    def watched(path, size):
        names.append(path.name)
        return real(path, size)

    monkeypatch.setattr(image_cache, "decode", watched)
    return names


def plain(path, size=SIZE):
    """Resize(8/7 size) and CenterCrop(size), written out."""
    image = Image.open(path).convert("RGB")
    short = size * 8 // 7
    w, h = image.size
    w, h = (short, int(short * h / w)) if w <= h else (int(short * w / h), short)
    image = image.resize((w, h), Image.Resampling.BILINEAR)
    top, left = int(round((h - size) / 2.0)), int(round((w - size) / 2.0))  # noqa: RUF046
    return np.array(image)[top : top + size, left : left + size].transpose(2, 0, 1)


def array(cache, part="train"):
    return np.array(open_array(cache, read_manifest(cache, part)))


def expected(folders):
    return np.stack([plain(f.path / name) for f in folders for name in f.files])


def flip(path, image):
    with path.open("r+b") as file:
        file.seek(HEADER + image * IMAGE + 5)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))


@pytest.mark.parametrize("shape", [(300, 200), (200, 300), (256, 256), (40, 90), (257, 333), (500, 375)])
def test_an_image_is_what_plain_pillow_makes_of_it(tmp_path, shape):
    draw(1, *shape).save(tmp_path / "x.JPEG", quality=95)
    assert np.array_equal(decode(tmp_path / "x.JPEG", 224), plain(tmp_path / "x.JPEG", 224))
    assert plain(tmp_path / "x.JPEG", 224).shape == (3, 224, 224)


def test_every_kind_of_image_that_imagenet_has_is_rgb(tmp_path):
    draw(2).convert("CMYK").save(tmp_path / "cmyk.JPEG")
    draw(2).convert("L").save(tmp_path / "grey.JPEG")
    draw(2).save(tmp_path / "png.JPEG", format="PNG")
    draw(2).convert("RGBA").save(tmp_path / "alpha.JPEG", format="PNG")
    exif = Image.Exif()
    exif[0x0112] = 6  # 'turned by 90 degrees', which is ignored
    draw(2).save(tmp_path / "turned.JPEG", exif=exif, icc_profile=b"\0" * 200)
    draw(2).save(tmp_path / "usual.JPEG")
    images = {path.stem: decode(path, SIZE) for path in tmp_path.iterdir()}
    assert {image.shape for image in images.values()} == {(3, SIZE, SIZE)}
    assert np.array_equal(images["turned"], images["usual"])
    assert np.array_equal(images["grey"][0], images["grey"][1])
    usual = images["usual"].astype(int)
    assert all(abs(images[kind].astype(int) - usual).mean() < 8 for kind in ("cmyk", "png", "alpha"))
    assert abs(images["grey"].astype(int) - usual).mean() > 8


def test_files_that_are_no_images_are_named_with_a_reason(tmp_path, monkeypatch):
    draw(0, 300, 300).save(tmp_path / "cut.JPEG")
    content = (tmp_path / "cut.JPEG").read_bytes()
    (tmp_path / "cut.JPEG").write_bytes(content[: len(content) // 2])
    (tmp_path / "text.JPEG").write_text("not an image")
    (tmp_path / "empty.JPEG").touch()
    draw(0).save(tmp_path / "gif.JPEG", format="GIF")
    draw(0, 3, 400).save(tmp_path / "thin.JPEG")
    reasons = {"cut": "truncated", "text": "no JPEG", "empty": "no JPEG", "gif": "no JPEG", "thin": "3 × 400"}
    for name, reason in reasons.items():
        with pytest.raises(ValueError, match=reason):
            decode(tmp_path / f"{name}.JPEG", SIZE)
    draw(0, 60, 50).save(tmp_path / "large.JPEG")
    for limit in (2000, 1000):  # a warning of Pillow's at the one, an error at the other
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with pytest.raises(ValueError, match=f"more than {limit:,} pixels"):
                decode(tmp_path / "large.JPEG", SIZE)


def test_too_many_pixels_are_an_error_in_a_build_too(tmp_path, folders, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 3000)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        manifest = build(tmp_path / "cache", "train", folders, SIZE)
    assert manifest.wrong
    assert {reason for _, reason in manifest.wrong} == {"has more than 3,000 pixels"}


def test_trouble_with_the_disk_is_not_taken_for_a_corrupt_image(tmp_path, folders, monkeypatch):
    def broken(*_, **__):
        raise OSError(5, "Input/output error")

    cache = tmp_path / "cache"
    with monkeypatch.context() as patched:
        patched.setattr(Image, "open", broken)
        with pytest.raises(UserError, match=r"a_0\.JPEG: cannot be read: Input/output error"):
            build(cache, "train", folders, SIZE)
    assert build(cache, "train", folders, SIZE).wrong == []


def test_a_cache_holds_the_images_in_order_and_is_not_decoded_again(tmp_path, folders, decoded):
    cache = tmp_path / "cache"
    manifest = build(cache, "train", folders, SIZE)
    assert np.array_equal(array(cache), expected(folders))
    assert manifest.folders == [("a", 3), ("a", 3), ("a", 1), ("b", 3), ("b", 1)]
    assert sorted(decoded) == sorted(name for f in folders for name in f.files)
    decoded.clear()
    assert build(cache, "train", folders, SIZE) == read_manifest(cache, "train") == manifest
    assert decoded == []
    assert {path.name for path in cache.iterdir()} == {"train.json", "train.lock", manifest.file}


def test_writing_to_the_array_leaves_the_file_alone(tmp_path, folders):
    cache = tmp_path / "cache"
    manifest = build(cache, "train", folders, SIZE)
    before = (cache / manifest.file).read_bytes()
    open_array(cache, manifest)[:] = 0
    assert (cache / manifest.file).read_bytes() == before


def test_corrupt_images_have_no_place_in_the_array(tmp_path, folders):
    whole = build(tmp_path / "whole", "train", folders, SIZE)
    (folders[0].path / "a_1.JPEG").write_bytes(b"nothing")
    manifest = build(tmp_path / "cache", "train", folders, SIZE)
    assert manifest.wrong == [("a/a_1.JPEG", "is no JPEG and no PNG")]
    assert manifest.folders[0] == ("a", 2)
    assert manifest.digest != whole.digest
    assert np.array_equal(array(tmp_path / "cache"), np.delete(array(tmp_path / "whole"), 1, axis=0))


def test_a_file_left_out_is_not_the_same_as_a_file_that_was_never_there(tmp_path, folders):
    def part(n):
        return [folders[0], Folder(folders[1].path, folders[1].files[:n])]

    (folders[1].path / "b_2.JPEG").write_bytes(b"nothing")
    left_out = build(tmp_path / "cache", "train", part(3), SIZE)
    never = build(tmp_path / "cache", "train", part(2), SIZE)
    assert left_out.n == never.n
    assert left_out.digest != never.digest


def test_a_chunk_whose_place_has_moved_since_the_build_broke_off_is_decoded_again(
    tmp_path, folders, monkeypatch
):
    cache, real = tmp_path / "cache", image_cache.decode

    def failing(path, size):
        if path.name == "b_0.JPEG":
            raise UserError("broken off")
        return real(path, size)

    with monkeypatch.context() as patched:
        patched.setattr(image_cache, "decode", failing)
        with pytest.raises(UserError, match="broken off"):
            build(cache, "train", folders, SIZE)
    (folders[0].path / "a_1.JPEG").write_bytes(b"nothing")
    build(cache, "train", folders, SIZE)
    (folders[0].path / "a_1.JPEG").unlink()
    rest = [
        Folder(folders[0].path, tuple(name for name in folders[0].files if name != "a_1.JPEG")),
        folders[1],
    ]
    assert np.array_equal(array(cache), expected(rest))


def test_only_what_has_changed_is_decoded_again(tmp_path, folders, decoded, capsys):
    cache = tmp_path / "cache"
    first = build(cache, "train", folders, SIZE)
    decoded.clear()
    draw(99).save(folders[0].path / "a_4.JPEG")
    second = build(cache, "train", folders, SIZE)
    assert sorted(decoded) == ["a_3.JPEG", "a_4.JPEG", "a_5.JPEG"]
    assert "is of other files or another size; what differs is decoded again" in capsys.readouterr().err
    assert np.array_equal(array(cache), expected(folders))
    assert second.digest != first.digest
    assert not (cache / first.file).exists()
    decoded.clear()
    build(cache, "train", folders[:1], SIZE)
    assert decoded == []
    assert np.array_equal(array(cache), expected(folders[:1]))
    build(cache, "train", folders[:1], 42)
    assert sorted(decoded) == sorted(folders[0].files)
    assert array(cache).shape == (7, 3, 42, 42)


def test_the_digest_is_that_of_the_content_and_not_of_its_times(tmp_path, folders):
    first = build(tmp_path / "one", "train", folders, SIZE)
    for f in folders:
        for name in f.files:
            os.utime(f.path / name, (0, 0))
    second = build(tmp_path / "two", "train", folders, SIZE)
    assert [c.fingerprint for c in first.chunks] != [c.fingerprint for c in second.chunks]
    assert first.digest == second.digest
    assert build(tmp_path / "two", "train", folders[::-1], SIZE).digest != first.digest


def test_a_flipped_byte_is_found_and_its_chunk_decoded_again(tmp_path, folders, decoded, capsys):
    cache = tmp_path / "cache"
    first = build(cache, "train", folders, SIZE)
    flip(cache / first.file, 4)
    decoded.clear()
    assert build(cache, "train", folders, SIZE) == first  # not read back without `check`
    second = build(cache, "train", folders, SIZE, check=True)
    assert sorted(decoded) == ["a_3.JPEG", "a_4.JPEG", "a_5.JPEG"]
    assert "is damaged" in capsys.readouterr().err
    assert np.array_equal(array(cache), expected(folders))
    assert second.digest == first.digest
    decoded.clear()
    assert build(cache, "train", folders, SIZE, check=True) == second
    assert decoded == []


@pytest.mark.parametrize("harm", ["header", "short", "gone"])
def test_a_damaged_array_is_mended(tmp_path, folders, harm):
    cache = tmp_path / "cache"
    path = cache / build(cache, "train", folders, SIZE).file
    if harm == "header":
        with path.open("r+b") as file:
            file.write(b"??")
    elif harm == "short":
        os.truncate(path, path.stat().st_size - 1)
    else:
        path.unlink()
    build(cache, "train", folders, SIZE, check=True)
    assert np.array_equal(array(cache), expected(folders))


KILLED = """
import os, signal, sys, time
from pathlib import Path
from ascentcheck.empirics.data import image_cache
image_cache.CHUNK = 3
real, told = image_cache.decode, Path(sys.argv[3])
def slow(path, size):
    if path.name == "a_4.JPEG":
        told.touch()
        while not told.with_name("go").exists():
            time.sleep(0.02)
    return real(path, size)
image_cache.decode = slow
root = Path(sys.argv[1])
folders = [image_cache.Folder(root / n, tuple(f"{n}_{i}.JPEG" for i in range(k))) for n, k in (("a", 7), ("b", 4))]
image_cache.build(Path(sys.argv[2]), "train", folders, 35)
"""


@pytest.mark.parametrize(
    "then", ["nothing", "half a chunk", "too much", "a flipped byte", "the manifest lost"]
)
def test_a_build_that_was_killed_goes_on(tmp_path, until, folders, decoded, then):
    cache, told = tmp_path / "cache", tmp_path / "told"
    worker = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "images"), str(cache), str(told)])
    until(told.exists, worker)
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    assert read_manifest(cache, "train") is None
    begun = json.loads((cache / "train.partial.json").read_text())
    assert len(begun["chunks"]) == 1
    if then in ("half a chunk", "too much"):
        with (cache / begun["file"]).open("ab") as file:
            file.write(b"x" * (IMAGE * (1 if then == "half a chunk" else 20) + 7))
    elif then == "a flipped byte":
        flip(cache / begun["file"], 1)
    elif then == "the manifest lost":
        (cache / "train.partial.json").unlink()
    manifest = build(cache, "train", folders, SIZE)
    done = {"a_0.JPEG", "a_1.JPEG", "a_2.JPEG"}
    assert (done & set(decoded) == set()) == (then in ("nothing", "half a chunk", "too much"))
    assert np.array_equal(array(cache), expected(folders))
    assert manifest.digest == build(tmp_path / "undisturbed", "train", folders, SIZE).digest
    assert {path.name for path in cache.iterdir()} == {"train.json", "train.lock", manifest.file}


def test_a_second_builder_waits_for_the_first_and_decodes_nothing(
    tmp_path, until, folders, decoded, capsys, monkeypatch
):
    """The first goes on once the second has looked and found it at work."""
    cache, told = tmp_path / "cache", tmp_path / "told"
    worker = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "images"), str(cache), str(told)])
    until(told.exists, worker)
    looks, sleep = [], time.sleep
    monkeypatch.setattr(
        image_cache.time, "sleep", lambda _: (looks.append(told.with_name("go").touch()), sleep(0.02))
    )
    manifest = build(cache, "train", folders, SIZE)
    assert worker.wait() == 0
    assert looks
    assert decoded == []
    assert capsys.readouterr().err.count("another process builds it; waiting") == 1
    assert manifest == read_manifest(cache, "train")
    assert np.array_equal(array(cache), expected(folders))


def test_files_of_a_user_beside_the_cache_stay(tmp_path, folders):
    cache = tmp_path / "cache"
    cache.mkdir()
    mine = {
        "train-mine.npy",
        "train-0badcafe1.npy",
        "train-20240101.npy",
        ".train.json.bak",
        "test-00000000.npy",
    }
    for name in mine:
        np.save(cache / name, np.arange(3)) if name.endswith(".npy") else (cache / name).write_text("{}")
    left = {"train-00000001.npy", "train-00000002.npy", f".train.json.{'0' * 16}"}
    (cache / "train-00000001.npy").touch()
    (cache / "train-00000002.npy").write_bytes(bytes(HEADER) + b"pixels of a build that was killed")
    (cache / f".train.json.{'0' * 16}").touch()
    first = build(cache, "train", folders, SIZE)
    second = build(cache, "train", folders[:1], SIZE)
    assert {path.name for path in cache.iterdir()} == mine | {"train.json", "train.lock", second.file}
    assert first.file != second.file
    assert not left & {path.name for path in cache.iterdir()}


@pytest.mark.parametrize(
    "name", ["train0x" + "f" * 300 + ".npy", "../train-00000000.npy", "train-0000000g.npy", 5]
)
def test_a_manifest_names_an_array_as_the_cache_does_or_is_none(tmp_path, folders, name):
    build(tmp_path, "train", folders, SIZE)
    content = json.loads((tmp_path / "train.json").read_text())
    (tmp_path / "train.json").write_text(json.dumps({**content, "file": name}))
    with pytest.raises(UserError, match=r"train\.json: is no manifest of a cache"):
        build(tmp_path, "train", folders, SIZE)


@pytest.mark.parametrize("name", ["train.json", "train.partial.json", "train.lock"])
def test_a_pipe_in_the_cache_is_refused_and_not_waited_for(tmp_path, folders, name):
    (tmp_path / "cache").mkdir()
    os.mkfifo(tmp_path / "cache" / name)
    with pytest.raises(UserError, match=rf"{name}: is no plain file"):
        build(tmp_path / "cache", "train", folders, SIZE)


def test_plain_errors(tmp_path, folders, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="file"):
        build(tmp_path / "file", "train", folders, SIZE)
    with pytest.raises(UserError, match=r"gone\.JPEG: No such file"):
        build(tmp_path / "cache", "train", [Folder(folders[0].path, ("gone.JPEG",))], SIZE)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 10_000))
        with pytest.raises(
            UserError, match=r"0\.0 GB more are needed for the decoded images, and 0\.0 GB are free"
        ):
            build(tmp_path / "cache", "train", folders, SIZE)
    build(tmp_path / "cache", "train", folders, SIZE)
    (tmp_path / "cache" / "train.json").write_text("{")
    with pytest.raises(UserError, match=r"train\.json: is no manifest of a cache; delete it"):
        build(tmp_path / "cache", "train", folders, SIZE)
