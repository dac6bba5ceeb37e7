"""The index that `list` and `explain` print from is what the claims say, and printing takes no sympy."""

import json
import resource
import subprocess
import sys

import pytest

from ascentcheck.theory import index

MOST_SECONDS = 0.7
ABOUT = "of the index; `python -m theory certify` makes it"


def test_the_index_is_of_the_present_sources_and_says_what_the_claims_say():
    stored = index.load()
    assert stored is not None, f"the sources are not those {ABOUT}"
    assert stored == index.made(), f"the claims say something else than the text {ABOUT}"


def test_an_index_of_other_sources_does_not_count(tmp_path, monkeypatch):
    record = json.loads(index.PATH.read_text(encoding="utf-8"))
    monkeypatch.setattr(index, "PATH", tmp_path / "index.json")
    assert index.load() is None
    index.PATH.write_text(json.dumps({**record, "sources": "other"}))
    assert index.load() is None
    changed = [{**entry, "text": entry["text"].replace("false", "right")} for entry in record["claims"]]
    index.PATH.write_text(json.dumps({**record, "claims": changed}))
    assert index.load() is None
    index.PATH.write_text("{")
    assert index.load() is None
    index.save(tuple(index.Entry(**entry) for entry in record["claims"]))
    assert index.load() is not None


@pytest.mark.parametrize(
    "arguments", [("--help",), ("list",), ("explain", "lemma-3"), ("explain", "lemma-33")]
)
def test_what_needs_no_sympy_answers_at_once(arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "theory", *arguments], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < MOST_SECONDS
