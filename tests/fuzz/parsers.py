"""Every reader of files from outside, and of what the project keeps: whole files to begin with, and what it may raise."""

import gzip
import hashlib
import io
import json
import os
import pickle
import struct
import tarfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow
import safetensors.numpy
import torch
from PIL import Image
from pyarrow import parquet

from ascentcheck.empirics.card.results import RECORD as CARD
from ascentcheck.empirics.card.results import read_record
from ascentcheck.empirics.data.archive import read_files
from ascentcheck.empirics.data.cifar10 import BATCHES, read_cifar10
from ascentcheck.empirics.data.idx import header, read_idx
from ascentcheck.empirics.data.image_decoding import decode
from ascentcheck.empirics.data.image_manifest import (
    Chunk,
    Manifest,
    array_header,
    open_array,
    read_manifest,
    write_manifest,
)
from ascentcheck.empirics.data.plain_pickle import NotPlainError, read_plain
from ascentcheck.empirics.npy import LABELS, read_array, read_arrays, read_indices
from ascentcheck.empirics.store import RECORD, Store
from ascentcheck.empirics.study.settings import load_study
from ascentcheck.theory import index
from ascentcheck.theory.check import certificate, pointwise, store
from ascentcheck.theory.console import UserError
from ascentcheck.theory.kept import TornError
from ascentcheck.theory.rocq import record
from ascentcheck.theory.toy import covers
from tests.fuzz import changes
from tests.fuzz.changes import Sample

ROOT = Path(__file__).resolve().parents[2]
VALUES = np.arange(12, dtype="f4").reshape(3, 4)


@dataclass(frozen=True)
class Parser:
    """`read` is given a folder whose file `name` is the input; it may raise `errors`, the first with a message in one line."""

    samples: Callable[[], list[Sample]]
    read: Callable[[Path], object]
    name: str
    errors: tuple[type[Exception], ...] = (UserError,)
    beside: Callable[[Path], object] = lambda folder: None
    """Writes what lies beside the input."""


def _written(write):
    out = io.BytesIO()
    write(out)
    return out.getvalue()


def _npy(array):
    return _written(lambda out: np.save(out, array, allow_pickle=True))


def npy_files():
    arrays = [
        VALUES,
        np.asfortranarray(VALUES),
        np.arange(5),
        np.array(["a", "b"]),
        VALUES > 3,
        np.array([print]),
        np.float64(1),
    ]
    return [Sample(_npy(array)) for array in arrays] + [
        Sample(_npy(VALUES).replace(b"(3, 4)", b"(1 << 40,)"[:6]))
    ]


def indices():
    return [Sample(_npy(np.array([1, 3, 9], dtype))) for dtype in ("i8", "u1", "<i4", ">u2")]


def npz_files():
    one = _written(lambda out: np.savez(out, VALUES))
    several = _written(lambda out: np.savez_compressed(out, a=VALUES, b=np.arange(5)))
    evil = _written(lambda out: np.savez(out, np.array([Evil()])))
    bomb = _written(lambda out: np.savez_compressed(out, np.zeros(1 << 20, "u1")))
    return [Sample(content, (changes.in_zip,)) for content in (one, several, evil, bomb)]


