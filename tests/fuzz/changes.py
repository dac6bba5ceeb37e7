"""Inputs made of whole files: their bytes changed, what is packed in them changed and packed again, their text's numbers,
their JSON's values. All of it is drawn by hypothesis, or given as one text of bytes by a fuzzer that is guided.
"""

import gzip
import io
import json
import re
import struct
import zipfile
from base64 import b85decode, b85encode
from dataclasses import dataclass
from hashlib import sha256
from zlib import compress, decompress

from hypothesis import strategies as st

NAMES = (
    "../evil.npy",
    "/tmp/evil.npy",
    "a\\b.npy",
    "",
    "..",
    "data.pkl",
    "a/data.pkl",
    "x" * 300,
    "\0.npy",
    "a.npy",
)
EXTREME = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**40, 2**63 - 1, 2**64 - 1)
WORDS = (
    b"0", b"-1", b"1e999", b"nan", b"inf", b"9" * 30, b"9" * 5000, b"1099511627776", b'""', b"[]", b"{}", b"null", b"true",
    b"[" * 2000, b"(" * 200, b"\xff\xfe", b"\0", b'"' * 3, b"'" * 3, b"\n", b"object", b"O", b"__import__('os')", b"1979-05-27",
    b"../../x", b"/dev/zero", b"{x=1}", b"\xed\xa0\x80", b"1_000", b"0x10", b"0x" + b"f" * 5000,
    b",,", b";", b"e", b"<f8", b"|O", b">c16", b"|V4",
)  # fmt: skip
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
VALUES = (
    None, True, 0, -1, 1.5, 10**30, 2**63, float("nan"), float("inf"), "", "x", "../../x", "\0", [], {}, [[]], [1, "a"],
    {"a": 1}, "9" * 400, "/dev/zero", "0" * 64,
)  # fmt: skip


def edited(content, edits, others=()):
    """Return bytes after some edits, each a kind and two numbers that say where and what."""
    content = bytearray(content)
    for kind, a, b in edits:
        n = len(content)
        at = a % (n + 1)
        if kind == 0 and n:
            content[a % n] ^= 1 << b % 8
        elif kind == 1 and n:
            content[a % n] = b % 256
        elif kind == 2:
            del content[at:]
        elif kind == 3:
            del content[at : at + 1 + b % 64]
        elif kind == 4:
            content[at:at] = WORDS[b % len(WORDS)]
        elif kind == 5:
            content[at:at] = content[b % (n + 1) :][: 1 + a % 256]
        elif kind == 6:
            value, size = EXTREME[b % len(EXTREME)], (1, 2, 4, 8)[b // 16 % 4]
            content[at : at + size] = (value % 256**size).to_bytes(size, ("little", "big")[b // 64 % 2])
        elif kind == 7 and others:
            other = others[b % len(others)]
            content[at:] = other[a % (len(other) + 1) :]
        elif kind == 8 and (found := list(NUMBER.finditer(content[: 1 << 16]))):
            one = found[a % len(found)]
            content[one.start() : one.end()] = WORDS[b % len(WORDS)]
        elif kind == 9:
            content += bytes([b % 256]) * (a % 5000)
    return bytes(content)


def json_changed(data, edits):
    """Return plain data with some of its parts replaced, removed, doubled, or nested."""
    data = _copy(data)
    for kind, a, b in edits:
        places = list(_places(data))
        if not places:
            return _copy(VALUES[b % len(VALUES)])
        container, key = places[a % len(places)]
        if kind < 5:
            container[key] = _copy(VALUES[b % len(VALUES)])
        elif kind == 5:
            del container[key]
        elif kind == 6:
            container[key] = [container[key]]
        elif kind == 7 and isinstance(container, dict):
            container[NAMES[b % len(NAMES)]] = container.pop(key)
        elif kind == 8:
            other, name = places[b % len(places)]
            container[key] = _copy(other[name])
        elif isinstance(container, list):
            container.append(_copy(container[key]))
    return data


def _copy(data):
    return json.loads(json.dumps(data))


def _places(data):
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in list(items):
        yield data, key
        yield from _places(value)


@dataclass(frozen=True)
class Sample:
    """A whole file, and in what ways its inner parts can be changed."""

    content: bytes
    layers: tuple = ()


def as_bytes(content, edits, others):
    """The file's own bytes."""
    return edited(content, edits, others)


def in_gzip(content, edits, others):
    """What is packed, with gzip's checksum made anew."""
    return gzip.compress(edited(gzip.decompress(content), edits), 1, mtime=0)


def in_zip(content, edits, others):
    """One part of an archive, or its name, with the checksums made anew."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        found = [(part.filename, parts.read(part), part.compress_type) for part in parts.infolist()]
    (_, which, what), *rest = edits
    name, inner, how = found[which % len(found)]
    if not rest or what % 4 == 0:
        name = NAMES[what // 4 % len(NAMES)]
    found[which % len(found)] = name, edited(inner, rest), how
    if what % 7 == 0:
        found.append(found[what // 7 % len(found)])
    return zipped(found)


def zipped(parts):
    """Return an archive of (name, content, compression), whatever the names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, inner, how in parts:
            entry = zipfile.ZipInfo("x")
            entry.filename, entry.compress_type = name, how
            archive.NameToInfo.pop(name, None)
            archive.writestr(entry, inner)
    return out.getvalue()


def in_json(content, edits, others):
    """The values of JSON."""
    return json.dumps(json_changed(json.loads(content), edits)).encode()


def in_checked_json(content, edits, others):
    """The values of a record, whose own checksum is made anew."""
    data = json_changed(json.loads(content), edits)
    if isinstance(data, dict):
        data.pop("sha256", None)
        data["sha256"] = sha256(json.dumps(data, indent=1, sort_keys=True).encode()).hexdigest()
    return json.dumps(data).encode()


def in_value(content, edits, others):
    """A remembered value, whose checksum is made anew."""
    text = json.dumps(json_changed(json.loads(json.loads(content)["value"]), edits))
    return json.dumps({"sha256": sha256(text.encode()).hexdigest(), "value": text}).encode()


def in_cuts(content, edits, others):
    """What is compressed in a certificate."""
    data = json.loads(content)
    return json.dumps(
        data | {"cuts": b85encode(compress(edited(decompress(b85decode(data["cuts"])), edits))).decode()}
    ).encode()


def in_header(content, edits, others):
    """The text of a safetensors header, with its length made right."""
    (size,) = struct.unpack("<Q", content[:8])
    header = edited(content[8 : 8 + size], edits)
    return struct.pack("<Q", len(header)) + header + content[8 + size :]


def made(samples, which, layer, edits):
    """Return the input that those numbers stand for."""
    sample = samples[which % len(samples)]
    layers = (as_bytes, *sample.layers, *sample.layers)
    return layers[layer % len(layers)](sample.content, edits, [one.content for one in samples])


NUMBERS = st.integers(0, 2**32 - 1)
EDITS = st.lists(st.tuples(st.integers(0, 9), NUMBERS, NUMBERS), min_size=1, max_size=6)


def inputs(samples):
    """Return hypothesis's strategy for changed files."""
    return st.builds(lambda *given: made(samples, *given), st.integers(0, 255), st.integers(0, 255), EDITS)


def from_bytes(samples, raw):
    """Return the input for what a guided fuzzer gives: the first bytes choose, nine for each edit follow."""
    raw = raw.ljust(11, b"\0")
    edits = [(raw[i] % 10, *struct.unpack("<II", raw[i + 1 : i + 9])) for i in range(2, len(raw) - 8, 9)][:6]
    return made(samples, raw[0], raw[1], edits)
