"""Scores are computed once, whoever shares the store, and none is lost where its holder dies or nothing can be written."""

import threading
from collections import Counter

import pytest

from ascentcheck.empirics.store import StoreError
from ascentcheck.empirics.study import snapshots
from ascentcheck.empirics.study.table import as_csv


@pytest.fixture
def session(small_study, computed, tmp_path):
    return computed(small_study.read_text(), tmp_path)


@pytest.fixture
def counted(monkeypatch):
    """Return how often each split was scored by the energy score."""
    seen, real = Counter(), snapshots.energy_record

    def counting(split):
        seen[split.unlearned.tobytes()[:64], split.unlearned.shape] += 1
        return real(split)

    monkeypatch.setattr(snapshots, "energy_record", counting)
    return seen


def test_what_two_score_at_once_is_scored_once_and_the_table_finds_it(session, counted, monkeypatch):
    told = []
    others = [threading.Thread(target=session.score) for _ in range(2)]
    for other in others:
        other.start()
    session.score(lambda what, share: told.append((what, share)))
    for other in others:
        other.join()
    total = 2 * (2 + 2 * 2 + 1)
    assert counted.total() == 3 * total
    assert told[-1] == (f"scores {total} of {total}", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)
    monkeypatch.setattr(snapshots, "energy_record", None)
    monkeypatch.setattr(snapshots, "klom_record", None)
    session.score()
    assert len(session.rows()) == 3 * total


def test_what_another_holds_is_waited_for_and_taken_over_when_it_lets_go(session, counted, monkeypatch):
    (job,) = [job for job in session.plan if job.label.startswith("gda near")]
    looks = []
    with session.store.claim(job.digest) as mine:
        assert mine
        monkeypatch.setattr(snapshots.time, "sleep", lambda _: looks.append(1) or held.set())
        held, told = threading.Event(), []
        waiting = threading.Thread(target=lambda: session.score(lambda what, _: told.append(what)))
        waiting.start()
        assert held.wait(600)
        assert told[-1] == "scores 13 of 14"
    waiting.join()
    assert looks
    assert told[-1] == "scores 14 of 14"
    assert counted.total() == 3 * 14


def test_a_store_that_cannot_be_written_is_left_as_it_is(session, counted, monkeypatch):
    def refuse(_):
        raise StoreError("store: cannot be written")

    monkeypatch.setattr(session.store, "claim", refuse)
    session.score()
    assert not counted
    monkeypatch.undo()
    assert as_csv(session.rows()).count("\n") == 1 + 3 * 14