class Evil:
    """What would run a command where it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch /tmp/evil-of-a-fuzzer",)


def pt_files():
    values = [
        torch.from_numpy(VALUES),
        torch.arange(5),
        torch.ones(3).bfloat16(),
        torch.ones(2, 3).T,
        {"a": torch.ones(2)},
    ]
    found = [_written(lambda out, v=value: torch.save(v, out)) for value in values]
    found.append(_written(lambda out: torch.save(Evil(), out)))
    old = _written(lambda out: torch.save(torch.ones(3), out, _use_new_zipfile_serialization=False))
    return [Sample(content, (changes.in_zip, changes.in_zip)) for content in found] + [Sample(old)]


def safetensors_files():
    found = [{"a": VALUES}, {"a": VALUES, "b": np.arange(5)}, {"a": VALUES > 3}]
    return [Sample(safetensors.numpy.save(one), (changes.in_header, changes.in_header)) for one in found]


def csv_files():
    texts = [
        "1,2\n3,4\n",
        "a,b\n1.5,2\n3,nan\n",
        '"1","2"\n3,4',
        "\ufeff0,1,2\n1,2,3\n",
        "1\n2\n3\n",
        "1e3,-2\r\n0.5,7\r\n",
    ]
    return [Sample(text.encode()) for text in texts]


def tsv_files():
    return [Sample(one.content.replace(b",", b"\t")) for one in csv_files()]


def parquet_files():
    table = pyarrow.table({"a": [1.0, 2.0], "b": [3, 4]})
    ways = ({"compression": "none"}, {"write_page_checksum": True}, {"compression": "zstd"})
    return [Sample(_written(lambda out, w=way: parquet.write_table(table, out, **w))) for way in ways]


def idx_files():
    plain = header((2, 3, 3)) + bytes(range(18))
    huge = header((2**20, 2**20, 3)) + bytes(18)
    zipped = [gzip.compress(one, mtime=0) for one in (plain, huge, plain + bytes(1 << 20))]
    return [Sample(plain), Sample(huge), *(Sample(one, (changes.in_gzip,) * 2) for one in zipped)]


NAMES = ("inner/a.bin", "inner/b.bin")


def _tar(*members, form=tarfile.PAX_FORMAT):
    def write(out):
        with tarfile.open(fileobj=out, mode="w", format=form) as archive:
            for name, content, kind in members:
                entry = tarfile.TarInfo(name)
                entry.type, entry.size, entry.linkname = (
                    kind,
                    len(content) if kind == tarfile.REGTYPE else 0,
                    "/etc/passwd",
                )
                archive.addfile(entry, io.BytesIO(content))

    return gzip.compress(_written(write), mtime=0)


def tar_files():
    a, b = ((name, bytes(range(100)), tarfile.REGTYPE) for name in NAMES)
    found = [
        _tar(a, b),
        _tar(a, b, form=tarfile.GNU_FORMAT),
        _tar(("x" * 150 + "/ε", b"1", tarfile.REGTYPE), a),
        _tar(("y" * 150, b"1", tarfile.REGTYPE), a, form=tarfile.GNU_FORMAT),
        _tar(("../evil", b"1", tarfile.REGTYPE), a),
        _tar((NAMES[0], b"", tarfile.SYMTYPE), b),
        _tar((NAMES[0], b"", tarfile.CHRTYPE)),
    ]
    return [Sample(content, (changes.in_gzip,) * 3) for content in found]


def _read_tar(folder):
    return read_files(folder / "a.tar.gz", NAMES, 1000, 100_000)


def _batch(n=1):
    return pickle.dumps({b"data": np.zeros((n, 3072), np.uint8), b"labels": [3] * n}, protocol=3)


def cifar_files():
    whole = _tar(*((f"cifar-10-batches-py/{name}", _batch(), tarfile.REGTYPE) for name in BATCHES))
    binary = _tar(*((f"cifar-10-batches-bin/{name}.bin", bytes(3073), tarfile.REGTYPE) for name in BATCHES))
    return [Sample(one, (changes.in_gzip,) * 2) for one in (whole, binary)]


def pickle_files():
    plain = {"a": [1, 2], b"b": (None, True), "data": np.zeros((2, 2), np.uint8)}
    found = [pickle.dumps(plain, protocol=n) for n in (3, 4, 2, 1, 0)]
    found += [
        pickle.dumps(Evil()),
        b"\x80\x02" + b"(" * 50 + b"l" * 50 + b".",
        b"\x80\x04\x8e" + struct.pack("<Q", 2**40) + b".",
    ]
    return [Sample(content) for content in found]


def studies():
    found = [path.read_bytes() for path in sorted((ROOT / "studies").glob("*.toml"))]
    from tests.faults.bench import STUDY

    return [Sample(content) for content in (STUDY.encode(), STUDY.encode(), *found)]


@cache
def _manifests():
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        path, sums = Path(name, "train.json"), "0" * 64
        chunks = (Chunk("n01", "f", 2, sums, (("a.png", "is no image"),)), Chunk("n02", "g", 1, sums, ()))
        write_manifest(path, Manifest("train-00000001.npy", 4, chunks))
        return path.read_bytes()


def _array_of_a_manifest(folder):
    (folder / "train-00000001.npy").write_bytes(array_header(3, 4) + bytes(3 * 48))


def _read_manifest(folder):
    found = read_manifest(folder, "train")
    return (
        found
        if found is None
        else (open_array(folder, found).sum(), found.digest, found.folders, found.wrong)
    )


@cache
def _kept():
    """Return the bytes of a record, of a failure and of a value, with the array that the record is of."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        kept = Store(Path(name))
        kept.put("d", {"train": VALUES}, {"passes": {"1": [3, 4]}, "seconds": 1.5, "label": "ε"})
        kept.fail("e", "ValueError: no")
        kept.remember("key", {"p95": 1.5, "shares": [1, 2.5]})
        return {p.relative_to(name).parts[0]: p.read_bytes() for p in Path(name).rglob("*.json")} | {
            "array": (Path(name) / "jobs" / "d" / "train.npy").read_bytes()
        }


def _array_of_a_record(folder):
    (folder / RECORD_OF_A_JOB).with_name("train.npy").write_bytes(_kept()["array"])


def _read_record(folder):
    found = Store(folder).get("d")
    return None if found is None else [found.array(name).sum() for name in found.names()]


def _read_failure(folder):
    return Store(folder).failure("d"), Store(folder).failures("d")


def images():
    grey = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8))
    ways = (("PNG", "L"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "L"), ("JPEG", "RGB"))
    return [Sample(_written(lambda out, w=way: grey.convert(w[1]).save(out, w[0]))) for way in ways]


