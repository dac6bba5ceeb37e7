"""The store: whole results or none, through damage, kills and rivals."""

import errno
import json
import math
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from ascentcheck.empirics.store import RECORD, Store, StoreError


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def arrays(seed=0):
    draw = np.random.default_rng(seed)
    return {"margins": draw.normal(size=(4, 50)).astype(np.float32), "forget": np.arange(5)}


def fresh(store):
    """Another process's view."""
    return Store(store.root)


def test_pipes_in_a_store_are_no_results_and_are_not_waited_for(store):
    store.put("d", arrays(), {})
    for name in ("margins.npy", RECORD):
        (store.folder("d") / name).unlink()
        os.mkfifo(store.folder("d") / name)
        assert fresh(store).get("d") is None
        assert fresh(store).damaged("d")
    for kind in ("failed", "values", "locks"):
        (store.root / kind).mkdir(exist_ok=True)
    os.mkfifo(store.root / "failed" / "d.json")
    os.mkfifo(store._value("key"))
    os.mkfifo(store.root / "locks" / "d")
    assert store.failure("d") is None
    assert store.recall("key") is None
    assert not store.running("d")
    assert store.glance().held == {}
    with pytest.raises(StoreError, match="cannot be written: is no plain file"), store.claim("d"):
        pass
    store.put("d", arrays(), {})
    assert store.remember("key", {"x": 1})
    assert (set(store.get("d").names()), store.recall("key")) == ({*arrays()}, {"x": 1})


def test_an_array_of_objects_in_a_job_is_not_unpickled(tmp_path):
    kept = Store(tmp_path)
    kept.put("d", {"a": np.arange(3)}, {})
    result, path = kept.get("d"), tmp_path / "jobs" / "d" / "a.npy"
    np.save(path, np.array([print]), allow_pickle=True)
    with pytest.raises(StoreError, match="is no whole array"):
        result.array("a")


@pytest.mark.parametrize("code", [errno.ENODEV, errno.ENOSYS, errno.EINVAL])
def test_a_disk_that_cannot_map_files_is_read_and_unpickles_as_little(store, monkeypatch, code):
    store.put("a", {"x": np.arange(3), "y": np.arange(4)}, {})
    result, load = store.get("a"), np.load
    np.save(store.folder("a") / "y.npy", np.array([print]), allow_pickle=True)

    def cannot_map(path, mmap_mode=None, **options):
        if mmap_mode:
            raise OSError(code, os.strerror(code))
        return load(path, **options)

    monkeypatch.setattr(np, "load", cannot_map)
    assert result.array("x").tolist() == [0, 1, 2]
    with pytest.raises(StoreError, match="is no whole array"):
        result.array("y")


