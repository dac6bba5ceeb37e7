"""Files that the project keeps, torn in every way: one plain line that names the file."""

import pytest

from ascentcheck.theory import index, kept
from ascentcheck.theory.check import certificate, pointwise, store
from ascentcheck.theory.rocq import record
from ascentcheck.theory.toy import covers

TORN = [b"", b"{", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"a": ' * 100_000, b"9" * 5000]


@pytest.mark.parametrize("content", TORN, ids=lambda content: repr(content[:8]))
def test_a_torn_file_is_named_in_one_line(tmp_path, monkeypatch, content):
    path = tmp_path / "torn.json"
    path.write_bytes(content)
    for module, read in ((certificate, certificate.load), (store, store.load)):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
        with pytest.raises(kept.TornError) as stop:
            read("torn")
        assert str(stop.value).startswith(f"{path} cannot be read: ")
        assert "\n" not in str(stop.value)
    for module in (pointwise, covers):
        monkeypatch.setattr(module, "PATH", path)
        with pytest.raises(kept.TornError):
            module.load()
    for module in (index, record):
        monkeypatch.setattr(module, "PATH", path)
        record.load.cache_clear()
        assert module.load() is None
    record.load.cache_clear()


@pytest.mark.parametrize(
    "content", ['{"proofs": []}', '{"proofs": {"a": 1}}', '{"proofs": {"a": {"problem": 1}}}'], ids=str
)
def test_proofs_that_are_none(tmp_path, monkeypatch, content):
    (tmp_path / "torn.json").write_text(content)
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    with pytest.raises(kept.TornError):
        store.load("torn")


def test_a_file_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    monkeypatch.setattr(certificate, "FOLDER", tmp_path)
    assert store.load("absent") == {}
    with pytest.raises(FileNotFoundError):
        certificate.load("absent")


def test_a_certificate_that_unpacks_to_more_than_any_has(tmp_path, monkeypatch):
    import json
    import zlib
    from base64 import b85encode

    cuts = b85encode(zlib.compress(b"0," * 50_000_000)).decode()
    (tmp_path / "bomb.json").write_text(json.dumps({"digest": "0", "cuts": cuts}))
    monkeypatch.setattr(certificate, "FOLDER", tmp_path)
    with pytest.raises(kept.TornError, match="more than 6,400,000 bytes, or cut short"):
        certificate.load("bomb")
