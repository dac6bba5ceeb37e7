"""IDX files: what is written is read, and whatever else a file holds is told in one line."""

import gzip
import hashlib
import os
import resource
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ascentcheck.empirics.data import idx
from ascentcheck.empirics.data.idx import header, read_idx, sha256
from ascentcheck.theory.console import UserError, one_line

SMALL = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def written(array):
    return header(array.shape) + array.tobytes()


def refused(path, axes=3):
    with pytest.raises(UserError) as stop:
        read_idx(path, axes)
    assert str(path) in str(stop.value)
    assert "\n" not in str(stop.value)
    return str(stop.value)


def attempt(path, axes):
    """What a file holds and no message, or nothing and a message."""
    try:
        return read_idx(path, axes), ""
    except UserError as error:
        return None, str(error)


@pytest.fixture
def put(tmp_path):
    def write(content, name="images"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_the_header_is_that_of_the_published_files():
    assert header((60_000, 28, 28)).hex() == "000008030000ea600000001c0000001c"
    assert header((10_000,)).hex() == "0000080100002710"


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_what_is_written_is_read(put, packed):
    found = read_idx(put(packed(written(SMALL))), 3)
    assert found.dtype == np.uint8
    assert np.array_equal(found, SMALL)


def test_the_digest_is_that_of_the_unpacked_file(put):
    assert sha256(SMALL) == hashlib.sha256(written(SMALL)).hexdigest()
    turned = np.asfortranarray(SMALL)
    assert sha256(turned) == sha256(SMALL)
    assert sha256(SMALL.reshape(2, 4, 3)) != sha256(SMALL)


FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@FUZZ
@given(
    array=arrays.arrays(np.uint8, arrays.array_shapes(min_dims=1, max_dims=4, max_side=6)),
    packed=st.sampled_from([bytes, gzip.compress]),
)
def test_any_array_survives(put, array, packed):
    assert np.array_equal(read_idx(put(packed(written(array))), array.ndim), array)


@FUZZ
@given(content=st.binary(max_size=64), axes=st.integers(1, 3), packed=st.sampled_from([bytes, gzip.compress]))
@example(content=b"", axes=1, packed=bytes)
@example(content=written(SMALL), axes=3, packed=bytes)
@example(content=b"\0\0\x08\x01\xff\xff\xff\xff", axes=1, packed=gzip.compress)
@example(content=b"\x1f\x8b\x08\0\0\0\0\0\0\xff", axes=1, packed=bytes)
def test_any_bytes_are_an_array_that_writes_them_again_or_one_line(put, content, axes, packed):
    found, message = attempt(put(packed(content)), axes)
    assert one_line(message) == message
    assert found is None or written(found) == content


@FUZZ
@given(
    array=arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, max_side=5)),
    at=st.integers(0, 200),
    value=st.integers(0, 255),
    cut=st.booleans(),
)
def test_a_packed_file_that_is_cut_or_changed_never_gives_another_array(put, array, at, value, cut):
    """Gzip's checksum and length are looked at: what is read is what was written, or nothing is."""
    content = bytearray(gzip.compress(written(array), mtime=0))
    at %= len(content)
    changed = content[:at] if cut else bytes(content[:at]) + bytes([value]) + bytes(content[at + 1 :])
    found, message = attempt(put(bytes(changed)), 2)
    assert one_line(message) == message
    assert found is None or np.array_equal(found, array)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no IDX file: it begins with nothing"),
        (b"\0\0", "is no IDX file"),
        (b"\x89PNG\r\n\x1a\n", "it begins with 89504e47"),
        (header((2, 3)) + b"x" * 6, "values of type 8 along 2 axes"),
        (b"\0\0\x0d\x03" + bytes(12), "values of type 13 along 3 axes"),
        (header((2, 3, 4))[:11], "is cut short in its header"),
        (header((0, 3, 4)), "claims [0, 3, 4] values; 1 to 1,000,000,000"),
        (header((2**32 - 1,) * 3), "claims [4294967295, 4294967295, 4294967295] values"),
        (written(SMALL)[:-1], "24 values, and there are only 23"),
        (written(SMALL) + b"\0", "24 values, and there are more than these"),
    ],
)
@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_wrong_content_is_told(put, content, message, packed):
    assert message in refused(put(packed(content)))


def test_a_gzip_stream_that_is_cut_or_followed_by_something_is_told(put):
    whole = gzip.compress(written(SMALL))
    assert "is damaged or cut short" in refused(put(whole[:-4]))
    assert "is damaged or cut short" in refused(put(whole[:20]))
    assert "is damaged or cut short" in refused(put(whole + b"more"))
    assert "more than these" in refused(put(whole + gzip.compress(b"more")))


def test_a_header_is_not_believed_and_a_bomb_not_unpacked(put, monkeypatch):
    """Neither takes memory: with 64 MiB more than now, a claim of 1 GB and 256 MiB of zeros are refused as anything else."""
    with gzip.open(bomb := put(b"", "bomb"), "wb") as file:
        file.write(header((1000, 28, 28)))
        for _ in range(256):
            file.write(bytes(1 << 20))
    claim = put(header((1000, 1000, 1000)) + b"few", "claim")
    packed = put(gzip.compress(header((1000, 1000, 1000)) + b"few"), "packed")
    now = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + (64 << 20), before[1]))
    try:
        assert "more than these" in refused(bomb)
        assert "only 3" in refused(claim)
        assert "only 3" in refused(packed)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
    monkeypatch.setattr(idx, "MAX_BYTES", 20)
    assert "has more than 20 bytes" in refused(put(written(SMALL)))


def test_what_is_no_plain_file_is_told(put, tmp_path):
    assert "no such file" in refused(tmp_path / "none")
    assert "is not a plain file" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "is not a plain file" in refused(tmp_path / "pipe")
    for name, target in (("nowhere", "none"), ("circle", "circle"), ("zeros", "/dev/zero")):
        (tmp_path / name).symlink_to(target)
        refused(tmp_path / name)
    (tmp_path / "link").symlink_to(put(written(SMALL)))
    assert np.array_equal(read_idx(tmp_path / "link", 3), SMALL)
