"""The files that the calls name, whole ones and those that are named for what is wrong with them."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.small_study import study_text

METHODS = """
[[method]]
kind = "ga"
learning_rate = 1e-2
epochs = [1]
"""
STUDY = study_text(METHODS, name="tiny", n_models=2, hidden=4, epochs=1)
"""A study that every command of studies takes."""


def make(folder: Path) -> None:
    """Write the files that the calls name into a folder."""
    (folder / "folder").mkdir()
    batches = folder / "cifar" / "cifar-10-batches-bin"
    batches.mkdir(parents=True)
    for name in ("test_batch", *(f"data_batch_{k}" for k in range(1, 6))):
        (batches / f"{name}.bin").write_bytes(bytes(2 * (1 + 3 * 32 * 32)))
    rng = np.random.default_rng(0)
    oracle, features = rng.normal(size=(12, 20)).astype(np.float32), rng.normal(size=(20, 6))
    arrays = {
        "oracle": oracle, "unlearned": oracle + 1, "fewer": oracle[:, :15], "indices": np.arange(3),
        "features": features, "labels": np.arange(20) % 2, "words": np.array(["a", "b"]),
        "none": oracle[:0], "nothing": np.arange(0), "cube": oracle.reshape(2, 6, 20), "fractions": np.array([0.5, 1.0]),
        "beyond": np.array([0, 99]), "twice": np.array([1, 1]),
    }  # fmt: skip
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    np.save(folder / "objects.npy", np.array([{}, []], dtype=object), allow_pickle=True)
    np.savez(folder / "two.npz", a=oracle, b=oracle)
    np.savez(folder / "splits.npz", a=np.arange(3), b=np.arange(3, 6))
    whole = (folder / "oracle.npy").read_bytes()
    np.savez(folder / "damaged.npz", a=oracle)
    packed = bytearray((folder / "damaged.npz").read_bytes())
    packed[len(packed) // 2] ^= 1
    files = {
        "empty.npy": b"", "empty.toml": b"", "picture.npy": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "short.npy": whole[:-9], "header.npy": whole[:10] + b"{{{{" + whole[14:], "damaged.npz": bytes(packed),
        "word.csv": b"1,2\n3,four\n", "ragged.csv": b"1,2\n3\n", "index.csv": b"0,1.5\n1,2.5\n", "page.md": b"# A page\n",
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    changes = {
        "study": ("", ""),
        "copies": ('{ kind = "digits" }', '{ kind = "digits", copies = { points = 4, aside = 1 } }'),
        "malformed": ("name =", "name"),
        "key": ("learning_rate", "learning_rat"),
        "kind": ('"ga"', '"gaa"'),
        "text": ("1e-2", '"fast"'),
        "range": ("size = 10", "size = -10"),
        "nan": ("1e-2", "nan"),
    }
    for name, (old, new) in changes.items():
        (folder / f"{name}.toml").write_text(STUDY.replace(old, new), encoding="utf-8")


@contextlib.contextmanager
def surroundings() -> Iterator[Path]:
    """Make a folder with the files the current one, and remove it again."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        make(Path())
        yield Path(name)
