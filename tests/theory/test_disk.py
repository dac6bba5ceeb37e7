"""What is written takes its place as a whole, wherever a user wants it, and what is read is a file or is refused at once."""

import errno
import os
import re
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ascentcheck.theory import disk, kept
from ascentcheck.theory.console import UserError, read_text

ROOT = Path(__file__).parents[2]
IN_PLACE = re.compile(
    r'(?<!\bdisk)\.write_(text|bytes)\(|(?<!fd)open\((.*, )?"[wx]b?"|(save|savefig|write_table)\((path|target|out)'
)
BESIDE = {"empirics/engines/local.py", "empirics/card/command.py", "theory/rocq/build.py"}
"""What processes say, and sources in build/ that are compared before they are used."""


@pytest.fixture
def full():
    """Let no file of this process have more than 100 bytes: what is written beyond raises EFBIG."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_leaves_the_old_file_and_the_error_names_it(tmp_path, full):
    path = tmp_path / "results.json"
    path.write_text("old")
    with pytest.raises(OSError, match=r"results\.json") as raised:
        disk.write_text(path, "x" * 1745)
    assert (raised.value.errno, raised.value.filename) == (errno.EFBIG, str(path))
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("results.json", "old")]


def test_a_folder_that_is_not_there_is_told_by_the_name_that_was_asked_for(tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        disk.write_text(tmp_path / "none" / "results.json", "")
    assert raised.value.filename == str(tmp_path / "none" / "results.json")


def test_a_link_and_permissions_stay(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to("real")
    disk.write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_device_is_written_to_and_not_replaced():
    disk.write_text(Path("/dev/null"), "lost")
    assert Path("/dev/null").is_char_device()
    code = (
        "from pathlib import Path; from ascentcheck.theory import disk; "
        "disk.write_text(Path('/dev/stdout'), 'said')"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT) == b"said"


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.parametrize("read", [disk.opened, disk.read_bytes, disk.read_text, disk.check_plain])
def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(pipe, read):
    with pytest.raises(OSError, match="is no plain file"):
        read(pipe)


@pytest.mark.parametrize("read", [read_text, kept.read])
def test_readers_name_the_pipe(pipe, read):
    with pytest.raises(UserError, match=r"pipe.*cannot be read: .*is no plain file"):
        read(pipe)


def test_a_pipe_that_a_shell_gives_is_read_to_its_end():
    read, write = os.pipe()
    with os.fdopen(write, "wb") as file:
        file.write(b"name = 1\r\n")
    try:
        assert disk.read_text(Path(f"/dev/fd/{read}")) == "name = 1\n"
    finally:
        os.close(read)


def test_no_file_is_written_in_place():
    """In the packages, whatever writes goes through `disk`."""
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("ascentcheck", "empirics", "figures", "theory")
        for path in (ROOT / folder).rglob("*.py")
    }
    found = {name for name, text in sources.items() if IN_PLACE.search(text)}
    assert found - BESIDE == {"theory/disk.py"}