def _decode(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return decode(folder / "a.png", 8).sum()


def _stored(name, *layers):
    return lambda: [Sample((certificate.FOLDER / name).read_bytes(), layers)]


def _with(module, attribute, value, read):
    """Return what `read()` gives while a module finds its files elsewhere."""
    before = getattr(module, attribute)
    setattr(module, attribute, value)
    try:
        return read()
    finally:
        setattr(module, attribute, before)


def _proofs():
    """Return a file of a few proofs, the shortest of some claims."""
    found = []
    for name in ("lambert-eq", "lemma-4", "overshoot", "lemma-6", "parallel-limit"):
        every = sorted(store.load(name).items(), key=lambda entry: len(json.dumps(entry)))[:2]
        found.append(
            Sample(json.dumps({"claim": name, "proofs": dict(every)}).encode(), (changes.in_json,) * 3)
        )
    return found


def _read_proofs(folder):
    entries = _with(store, "FOLDER", folder, lambda: store.load("input"))
    return [store.verdict((json.dumps(e["problem"]), json.dumps(e["proof"]))) for e in entries.values()]


def _paths(module, read):
    return lambda folder: _with(module, "PATH", folder / "input.json", read)


def _index():
    return [
        Sample(index.PATH.read_bytes()[:3000]),
        Sample(b'{"sources": "0", "claims": []}', (changes.in_json,) * 3),
    ]


def _rocq():
    text = json.dumps(
        {"coqc": "8", "files": {"a": "b"}, "sentences": {"l": {"s": "d"}}, "lacking": {"l": {"t": ["why"]}}}
    )
    return [Sample(text.encode(), (changes.in_json,) * 3)]


RECORD_OF_A_JOB, STORED = f"jobs/d/{RECORD}", (TornError,)
PARSERS = {
    "npy": Parser(npy_files, lambda folder: read_array(folder / "a.npy", LABELS), "a.npy"),
    "indices": Parser(indices, lambda folder: read_indices(folder / "a.npy", 10), "a.npy"),
    "npz": Parser(npz_files, lambda folder: read_arrays(folder / "a.npz", LABELS), "a.npz"),
    "pt": Parser(pt_files, lambda folder: read_arrays(folder / "a.pt"), "a.pt"),
    "safetensors": Parser(
        safetensors_files, lambda folder: read_arrays(folder / "a.safetensors"), "a.safetensors"
    ),
    "csv": Parser(csv_files, lambda folder: read_array(folder / "a.csv"), "a.csv"),
    "tsv": Parser(tsv_files, lambda folder: read_array(folder / "a.tsv"), "a.tsv"),
    "parquet": Parser(parquet_files, lambda folder: read_array(folder / "a.parquet"), "a.parquet"),
    "idx": Parser(idx_files, lambda folder: read_idx(folder / "a", 3), "a"),
    "tar": Parser(tar_files, _read_tar, "a.tar.gz"),
    "cifar": Parser(
        cifar_files, lambda folder: read_cifar10(folder / "a.tar.gz", official=False), "a.tar.gz"
    ),
    "pickle": Parser(
        pickle_files, lambda folder: read_plain((folder / "a").read_bytes()), "a", (NotPlainError,)
    ),
    "image": Parser(images, _decode, "a.png", (UserError, ValueError)),
    "toml": Parser(studies, lambda folder: load_study(folder / "a.toml"), "a.toml"),
    "manifest": Parser(
        lambda: [Sample(_manifests(), (changes.in_json,) * 3)],
        _read_manifest,
        "train.json",
        beside=_array_of_a_manifest,
    ),
    "record": Parser(
        lambda: [Sample(_kept()["jobs"], (changes.in_json, *(changes.in_checked_json,) * 3))],
        _read_record,
        RECORD_OF_A_JOB,
        beside=_array_of_a_record,
    ),
    "failure": Parser(
        lambda: [Sample(_kept()["failed"], (changes.in_json,) * 3)], _read_failure, "failed/d.json", ()
    ),
    "value": Parser(
        lambda: [Sample(_kept()["values"], (changes.in_json, changes.in_value))],
        lambda folder: Store(folder).recall("key"),
        f"values/{hashlib.sha256(b'key').hexdigest()}.json",
        (),
    ),
    "card": Parser(lambda: [Sample(b'{"run": {"device": "cpu"}}', (changes.in_json,))], read_record, CARD),
    "certificate": Parser(
        _stored("figure-4-empty.json", changes.in_json, changes.in_cuts),
        lambda folder: _with(certificate, "FOLDER", folder, lambda: certificate.load("input")),
        "input.json",
        STORED,
    ),
    "proofs": Parser(_proofs, _read_proofs, "input.json", STORED),
    "points": Parser(
        lambda: [Sample(b'{"lemma-4": {"a": {"ranges": [], "value": "1/2"}}}', (changes.in_json,) * 2)],
        _paths(pointwise, lambda: pointwise.load()),
        "input.json",
        STORED,
    ),
    "covers": Parser(
        _stored("toy-covers.json", changes.in_json),
        _paths(covers, lambda: covers.load()),
        "input.json",
        STORED,
    ),
    "index": Parser(_index, _paths(index, lambda: index.load()), "input.json", ()),
    "rocq": Parser(_rocq, _paths(record, lambda: record.load.__wrapped__()), "input.json", ()),
}
"""Every parser by its name. Stored results, failures, values and indexes that are damaged are none, without any error."""
