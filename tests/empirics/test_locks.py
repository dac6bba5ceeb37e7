"""Claims on disks that have locks, on disks that have none, and on systems that lack a function."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ascentcheck.empirics import locks
from ascentcheck.empirics.locks import held, hold
from ascentcheck.empirics.store import Store, StoreError
from ascentcheck.theory import disk

HOLD = """
import sys
from pathlib import Path
from ascentcheck.empirics import locks
if number := int(sys.argv[2]):
    def flock(*_):
        raise OSError(number, "no locks")
    locks.fcntl.flock = flock
with locks.hold(Path(sys.argv[1])) as file:
    print(file is not None, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def without(monkeypatch):
    """Return a function that takes the locks from every disk, with the error that such a disk gives."""

    def take(number):
        def flock(*_):
            raise OSError(number, os.strerror(number))

        locks._tell.cache_clear()
        monkeypatch.setattr(locks.fcntl, "flock", flock)

    return take


@pytest.fixture
def holder():
    """Return a function that starts a process that holds a lock until it is killed."""
    started = []

    def start(path, number):
        command = [sys.executable, "-c", HOLD, str(path), str(number)]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout.readline() == "True\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


FORKS = """
    import os, signal
    if os.fork() == 0:
        print("forked", flush=True)
        sys.stdin.read()
        print("lives", flush=True)
        os._exit(0)
    signal.pause()
"""

NUMBERS = (0, errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM)
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that need no disk")


@linux
@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: errno.errorcode.get(number, "locks"))
def test_a_lock_is_exclusive_and_dies_with_its_process(tmp_path, without, holder, number):
    path = tmp_path / "lock"
    if number:
        without(number)
    other = holder(path, number)
    assert held(path)
    with hold(path) as mine:
        assert mine is None
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert not held(path)
    with hold(path) as mine, hold(path) as second, hold(tmp_path / "other") as third:
        assert (mine is not None, second, third is not None) == (True, None, True)
    assert not held(path)


@linux
@pytest.mark.parametrize("number", [0, errno.ENOLCK], ids=["locks", "names"])
def test_a_process_that_the_holder_forked_keeps_no_lock(tmp_path, without, number):
    """As the workers of a data loader: one may live on where the holder was killed."""
    path = tmp_path / "lock"
    if number:
        without(number)
    command = [sys.executable, "-c", HOLD.replace("    sys.stdin.read()", FORKS), str(path), str(number)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert [holder.stdout.readline(), holder.stdout.readline()] == ["True\n", "forked\n"]
        assert held(path)
        holder.kill()
        holder.wait()
        assert not held(path)
        holder.stdin.close()
        assert holder.stdout.read() == "lives\n"


@linux
def test_two_names_of_one_file_have_one_lock(tmp_path, without):
    without(errno.ENOLCK)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    with hold(tmp_path / "folder" / "lock") as mine, hold(tmp_path / "link" / "lock") as other:
        assert (mine is not None, other) == (True, None)


@linux
def test_a_disk_without_locks_is_told_once(tmp_path, without, capsys):
    without(errno.ENOSYS)
    for name in ("a", "b"):
        with Store(tmp_path).claim(name) as mine:
            assert mine
            assert Store(tmp_path).running(name)
            assert Store(tmp_path).holder(name)[1] == os.getpid()
    assert capsys.readouterr().err == (
        f"{tmp_path / 'locks'}: this disk has no locks; use it from one machine at a time\n"
    )


def test_where_nothing_has_locks_a_claim_is_one_plain_line(tmp_path, without, monkeypatch):
    without(errno.ENOLCK)
    monkeypatch.setattr(locks.sys, "platform", "darwin")
    with pytest.raises(StoreError, match="cannot be written: No locks available"), Store(tmp_path).claim("a"):
        pass
    assert not Store(tmp_path).running("a")


def test_any_other_error_is_an_error(tmp_path, without):
    without(errno.EIO)
    with pytest.raises(StoreError, match="Input/output error"), Store(tmp_path).claim("a"):
        pass


class Windows:
    """Locks of one byte as Windows has them: one holder per file, by whatever descriptor."""

    LK_NBLCK = 2

    def __init__(self):
        self.taken = {}

    def locking(self, descriptor, how, n):
        assert (how, n, os.lseek(descriptor, 0, os.SEEK_CUR)) == (self.LK_NBLCK, 1, locks.LOCKED_BYTE)
        one = os.fstat(descriptor).st_ino
        holder = self.taken.setdefault(one, descriptor)
        try:
            os.fstat(holder)
        except OSError:  # closed, which lets the lock go
            self.taken[one] = descriptor
            return
        if holder != descriptor:
            raise PermissionError(errno.EACCES, "Permission denied")


def test_a_system_without_flock(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "fcntl", None)
    monkeypatch.setattr(locks, "msvcrt", Windows())
    with hold(tmp_path / "lock") as mine, hold(tmp_path / "lock") as other:
        assert (mine is not None, other) == (True, None)
        assert held(tmp_path / "lock")
    assert not held(tmp_path / "lock")


@linux
def test_a_system_without_any_locks_on_files(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "fcntl", None)
    monkeypatch.setattr(locks, "msvcrt", None)
    with hold(tmp_path / "lock") as mine, hold(tmp_path / "lock") as other:
        assert (mine is not None, other) == (True, None)


@pytest.fixture
def sync(monkeypatch):
    """Return a function that makes folders, or files too, fail when they are told to be on the disk."""
    real = os.fsync

    def fail(number, files=False):
        def fsync(descriptor):
            if files or stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(number, os.strerror(number))
            real(descriptor)

        monkeypatch.setattr(disk.os, "fsync", fsync)

    return fail


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS])
def test_a_disk_that_cannot_be_told_to_write_now(tmp_path, sync, number, files):
    sync(number, files)
    store = Store(tmp_path)
    store.put("a", {}, {"kind": "oracle"})
    assert store.get("a").record["kind"] == "oracle"
    assert store.remember("key", {"x": 1})


def test_a_disk_that_fails_is_told(tmp_path, sync):
    sync(errno.EIO, files=True)
    with pytest.raises(StoreError, match="cannot be written: Input/output error"):
        Store(tmp_path).put("a", {}, {})
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_folders_that_cannot_be_opened(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(disk.os, "open", refuse)
    with disk.replacing(tmp_path / "file") as file:
        file.write(b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole"


def test_two_writers_with_one_process_number_do_not_collide(tmp_path):
    """As of two containers: their temporary files are different ones."""
    with disk.replacing(tmp_path / "file") as first, disk.replacing(tmp_path / "file") as second:
        assert os.getpid() > 0
        first.write(b"first")
        second.write(b"second")
        assert len(list(tmp_path.iterdir())) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"first"


def test_no_name_is_made_of_a_process_number():
    root = Path(locks.__file__).parents[1]
    named = [
        path.relative_to(root).as_posix()
        for folder in ("ascentcheck", "empirics", "figures", "theory")
        for path in (root / folder).rglob("*.py")
        if "getpid()" in path.read_text(encoding="utf-8")
    ]
    assert sorted(named) == ["empirics/engines/local.py", "empirics/store.py"]  # for people, and for helpers
