"""Every element type and every harm, in each kind of file: the right numbers, or a refusal in one line."""

import io
import json
import os
import struct
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch

from ascentcheck.empirics.npy import read_array, read_indices
from ascentcheck.theory.console import UserError

NUMBERS = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
VALUES = np.arange(24).reshape(4, 6)


def save(path, value):
    if path.suffix == ".npy":
        np.save(path, value)
    elif path.suffix == ".npz":
        np.savez(path, value)
    elif path.suffix == ".pt":
        torch.save(value if isinstance(value, torch.Tensor) else torch.from_numpy(value), path)
    return path


def refused(path):
    with pytest.raises(UserError) as stop:
        read_array(path)
    assert str(stop.value).startswith(f"{path}: ")
    assert "\n" not in str(stop.value)
    return str(stop.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("kind", ["npy", "npz", "pt"])
@pytest.mark.parametrize("dtype", NUMBERS)
def test_numbers_are_read_as_they_are(tmp_path, kind, dtype):
    for value in (VALUES.astype(dtype), np.asfortranarray(VALUES.astype(dtype)), VALUES.astype(dtype)[:0]):
        found = read_array(save(tmp_path / f"a.{kind}", value))
        assert found.dtype == np.dtype(dtype)
        np.testing.assert_array_equal(found, value)


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_each_version_of_the_format(tmp_path, version):
    path, array = tmp_path / "a.npy", np.arange(6.0).reshape(2, 3)
    with path.open("wb") as file:
        np.lib.format.write_array(file, array, version=version)
    np.testing.assert_array_equal(read_array(path), array)
    with path.open("wb") as file:
        np.lib.format.write_array(file, np.zeros(2, [("größe", "f8")]), version=(3, 0))
    assert refused(path).endswith("real numbers are needed")


@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_the_other_order_of_bytes(tmp_path, kind):
    found = read_array(save(tmp_path / f"a.{kind}", VALUES.astype(">f4")))
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, VALUES)


@pytest.mark.parametrize("kind", ["npy", "npz"])
@pytest.mark.parametrize(
    "value",
    [
        VALUES > 3,
        VALUES + 1j,
        VALUES.astype(str),
        VALUES.astype("M8[s]"),
        VALUES.astype("V2"),
        np.zeros(3, [("a", "f4"), ("b", "i4")]),
        pytest.param(VALUES.astype(np.longdouble), marks=pytest.mark.skipif(
            np.dtype(np.longdouble).itemsize == 8, reason="this system's longest float has 64 bits"
        )),
    ],
    ids=lambda value: value.dtype.kind,
)  # fmt: skip
def test_what_is_no_number_is_refused(tmp_path, kind, value):
    assert refused(save(tmp_path / f"a.{kind}", value)).startswith("holds ")


def test_objects_are_refused_and_not_run(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, np.array([print]), allow_pickle=True)
    assert refused(path) == "holds object; real numbers are needed"
    np.savez(tmp_path / "a.npz", np.array([None]))
    assert refused(tmp_path / "a.npz") == "holds object; real numbers are needed"


FLOATS_OF_TORCH = [
    dtype
    for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz")
    if (dtype := getattr(torch, name, None)) is not None
]


@pytest.mark.parametrize("dtype", FLOATS_OF_TORCH, ids=str)
def test_floats_that_numpy_lacks_become_float32_exactly(tmp_path, dtype):
    every = torch.arange(256, dtype=torch.uint8)
    values = every.view(dtype) if dtype.itemsize == 1 else every.repeat_interleave(2).view(dtype)
    found = read_array(save(tmp_path / "a.pt", values))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, values.to(torch.float64).numpy())


def other_tensors():
    base = torch.ones(4, 6)
    yield "complex", base + 1j
    yield "conjugated", (base + 1j).conj()
    yield "bool", base > 0
    for name in ("bits8", "float4_e2m1fn_x2"):
        if hasattr(torch, name):
            yield name, base.to(torch.uint8).view(getattr(torch, name))


