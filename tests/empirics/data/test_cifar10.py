"""CIFAR-10 from small archives of both versions, and what becomes of wrong and malicious ones."""

import gzip
import hashlib
import io
import os
import pickle
import tarfile
import warnings

import numpy as np
import pytest
import torch

from ascentcheck.empirics.data import Cifar10Config, cifar10, load, plain_pickle
from ascentcheck.empirics.data.archive import read_files
from ascentcheck.empirics.data.cifar10 import read_cifar10
from ascentcheck.empirics.data.plain_pickle import NotPlainError, read_plain
from ascentcheck.theory.console import UserError

FILES = ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch")
PYTHON = [f"cifar-10-batches-py/{name}" for name in FILES]
BINARY = [f"cifar-10-batches-bin/{name}.bin" for name in FILES]
N = 4
DRAW = np.random.default_rng(0)
PIXELS = DRAW.integers(256, size=(6, N, 3072), dtype=np.uint8)
LABELS = DRAW.integers(10, size=(6, N))


def binary(i):
    return np.concatenate([LABELS[i].astype(np.uint8)[:, None], PIXELS[i]], 1).tobytes()


def python2(pixels, labels, fortran=False):
    """A batch as Python 2 wrote the official ones: protocol 2, texts as byte strings."""

    def text(value):
        return b"U" + bytes([len(value)]) + value

    raw = pixels.tobytes("F" if fortran else "C")
    return b"".join(
        [
            b"\x80\x02}q\x01(",
            text(b"batch_label") + b"q\x02" + text(b"training batch 1 of 5") + b"q\x03",
            text(b"labels") + b"q\x04]q\x05(" + b"".join(b"K" + bytes([label]) for label in labels) + b"e",
            text(b"data") + b"q\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08",
            b"K\x00\x85" + text(b"b") + b"\x87Rq\x09(K\x01M",
            len(pixels).to_bytes(2, "little") + b"M\x00\x0c\x86cnumpy\ndtype\nq\x0a" + text(b"u1"),
            b"K\x00K\x01\x87Rq\x0b(K\x03" + text(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb",
            (b"\x88" if fortran else b"\x89") + b"T" + len(raw).to_bytes(4, "little") + raw + b"tb",
            text(b"filenames") + b"q\x0c](" + text(b"camel_s_000.png") + b"q\x0deu.",
        ]
    )


def python(i):
    return python2(PIXELS[i], LABELS[i])


VERSIONS = {"binary": (BINARY, binary), "python": (PYTHON, python)}


def contents(version):
    names, make = VERSIONS[version]
    return {name: make(i) for i, name in enumerate(names)}


def write_archive(path, files, extra=(), mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member, content in extra:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def write_folder(path, files):
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def refused(path, official=False):
    with pytest.raises(UserError) as stop:
        read_cifar10(path, official)
    assert "\n" not in str(stop.value)
    assert str(path) in str(stop.value)
    return str(stop.value)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("form", ["archive", "folder", "inner folder"])
def test_images_and_labels_in_the_official_order(tmp_path, version, form):
    files = contents(version)
    shuffled = dict(sorted(files.items(), reverse=True))
    if form == "archive":
        path = write_archive(tmp_path / "c.tar.gz", shuffled)
    else:
        path = write_folder(tmp_path, shuffled)
        path = path / next(iter(files)).split("/")[0] if form == "inner folder" else path
    train, test = read_cifar10(path, official=False)
    assert (train.x.dtype, train.y.dtype) == (torch.uint8, torch.int64)
    assert np.array_equal(train.x.numpy(), PIXELS[:5].reshape(-1, 3, 32, 32))
    assert np.array_equal(train.y.numpy(), LABELS[:5].ravel())
    assert np.array_equal(test.x.numpy(), PIXELS[5].reshape(-1, 3, 32, 32))
    assert np.array_equal(test.y.numpy(), LABELS[5])


def test_both_versions_are_one_data_set_standardised_per_channel(tmp_path):
    sets = [
        load(Cifar10Config(path=str(write_archive(tmp_path / f"{v}.tar.gz", contents(v))), official=False))
        for v in VERSIONS
    ]
    assert sets[0].digest == sets[1].digest
    assert (sets[0].shape, sets[0].n_classes, len(sets[0].train_x)) == ((3, 32, 32), 10, 5 * N)
    red, green, blue = PIXELS[0, 0].reshape(3, 32, 32)[:, 5, 7] / 255.0
    expected = [(red - 0.4914) / 0.2023, (green - 0.4822) / 0.1994, (blue - 0.4465) / 0.201]
    assert sets[0].train_x.dtype == torch.uint8
    assert sets[0].ready(sets[0].train_x)[0, :, 5, 7].tolist() == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("fortran", [False, True])
def test_a_batch_of_python_2_is_read_as_pickle_reads_it(fortran):
    content = python2(PIXELS[0], LABELS[0], fortran)
    theirs, ours = pickle.loads(content, encoding="latin-1"), read_plain(content)
    assert ours.keys() == theirs.keys()
    assert np.array_equal(ours["data"], PIXELS[0])
    assert np.array_equal(theirs["data"], PIXELS[0])
    assert [ours[key] for key in ("labels", "batch_label", "filenames")] == [
        theirs[key] for key in ("labels", "batch_label", "filenames")
    ]


@pytest.mark.parametrize("protocol", [3, 4])
@pytest.mark.parametrize("kind", [str, bytes])
def test_a_batch_of_python_3(protocol, kind):
    keys = ["data", "labels"] if kind is str else [b"data", b"labels"]
    ours = read_plain(pickle.dumps(dict(zip(keys, (PIXELS[1], [1, 2]), strict=True)), protocol))
    assert np.array_equal(ours["data"], PIXELS[1])
    assert ours["labels"] == [1, 2]


class Evil:
    def __init__(self, call, *arguments):
        self.made = call, arguments

    def __reduce__(self):
        return self.made


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
def test_a_pickle_that_runs_something_is_refused_and_not_run(tmp_path, protocol):
    target = tmp_path / "made"
    content = pickle.dumps({"data": Evil(os.mkdir, str(target)), "labels": [1]}, protocol)
    path = write_archive(tmp_path / "c.tar.gz", contents("python") | {PYTHON[2]: content})
    assert "data_batch_3: asks for" in refused(path)
    assert not target.exists()
    pickle.loads(content)
    assert target.exists()  # so the pickle was a real one


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps({"data": np.zeros((2, 2), object)}, 2),
        pickle.dumps({"data": np.zeros((2, 2), np.float32)}, 3),
        pickle.dumps({"data": np.zeros((2, 2), [("a", "u1")])}, 3),
        pickle.dumps({"data": 1.5}, 2),
        pickle.dumps({"data": {1, 2}}, 4),
        pickle.dumps({1: 2}, 2),
        b"\x80\x02cnumpy\nndarray\nK\x01\x85R.",
        b"\x80\x02(cnumpy\nndarray\nK\x01o.",
        b"\x80\x02(K\x01inumpy\nndarray\n.",
        b"\x80\x02\x82\x01.",
        b"\x80\x02Pid\n.",
        b"\x80\x02}(K\x01}b.",
        b"\x80\x02h\x05.",
        b"\x80\x02K\x01t.",
        b"\x80\x02.",
        b"\x80\x02K\x01K\x02.",
        b"\x80\x02NN",
        b"\x80\x02]K\x01K\x02a.",
        b"\x80\x02U\x09abc.",
        b"",
        b"hello",
        b"\x80\x02N0N.",
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nNN\x87R(K\x01K\x01\x85N\x89U\x01xtb.",
    ],
)
def test_anything_but_plain_data_is_refused(content):
    with pytest.raises(NotPlainError):
        read_plain(content)


def test_a_pickle_of_too_many_instructions(monkeypatch):
    content = pickle.dumps({"labels": [1] * 50}, 2)
    assert read_plain(content) == {"labels": [1] * 50}
    monkeypatch.setattr(plain_pickle, "MAX_INSTRUCTIONS", 40)
    with pytest.raises(NotPlainError, match="more than 40 instructions"):
        read_plain(content)


@pytest.mark.parametrize("cut", [0, 1, 30, 100, 5000, -1])
def test_a_pickle_that_is_cut_short(cut):
    with pytest.raises(NotPlainError):
        read_plain(python(0)[:cut])


def test_an_escape_that_is_none_is_damage_and_no_warning():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with pytest.raises(NotPlainError, match="make no sense"):
            read_plain(b"S'\\u'\n.")
        assert read_plain(b"S'\\x41'\n.") == "A"
    assert told == []


def info(name, kind=tarfile.REGTYPE, link=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("member", "message"),
    [
        (info("../outside"), "'../outside' points outside"),
        (info("cifar-10-batches-bin/../../outside"), "points outside"),
        (info("/tmp/outside"), "'/tmp/outside' points outside"),
        (info("a\\..\\b"), "points outside"),
        (info("link", tarfile.SYMTYPE, "/etc/passwd"), "'link' is a link"),
        (info("link", tarfile.LNKTYPE, BINARY[0]), "'link' is a link"),
        (info("pipe", tarfile.FIFOTYPE), "is a link, a device"),
        (info("disk", tarfile.BLKTYPE), "is a link, a device"),
        (info("holes", tarfile.GNUTYPE_SPARSE), "is a link, a device or a sparse file"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_unsafe_entries(tmp_path, version, member, message):
    path = write_archive(tmp_path / "c.tar.gz", contents(version), [(member, b"")])
    before = sorted(tmp_path.iterdir())
    assert message in refused(path)
    assert sorted(tmp_path.iterdir()) == before


def test_a_batch_of_negative_size(tmp_path):
    files = contents("binary")
    del files[BINARY[0]]
    whole = write_archive(tmp_path / "c.tar", files, mode="w").read_bytes()
    head = bytearray(info(BINARY[0]).tobuf())
    head[124:136] = (-5000).to_bytes(12, "big", signed=True)
    head[148:156] = b"%06o\0 " % (sum(head[:148]) + sum(head[156:]) + 8 * 32)
    (tmp_path / "c.tar.gz").write_bytes(gzip.compress(bytes(head) + whole))
    assert f"'{BINARY[0]}' is cut short" in refused(tmp_path / "c.tar.gz")


def test_a_sparse_file_in_the_newer_form(tmp_path):
    member = info("holes")
    member.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": "1000"}
    path = write_archive(tmp_path / "c.tar.gz", contents("binary"), [(member, b"x")])
    assert "'holes' is a link, a device or a sparse file" in refused(path)


def test_a_link_in_place_of_a_batch(tmp_path):
    files = contents("binary")
    del files[BINARY[4]]
    link = info(BINARY[4], tarfile.SYMTYPE, "/dev/zero")
    assert f"'{BINARY[4]}' is a link" in refused(write_archive(tmp_path / "c.tar.gz", files, [(link, b"")]))


def test_a_batch_that_is_there_twice(tmp_path):
    path = write_archive(tmp_path / "c.tar.gz", contents("binary"), [(info(BINARY[0]), binary(1))])
    assert f"'{BINARY[0]}' is there twice" in refused(path)


def test_bombs(tmp_path):
    files, path = contents("binary"), tmp_path / "c.tar.gz"
    write_archive(path, files | {BINARY[0]: bytes(50_000_000)})
    assert "has 50,000,000 bytes; at most 40,000,000 are allowed" in refused(path)
    write_archive(path, {f"x{i}": b"" for i in range(100)} | files)
    assert "more than 64 entries" in refused(path)
    with path.open("wb") as file:
        write_archive(path, files)
        file.seek(0, io.SEEK_END)
        file.write(gzip.compress(bytes(10_000_000)))
    with pytest.raises(UserError, match="unpacks to more than 5,000,000 bytes"):
        read_files(path, BINARY, 1_000_000, 5_000_000)
    member = info("name")
    member.pax_headers = {"comment": "x" * 10_000_000}
    write_archive(path, files, [(member, b"")])
    with pytest.raises(UserError, match="unpacks to more than"):
        read_files(path, BINARY, 1_000_000, 5_000_000)


def test_nested_headers(tmp_path):
    member = info("name")
    member.pax_headers = {"comment": "x"}
    head = member.tobuf(tarfile.PAX_FORMAT)[:1024]
    (tmp_path / "c.tar.gz").write_bytes(gzip.compress(head * 5000))
    assert "its headers are nested" in refused(tmp_path / "c.tar.gz")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9, 0.9999])
def test_an_archive_that_is_cut_short(tmp_path, version, part):
    path = write_archive(tmp_path / "c.tar.gz", contents(version))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    refused(path)


@pytest.mark.parametrize("size", [1000, 12_000, 60_000])
def test_a_tar_that_was_cut_short_before_it_was_zipped(tmp_path, size):
    whole = write_archive(tmp_path / "c.tar", contents("binary"), mode="w").read_bytes()
    assert len(whole) > 70_000
    (tmp_path / "c.tar.gz").write_bytes(gzip.compress(whole[:size]))
    refused(tmp_path / "c.tar.gz")


def test_a_header_that_claims_more_than_any_file_has(tmp_path):
    body = b"99999999999999999999 path=a\n"
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, len(body)
    (tmp_path / "c.tar.gz").write_bytes(gzip.compress(info.tobuf() + body.ljust(512, b"\0") + bytes(1024)))
    refused(tmp_path / "c.tar.gz")


def test_an_archive_with_a_flipped_bit(tmp_path):
    path = write_archive(tmp_path / "c.tar.gz", contents("binary"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    path.write_bytes(content)
    assert "is damaged" in refused(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({BINARY[3]: None}, f"{BINARY[3]} is missing"),
        ({BINARY[5]: None}, f"{BINARY[5]} is missing"),
        ({BINARY[1]: binary(1)[:-1]}, "no whole number of records of 3,073"),
        ({BINARY[1]: b""}, "has 0 bytes"),
        ({BINARY[1]: b"\x0a" + binary(1)[1:]}, "label 10 of image 0 is not in 0..9"),
    ],
)
@pytest.mark.parametrize("form", [write_archive, write_folder])
def test_wrong_binary_files(tmp_path, change, message, form):
    files = {name: c for name, c in (contents("binary") | change).items() if c is not None}
    assert message in refused(form(tmp_path / "c.tar.gz", files))


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ([1], "no dictionary with data and labels"),
        ({"labels": [1]}, "no dictionary with data and labels"),
        ({"data": [1], "labels": [1]}, "data is not an array of uint8"),
        (python(0).replace(b"M\x00\x0c", b"M\x01\x0c"), "is damaged"),  # a shape that the bytes do not fill
        ({"data": PIXELS[0][:, 1:].copy(), "labels": [1] * N}, "data is not an array of uint8 [n, 3072]"),
        ({"data": PIXELS[0], "labels": [1] * (N - 1)}, "has 4 images and 3 labels"),
        ({"data": PIXELS[0], "labels": ["1"] * N}, "labels is not a list of integers"),
        ({"data": PIXELS[0], "labels": [1, 2, 300, 4]}, "label 300 of image 2 is not in 0..9"),
        ({"data": PIXELS[0], "labels": [1, 2, -1, 4]}, "label -1 of image 2"),
    ],
)
def test_wrong_python_batches(tmp_path, batch, message):
    content = batch if isinstance(batch, bytes) else pickle.dumps(batch, 3)
    path = write_archive(tmp_path / "c.tar.gz", contents("python") | {PYTHON[0]: content})
    assert message in refused(path)


def test_files_that_are_no_archive(tmp_path):
    assert "no such file or folder" in refused(tmp_path / "no.tar.gz")
    (tmp_path / "text").write_text("hello")
    assert "not a .tar.gz" in refused(tmp_path / "text")
    assert "holds no CIFAR-10" in refused(write_archive(tmp_path / "other.tar.gz", {"a": b"b"}))
    assert "not a .tar.gz" in refused(write_archive(tmp_path / "c.tar", contents("binary"), mode="w"))
    os.mkfifo(tmp_path / "pipe")
    assert "is neither a file nor a folder" in refused(tmp_path / "pipe")
    folder = write_folder(tmp_path / "folder", contents("binary"))
    (folder / BINARY[0]).unlink()
    os.mkfifo(folder / BINARY[0])
    assert "is not a plain file" in refused(folder)
    (tmp_path / "empty").mkdir()
    assert "holds no CIFAR-10" in refused(tmp_path / "empty")


@pytest.mark.parametrize("version", VERSIONS)
def test_another_archive_than_the_official_one_needs_the_setting(tmp_path, monkeypatch, version):
    path = write_archive(tmp_path / "c.tar.gz", contents(version))
    md5 = hashlib.md5(path.read_bytes()).hexdigest()
    message = refused(path, official=True)
    assert f"has md5 {md5}, not that of an official archive" in message
    assert "c58f30108f718f92721af3b95e74349a" in message
    assert "c32a1d4ab5d03f1284b67883e8d87530" in message
    assert "set official = false" in message
    monkeypatch.setattr(cifar10, "ARCHIVES", {"c.tar.gz": md5})
    assert len(read_cifar10(path, official=True)[0].y) == 5 * N


def test_files_that_are_not_official_are_called_so_and_their_digest_is_that_of_their_images(
    tmp_path, monkeypatch
):
    path = write_archive(tmp_path / "c.tar.gz", contents("binary"))
    data = load(Cifar10Config(path=str(path), official=False))
    assert (data.name, data.described) == ("cifar10", "cifar10 (not the official files)")
    noted = load(Cifar10Config(path=str(path), official=False, note="kept as JPEG"))
    assert noted.described == "cifar10 (not the official files: kept as JPEG)"
    assert noted.digest == data.digest
    monkeypatch.setattr(cifar10, "ARCHIVES", {"c.tar.gz": hashlib.md5(path.read_bytes()).hexdigest()})
    for official in (True, False):
        assert load(Cifar10Config(path=str(path), official=official)).described == "cifar10"
    with pytest.raises(ValueError, match="official is true"):
        Cifar10Config(path=str(path), note="kept as JPEG")


def test_a_part_of_the_images_takes_in_a_published_set(tmp_path):
    path = write_archive(tmp_path / "c.tar.gz", contents("binary"))
    np.save(tmp_path / "set.npy", np.array([2, 19]))
    data = load(
        Cifar10Config(
            path=str(path), official=False, n_train=5, n_validation=3, keep=(str(tmp_path / "set.npy"),)
        )
    )
    assert {2, 19} < {*data.numbers.tolist()}
    expected = PIXELS[:5].reshape(-1, 3, 32, 32)[data.numbers.numpy()]
    assert np.array_equal(data.train_x.numpy(), expected)
    assert (len(data.val_y), data.remark) == (3, "not the official files")


def test_another_folder_than_the_official_one_needs_the_setting(tmp_path, monkeypatch):
    folder = write_folder(tmp_path / "b", contents("binary"))
    assert "no md5 is published for the unpacked binary version" in refused(folder, official=True)
    files = contents("python")
    folder = write_folder(tmp_path / "p", files)
    assert "not the official c99cafc152244af753f735de768cd75f" in refused(folder, official=True)
    right = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(cifar10, "UNPACKED", right)
    assert len(read_cifar10(folder, official=True)[0].y) == 5 * N
    (folder / PYTHON[5]).write_bytes(files[PYTHON[4]])
    assert f"{PYTHON[5]} has md5" in refused(folder, official=True)