def test_an_array_that_cannot_be_read_is_an_error(store, monkeypatch):
    store.put("a", arrays(), {})

    def broken(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(np, "load", broken)
    with pytest.raises(StoreError, match=r"forget\.npy: cannot be read: Input/output error"):
        store.get("a").array("forget")


def test_a_record_goes_before_its_arrays(store, monkeypatch):
    """Whatever is killed on the way leaves what is unfinished, and not what is damaged."""
    seen, remove = [], shutil.rmtree
    monkeypatch.setattr(
        shutil, "rmtree", lambda path, **more: (seen.append(store.committed("a")), remove(path, **more))
    )
    store.put("a", arrays(), {})
    store.put("a", arrays(), {})
    store.discard("a")
    assert seen == [False, False]
    assert not store.folder("a").exists()


def test_a_folder_that_cannot_be_removed_or_is_unfinished_is_used_again(store, monkeypatch):
    """NFS keeps one in which another process has a file open."""
    store.folder("a").mkdir(parents=True)

    def in_use(*_, **__):
        raise OSError(errno.ENOTEMPTY, "Directory not empty")

    monkeypatch.setattr(os, "rmdir", in_use)
    for seed in (0, 1):
        store.put("a", arrays(seed), {})
        np.testing.assert_array_equal(fresh(store).get("a").array("margins"), arrays(seed)["margins"])
    store.discard("a")
    assert not store.committed("a")


def test_checksums_are_compared_once_in_a_process_and_again_for_another_record(store):
    store.put("a", arrays(), {})
    assert store.get("a") is not None
    (store.folder("a") / "margins.npy").write_bytes(b"")
    assert store.get("a") is not None
    assert fresh(store).get("a") is None
    os.utime(store.folder("a") / RECORD, ns=(0, 1))
    assert store.get("a") is None


def test_a_record_of_today_is_read_by_later_versions(store):
    """Its own checksum is of its text: indented by one, keys in order."""
    store.folder("a").mkdir(parents=True)
    checksum = "e30392567dba7125846f9439ec65044812bd61580c49373e38335b9fccd27006"
    (store.folder("a") / RECORD).write_text(
        json.dumps({"kind": "oracle", "arrays": {}, "attempts": 2, "sha256": checksum})
    )
    assert store.get("a").record == {"arrays": {}, "attempts": 2, "kind": "oracle"}


def test_a_claim_s_name_replaces_a_longer_one(store):
    (store.root / "locks").mkdir(parents=True)
    (store.root / "locks" / "a").write_text("a machine of a long name 123456789012345678901234567890")
    with store.claim("a"):
        assert store.holder("a") == (platform.node(), os.getpid())


def test_what_is_put_is_got(store):
    store.put("a", arrays(), {"kind": "oracle"})
    for view in (store, fresh(store)):
        result = view.get("a")
        assert result.names() == ["forget", "margins"]
        assert result.record["kind"] == "oracle"
        assert result.record["attempts"] == 1
        for name, array in arrays().items():
            np.testing.assert_array_equal(result.array(name), array)
            assert result.array(name).dtype == array.dtype
    with pytest.raises(KeyError, match="other is not among forget, margins"):
        result.array("other")


def test_what_is_discarded_is_gone(store):
    store.discard("a")
    store.put("a", arrays(), {})
    store.discard("a")
    assert not store.committed("a")
    assert not store.folder("a").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows opens no folder")
def test_all_names_and_contents_of_a_result_are_forced_to_the_disk(store, monkeypatch):
    synced, sync = set(), os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (synced.add(os.fstat(file).st_ino), sync(file)))
    store.put("a", arrays(), {})
    folder = store.folder("a")
    assert {path.stat().st_ino for path in (folder.parent, folder, *folder.iterdir())} <= synced


def test_a_glance_tells_by_names_what_looking_at_each_tells(store):
    assert (store.glance().finished, store.glance().held) == (frozenset(), {})
    assert not store.root.exists()
    for name in ("whole", "harmed"):
        store.put(name, arrays(), {})
    (store.folder("harmed") / "margins.npy").write_bytes(b"")
    store.folder("begun").mkdir()
    store.fail("failed", "no reason")
    with store.claim("held"):
        seen = fresh(store).glance()
    assert seen.finished == {"whole", "harmed"}
    assert seen.failed == {"failed"}
    assert seen.held == {"held": (platform.node(), os.getpid())}
    assert fresh(store).glance().held == {}


def test_a_glance_at_what_may_not_be_read_says_so(store, monkeypatch):
    store.put("a", arrays(), {})

    def refused(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "listdir", refused)
    with pytest.raises(StoreError, match="cannot be read: Permission denied"):
        store.glance()


def test_values_lie_beside_each_other_and_what_cannot_be_kept_is_said(store):
    assert store.remember("one", {"n": 1})
    assert store.remember("two", {"n": 2})
    assert (store.recall("one"), store.recall("two")) == ({"n": 1}, {"n": 2})
    blocked = Store(store.root / "blocked")
    blocked.root.mkdir()
    (blocked.root / "values").write_text("no folder")
    assert not blocked.remember("one", {"n": 1})


def test_what_is_not_there_is_none(store):
    assert store.get("a") is None
    assert not store.damaged("a")
    assert not store.running("a")
    assert store.failure("a") is None
    assert store.recall("a") is None
    assert not store.root.exists()  # looking writes nothing


def test_a_result_is_replaced_as_a_whole(store):
    store.put("a", arrays(0), {})
    store.put("a", {"other": np.ones(3)}, {})
    assert fresh(store).get("a").names() == ["other"]
    assert sorted(p.name for p in store.folder("a").iterdir()) == ["other.npy", RECORD]


@pytest.mark.parametrize("byte", [0, 60, 127, 128, -1])
def test_a_flipped_bit_is_found(store, byte):
    store.put("a", arrays(), {})
    path = store.folder("a") / "margins.npy"
    content = bytearray(path.read_bytes())
    content[byte] ^= 1
    path.write_bytes(content)
    view = fresh(store)
    assert view.get("a") is None
    assert view.damaged("a")


