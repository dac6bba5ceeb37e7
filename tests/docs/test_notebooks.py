"""The notebooks run from top to bottom, and install nothing where the package is there."""

import os
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="nbclient is not installed")
nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
HANG = 1800
"""Seconds that no cell takes, on however busy a machine."""


def run(notebook, folder):
    """Return the notebook as it is after its cells have run in a kernel of their own, in an empty folder."""
    search = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    client = nbclient.NotebookClient(
        notebook, timeout=HANG, startup_timeout=HANG, resources={"metadata": {"path": str(folder)}}
    )
    return client.execute(
        env={**os.environ, "PYTHONPATH": search, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}
    )


def read(path):
    return nbformat.read(path, as_version=4)


def test_there_are_three():
    assert len(NOTEBOOKS) == 3
    listed = (ROOT / "docs" / "notebooks" / "index.md").read_text(encoding="utf-8")
    assert all(f"]({path.name})" in listed for path in NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_holds_no_output(path):
    notebook = read(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert "%pip install" in code[0].source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path):
    done = run(read(path), tmp_path)
    printed = "".join(
        str(output) for cell in done.cells if cell.cell_type == "code" for output in cell.outputs
    )
    assert "install" not in printed
    assert len(printed) > 200


def test_a_cell_that_fails_is_seen(tmp_path):
    notebook = read(NOTEBOOKS[0])
    notebook.cells = [nbformat.v4.new_code_cell("assert 1 == 2")]
    with pytest.raises(nbclient.exceptions.CellExecutionError):
        run(notebook, tmp_path)
