"""Commands that draw, in an environment that a notebook or a desktop has left."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from ascentcheck.figures import figure4, style

ROOT = Path(__file__).parents[2]
RC = "text.usetex: True\nfont.family: Nonexistent\nbackend: TkAgg\nfigure.dpi: 30\n"


@pytest.mark.parametrize(
    ("module", "backend"),
    [("figures", "module://matplotlib_inline.backend_inline"), ("figures.pages", "nonsense")],
)
def test_a_backend_that_is_not_there(module, backend):
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    environment |= {"MPLBACKEND": backend, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", module, "--help"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


def drawn(path):
    with style.paper():
        figure4.draw(figure4.data([])).savefig(path, metadata={"Software": None})
    return path.read_bytes()


def test_settings_of_others_change_no_byte_and_stay_as_they_were(tmp_path):
    plain = drawn(tmp_path / "plain.png")
    (tmp_path / "matplotlibrc").write_text(RC)
    backend = mpl.rcParams["backend"]
    with mpl.rc_context(fname=tmp_path / "matplotlibrc"):
        assert drawn(tmp_path / "other.png") == plain
        assert mpl.rcParams["text.usetex"]
        assert mpl.rcParams["figure.dpi"] == 30
    assert mpl.rcParams["backend"] == backend