@pytest.mark.parametrize("part", ["margins.npy", RECORD])
@pytest.mark.parametrize("kept", [0, 0.5])
def test_a_file_cut_short_is_found(store, part, kept):
    store.put("a", arrays(), {})
    path = store.folder("a") / part
    os.truncate(path, int(path.stat().st_size * kept))
    assert fresh(store).get("a") is None
    assert fresh(store).damaged("a")


def test_a_missing_array_is_found(store):
    store.put("a", arrays(), {})
    (store.folder("a") / "margins.npy").unlink()
    assert fresh(store).damaged("a")


def test_arrays_without_a_record_do_not_count(store):
    store.put("a", arrays(), {})
    (store.folder("a") / RECORD).unlink()
    assert fresh(store).get("a") is None
    assert not fresh(store).damaged("a")


def test_damage_is_healed_by_putting_again(store):
    store.put("a", arrays(), {})
    (store.folder("a") / "margins.npy").write_bytes(b"")
    fresh(store).put("a", arrays(1), {})
    np.testing.assert_array_equal(fresh(store).get("a").array("margins"), arrays(1)["margins"])


def test_a_number_changed_in_a_record_is_found(store):
    store.put("a", arrays(), {"passes": {"1": [2874, 2874]}, "label": "ε", "by": {2: math.nan, 10: (1, 2)}})
    path = store.folder("a") / RECORD
    assert fresh(store).get("a").record["passes"] == {"1": [2874, 2874]}
    path.write_bytes(path.read_bytes().replace(b"2874", b"2875", 1))
    assert fresh(store).get("a") is None
    assert fresh(store).damaged("a")


def test_a_record_from_before_it_had_a_checksum_is_read(store):
    store.put("a", arrays(), {"seconds": 1.5})
    path = store.folder("a") / RECORD
    path.write_text(json.dumps({k: v for k, v in json.loads(path.read_text()).items() if k != "sha256"}))
    assert fresh(store).get("a").record["seconds"] == 1.5


@pytest.mark.parametrize(
    "content",
    [b"", b"[" * 100_000, b"[]", b"{}", b"null", b"\xff", b'{"arrays": 3}', b'{"arrays": {"x": 1}}'],
)
def test_nonsense_in_a_record_is_no_result(store, content):
    store.put("a", {}, {})
    (store.folder("a") / RECORD).write_bytes(content)
    assert (fresh(store).get("a") is None) or content == b"{}"


