"""In CI a skip is a failure, unless its reason is one of those that are allowed there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = {
    "test_one.py": "import pytest\n@pytest.mark.skip(reason='no card')\ndef test_card():\n    pass\n",
    "test_module.py": "import pytest\npytest.importorskip('nowhere_at_all')\n",
    "test_expected.py": "import pytest\n@pytest.mark.xfail\ndef test_known():\n    assert False\n",
}


@pytest.mark.parametrize(
    ("allowed", "status", "counts"),
    [
        (None, 0, "2 skipped, 1 xfailed"),
        ("no card", 1, "1 skipped, 1 xfailed, 1 error"),
        ("", 1, "1 xfailed, 2 errors"),
        ("no card;could not import", 0, "2 skipped, 1 xfailed"),
    ],
)
def test_skips_are_failures_where_they_are_not_allowed(tmp_path, allowed, status, counts):
    for name, text in TESTS.items():
        (tmp_path / name).write_text(text)
    environment = {name: value for name, value in os.environ.items() if name != "ALLOWED_SKIPS"}
    environment |= {"PYTHONPATH": str(ROOT)} | ({} if allowed is None else {"ALLOWED_SKIPS": allowed})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["-c", os.devnull, "--continue-on-collection-errors", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    assert counts in done.stdout.splitlines()[-1]