@pytest.mark.parametrize(
    ("name", "value"), list(other_tensors()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_other_elements_of_tensors_are_refused(tmp_path, name, value):
    assert refused(save(tmp_path / "a.pt", value)).startswith("holds ")


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors")
def test_nested_tensors_are_refused(tmp_path):
    nested = torch.nested.nested_tensor([torch.ones(3), torch.ones(2)])
    assert "nested" in refused(save(tmp_path / "a.pt", nested))


@pytest.mark.parametrize("kind", ["npz", "pt"])
def test_a_flipped_bit_anywhere_in_the_numbers_is_found(tmp_path, kind):
    value = np.random.default_rng(0).normal(size=(4, 6))
    path = save(tmp_path / f"a.{kind}", value)
    content = path.read_bytes()
    start = content.index(value.tobytes())
    for at in range(start, start + value.nbytes, 7):
        harmed = bytearray(content)
        harmed[at] ^= 64
        path.write_bytes(harmed)
        assert "damaged" in refused(path)
    path.write_bytes(content)
    np.testing.assert_array_equal(read_array(path), value)


@pytest.mark.parametrize("kind", ["npy", "npz", "pt"])
def test_a_file_cut_short_anywhere_is_refused(tmp_path, kind):
    path = save(tmp_path / f"a.{kind}", VALUES.astype("f8"))
    content = path.read_bytes()
    for length in range(0, len(content), 13):
        path.write_bytes(content[:length])
        refused(path)


def test_bytes_after_the_array_are_refused(tmp_path):
    path = tmp_path / "a.npy"
    with path.open("wb") as file:
        np.save(file, VALUES)
        np.save(file, VALUES + 1)
    assert "is longer than its array" in refused(path)


def test_a_claim_of_more_than_there_is_takes_no_memory(tmp_path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (1 << 40, 1 << 20)}
    )
    (tmp_path / "a.npy").write_bytes(header.getvalue() + bytes(100))
    assert "is cut short: float64 of shape [1099511627776, 1048576]" in refused(tmp_path / "a.npy")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as parts:
        parts.writestr("a.npy", header.getvalue())
    assert "is cut short" in refused(tmp_path / "a.npz")


def test_a_compressed_array_is_read_within_bounds(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", VALUES)
    np.testing.assert_array_equal(read_array(tmp_path / "a.npz"), VALUES)
    np.savez_compressed(tmp_path / "b.npz", np.zeros(70_000_000, np.uint8))
    assert (tmp_path / "b.npz").stat().st_size < 100_000
    assert "more than 20 times its size; it is refused" in refused(tmp_path / "b.npz")


def test_several_arrays_are_refused_by_name(tmp_path):
    np.savez(tmp_path / "a.npz", oracle=VALUES, unlearned=VALUES)
    assert refused(tmp_path / "a.npz") == "is an archive of oracle.npy, unlearned.npy; one array is needed"
    with zipfile.ZipFile(tmp_path / "b.npz", "w"):
        pass
    assert refused(tmp_path / "b.npz") == "is an archive of nothing; one array is needed"


def test_the_content_counts_and_not_the_name(tmp_path):
    for kind in ("npy", "npz", "pt"):
        path = save(tmp_path / f"a.{kind}", VALUES).rename(tmp_path / "array.dat")
        np.testing.assert_array_equal(read_array(path), VALUES)


def test_the_format_before_1_6_is_called_by_its_name(tmp_path):
    torch.save(torch.ones(3), tmp_path / "a.pt", _use_new_zipfile_serialization=False)
    assert refused(tmp_path / "a.pt").startswith("is a .pt file as torch wrote it before 1.6")
    assert torch.load(tmp_path / "a.pt", weights_only=True).tolist() == [1, 1, 1]  # as the message says


def test_a_part_that_claims_more_than_the_file_is_refused(tmp_path):
    path = save(tmp_path / "a.pt", torch.zeros(1000))
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"a/data/0") - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<II", content, entry + 20, 2**30, 2**30)  # its sizes in the table of contents
    path.write_bytes(content)
    assert "claims parts larger than the file" in refused(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.npy")
    assert refused(tmp_path / "a.npy") == "cannot be read: is no plain file"


@pytest.mark.parametrize("kind", ["csv", "npy", "npz", "parquet", "pt", "safetensors"])
def test_a_name_that_is_not_utf_8_is_as_good_as_any(tmp_path, kind):
    values = VALUES + 0.5  # a line of 0, 1, 2, … would be a header
    path, odd = tmp_path / f"a.{kind}", tmp_path / os.fsdecode(b"\xff.%b" % kind.encode())
    if kind == "csv":
        np.savetxt(path, values, delimiter=",")
    elif kind == "parquet":
        pyarrow = pytest.importorskip("pyarrow")
        columns = {f"x{number}": column for number, column in enumerate(values.T)}
        pytest.importorskip("pyarrow.parquet").write_table(pyarrow.table(columns), path)
    elif kind == "safetensors":
        pytest.importorskip("safetensors.numpy").save_file({"a": values}, path)
    else:
        save(path, values)
    path.rename(odd)
    np.testing.assert_array_equal(read_array(odd), values)


@pytest.mark.parametrize(("kind", "bits"), [("F4", 4), ("F6_E2M3", 6), ("F8_E8M0", 8)])
def test_tensors_of_numbers_that_nothing_here_has_are_told_by_their_name(tmp_path, kind, bits):
    pytest.importorskip("safetensors")
    n = 8 * bits // 8
    head = json.dumps({"a": {"dtype": kind, "shape": [2, 4], "data_offsets": [0, n]}}).encode()
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + b"\x7f" * n)
    if kind == "F8_E8M0":
        assert (read_array(tmp_path / "a.safetensors") == 1).all()  # 127 is the power 0
    else:
        assert refused(tmp_path / "a.safetensors") == f"holds {kind}, which cannot be read; save it as F32"


def test_whole_numbers_of_a_text_that_are_not_exact_are_no_indices(tmp_path):
    (tmp_path / "a.csv").write_text("9007199254740993\n1\n")
    with pytest.raises(UserError, match="integers of shape"):
        read_indices(tmp_path / "a.csv", 2**60)


def test_arrays_need_no_torch(tmp_path):
    save(tmp_path / "a.npy", VALUES)
    save(tmp_path / "a.npz", VALUES)
    code = (
        "import sys; from pathlib import Path; from ascentcheck.empirics.npy import read_array; "
        "print(*[read_array(Path(name)).sum() for name in sys.argv[1:]], 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, tmp_path / "a.npy", tmp_path / "a.npz"]
    assert subprocess.check_output(command, text=True) == "276 276 False\n"


def test_a_name_in_an_archive_that_would_not_print_on_a_line(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("a\nb\x1b[2J.npy", b"")
        archive.writestr("c.txt", b"")
    assert refused(tmp_path / "a.npz") == r"is an archive of a b\x1b[2J.npy, c.txt; one array is needed"


def test_a_damaged_part_whose_name_would_not_print_on_a_line(tmp_path):
    content = save(tmp_path / "a.pt", VALUES).read_bytes()
    assert b"a/byteorder" in content
    content = content.replace(b"a/byteorder", b"a\nbyteorder").replace(b"little", b"middle")
    (tmp_path / "a.pt").write_bytes(content)
    assert refused(tmp_path / "a.pt") == "is damaged: the checksum of a byteorder is wrong"


def test_a_name_in_an_archive_that_is_no_text(tmp_path):
    content = bytearray(save(tmp_path / "a.npz", VALUES).read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8 : at + 10] = b"\x00\x08"  # says that names are UTF-8
    content[at + 46] = 0xE1
    (tmp_path / "a.npz").write_bytes(content)
    assert refused(tmp_path / "a.npz") == "is damaged or cut short"


def test_compression_without_bounds_is_refused(tmp_path):
    array = io.BytesIO()
    np.save(array, VALUES)
    for how in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(tmp_path / "a.npz", "w", how) as parts:
            parts.writestr("a.npy", array.getvalue())
        assert (
            refused(tmp_path / "a.npz")
            == "is compressed as NumPy never does it, without bounds; it is refused"
        )