def test_objects_are_not_stored(store):
    with pytest.raises(ValueError, match="allow_pickle"):
        store.put("a", {"x": np.array([object()])}, {})
    assert store.get("a") is None
    assert [p.name for p in store.folder("a").iterdir()] == []


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from ascentcheck.empirics.store import Store, StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for limit in map(int, sys.argv[2:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        Store(Path(sys.argv[1])).put("a", {"x": np.arange(1000)}, {})
        print("stored")
    except StoreError as error:
        print(str(error).rpartition(": ")[2])
    found = Store(Path(sys.argv[1])).get("a")
    print(None if found is None else len(found.array("x")))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limit for files")
def test_an_array_that_does_not_fit_is_not_stored(store):
    """Whatever of it fits: a header alone, a part of what is buffered, or nearly all. 8,128 bytes are needed."""
    limits = ["0", "100", "4096", "5000", "8127", "100000"]
    out = subprocess.check_output([sys.executable, "-c", FULL, store.root, *limits], text=True)
    assert out.splitlines() == ["File too large", "None"] * 5 + ["stored", "1000"]


def test_failures_are_counted_until_success(store):
    store.fail("a", "ValueError: no")
    store.fail("a", "ValueError: again")
    assert (store.failure("a"), store.failures("a")) == ("ValueError: again", 2)
    store.put("a", arrays(), {})
    assert (store.failure("a"), store.failures("a")) == (None, 0)
    assert store.get("a").record["attempts"] == 3


def test_a_failure_that_another_user_noted_does_not_undo_a_result(store, monkeypatch):
    """In a folder where each may remove only their own files."""
    store.fail("a", "ValueError: no")

    def refuse(path, **_):
        raise PermissionError(errno.EPERM, "Operation not permitted", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(type(store.root), "unlink", refuse)
        store.put("a", {"x": np.arange(3)}, {"kind": "oracle"})
    np.testing.assert_array_equal(store.get("a").array("x"), np.arange(3))


def test_values_are_remembered_and_checked(store):
    store.remember("key", {"p95": 1.5, "low": float("nan")})
    assert fresh(store).recall("key")["p95"] == 1.5
    (path,) = (store.root / "values").iterdir()
    path.write_text(path.read_text().replace("1.5", "1.4"))
    assert fresh(store).recall("key") is None


def test_a_value_is_computed_where_there_is_none_and_never_again(store):
    for view in (store, fresh(store)):
        assert view.remembered("key", lambda: {"n": 1}) == {"n": 1}
        assert view.remembered("key", lambda: {"n": 2}) == {"n": 1}
    assert store.knows("key")
    assert not store.knows("other")


def test_a_file_is_no_store(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is not a folder"):
        Store(tmp_path / "file")
    with pytest.raises(StoreError, match="cannot be read: Not a directory"):
        Store(tmp_path / "file" / "below").put("a", {}, {})


def test_a_claim_is_exclusive_and_ends_with_its_block(store):
    with store.claim("a") as mine, fresh(store).claim("a") as theirs, store.claim("b") as other:
        assert (mine, theirs, other) == (True, False, True)
        assert store.running("a")
    assert not store.running("a")
    with fresh(store).claim("a") as mine:
        assert mine


HOLD = """
import sys
from pathlib import Path
from ascentcheck.empirics.store import Store
with Store(Path(sys.argv[1])).claim("a") as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""


def test_a_claim_tells_who_holds_it(store):
    assert store.holder("a") is None
    with store.claim("a"):
        assert fresh(store).holder("a") == (platform.node(), os.getpid())
        (store.root / "locks" / "a").write_text("")
        assert store.holder("a") is None
    with store.claim("a"), store.claim("b"):
        assert store.holder("a") == store.holder("b")
    assert store.holder("a") is None


def test_a_claim_dies_with_its_process(store):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLD, store.root], **pipes) as holder:
        assert holder.stdout.readline() == b"True\n"
        assert store.running("a")
        with store.claim("a") as mine:
            assert not mine
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with store.claim("a") as mine:
        assert mine


PUT = """
import sys
from pathlib import Path
import numpy as np
from ascentcheck.empirics.store import Store
store, turn = Store(Path(sys.argv[1])), int(sys.argv[2])
print("ready", flush=True)
while True:
    for job in range(3):
        digest = f"job{job}"
        with store.claim(digest) as mine:
            if mine:
                turn += 2
                values = {f"part{i}": np.full(20_000, turn) for i in range(3)}
                store.put(digest, values, {"turn": turn})
                store.remember(digest, {"turn": [turn] * 100})
                print(turn, flush=True)
"""


def test_two_writers_killed_at_any_moment_leave_whole_results(store):
    """Real SIGKILLs, two writers at a time: each result is one writer's, whole, or there is none."""
    moment, seen, unfinished = random.Random(0), set(), 0
    for turn in range(6):
        writers = [
            subprocess.Popen([sys.executable, "-c", PUT, store.root, str(who)], stdout=subprocess.PIPE)
            for who in (turn * 100_000, turn * 100_000 + 1)
        ]
        for writer in writers:
            writer.stdout.readline()
        writers[0].stdout.readline()  # it has put a result
        time.sleep(moment.uniform(0.01, 0.2))
        for writer in writers:
            writer.kill()
            writer.communicate()
        for job in range(3):
            view = fresh(store)
            result = view.get(f"job{job}")
            assert not view.damaged(f"job{job}")
            unfinished += result is None
            if result is not None:
                values = {int(v) for name in result.names() for v in np.unique(result.array(name))}
                assert values == {result.record["turn"]}
                seen |= values
            value = view.recall(f"job{job}")
            assert value is None or len(set(value["turn"])) == 1
    assert len(seen) > 3
    view = fresh(store)
    for job in range(3):
        with view.claim(f"job{job}") as mine:
            assert mine
            view.put(f"job{job}", arrays(), {})
        assert {p.name for p in view.folder(f"job{job}").iterdir()} == {"margins.npy", "forget.npy", RECORD}


def test_records_are_plain_json(store):
    store.put("a", arrays(), {"seconds": 1.5})
    record = json.loads((store.folder("a") / RECORD).read_text())
    assert set(record) == {"arrays", "attempts", "seconds", "sha256"}
    assert all(len(checksum) == 64 for checksum in record["arrays"].values())
