"""Files as people have them: every format gives the same score, hostile ones one line, and the function agrees."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import ascentcheck
from ascentcheck.command import ascentcheck as command
from ascentcheck.empirics.klom.splits import read_split, read_splits
from ascentcheck.empirics.npy import WITH_MASKS, read_array, read_arrays
from ascentcheck.theory.console import UserError

DRAW = np.random.default_rng(0)
ORACLE, SAME = DRAW.standard_normal((2, 12, 40)).astype(np.float32)
FORMATS = ("npy", "npz", "pt", "safetensors", "csv", "tsv", "parquet")
NEEDED = {"safetensors": "safetensors", "parquet": "pyarrow", "pt": "torch"}


def save(path, array):
    """Write an array in the format of the path's suffix; a table has no header."""
    kind = path.suffix[1:]
    if kind in NEEDED:
        pytest.importorskip(NEEDED[kind])
    if kind == "npy":
        np.save(path, array)
    elif kind == "npz":
        np.savez_compressed(path, margins=array)
    elif kind == "pt":
        import torch

        torch.save(torch.from_numpy(array.copy()), path)
    elif kind == "safetensors":
        from safetensors.numpy import save_file

        save_file({"margins": array.copy()}, path)
    elif kind == "parquet":
        import pyarrow
        from pyarrow import parquet

        parquet.write_table(pyarrow.table({str(i): column for i, column in enumerate(array.T)}), path)
    else:
        np.savetxt(path, array, fmt="%.9g", delimiter="," if kind == "csv" else "\t")
    return path


def scored(*arguments):
    result = CliRunner().invoke(command, ["score", *map(str, arguments)])
    return result.stdout if result.exit_code == 0 else result.exception


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    return save(tmp_path_factory.mktemp("oracle") / "oracle.npy", ORACLE)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_function_s_score(kind, oracle, tmp_path):
    path = save(tmp_path / f"u.{kind}", SAME)
    assert read_array(path) == pytest.approx(SAME, rel=1e-7)
    found = json.loads(scored("--oracle", oracle, "--unlearned", path, "--json"))
    assert found == ascentcheck.klom(ORACLE, read_array(path)).to_dict()


WRONG = {
    "transposed": ORACLE.T,
    "booleans": SAME > 0,
    "probabilities": 1 / (1 + np.exp(-SAME)),
    "nan": np.where(SAME[3, 5] == SAME, np.float32(np.nan), SAME),
    "one model": SAME[:1],
    "other points": SAME[:, :30],
}


OF_TEXT = ("csv", "tsv")
"""Formats without booleans."""


@pytest.mark.parametrize(
    ("wrong", "kind"), [(w, k) for w in WRONG for k in FORMATS if w != "booleans" or k not in OF_TEXT]
)
def test_function_and_command_refuse_alike(wrong, kind, oracle, tmp_path):
    array = WRONG[wrong]
    path = save(tmp_path / f"u.{kind}", array)
    with pytest.raises(ValueError, match=r"unlearned|oracle") as said:
        ascentcheck.klom(ORACLE, array)
    refused = scored("--oracle", oracle, "--unlearned", path, "--json")
    assert isinstance(refused, UserError)
    here, there = str(said.value), str(refused).replace(f"--unlearned {path}", "unlearned")
    there = there.replace(f"--oracle {oracle}", "oracle")
    assert here.partition(": say ")[0] == there.partition(": say ")[0]


def test_what_looks_transposed_is_asked_and_then_taken(oracle, tmp_path):
    turned = [save(tmp_path / f"{name}.npy", array.T) for name, array in (("o", ORACLE), ("u", SAME))]
    given = ("--oracle", turned[0], "--unlearned", turned[1], "--json")
    assert "say --not-transposed if these are, --transposed if" in str(scored(*given))
    found = json.loads(scored(*given, "--transposed"))
    straight = json.loads(scored("--oracle", oracle, "--unlearned", save(tmp_path / "v.npy", SAME), "--json"))
    assert found == straight
    assert json.loads(scored(*given, "--not-transposed"))["points"] == 12


def test_logits_with_labels(tmp_path):
    logits, labels = DRAW.standard_normal((2, 5, 40, 3)), DRAW.integers(0, 3, 40)
    paths = [save(tmp_path / f"{i}.npy", z) for i, z in enumerate(logits)]
    given = ("--oracle", paths[0], "--unlearned", paths[1], "--json")
    assert "as logits have" in str(scored(*given))
    expected = ascentcheck.klom(*logits, labels=labels).to_dict()
    for kind in ("npy", "csv"):
        found = json.loads(scored(*given, "--labels", save(tmp_path / f"labels.{kind}", labels)))
        assert found == {key: expected[key] for key in found}


MASK = np.arange(40) < 15


@pytest.mark.parametrize("kind", ["npy", "npz", "safetensors", "parquet"])
def test_a_split_is_a_mask_or_indices(kind, tmp_path):
    rows = MASK[:, None] if kind == "parquet" else MASK
    assert read_split(save(tmp_path / f"mask.{kind}", rows), 40).tolist() == MASK.tolist()
    indices = np.flatnonzero(MASK)[::-1].copy()
    rows = indices[:, None] if kind == "parquet" else indices
    assert read_split(save(tmp_path / f"i.{kind}", rows), 40).tolist() == MASK.tolist()


def test_splits_of_one_file_and_of_many_are_the_same(oracle, tmp_path):
    u = save(tmp_path / "u.npy", SAME + 1)
    forget, retain = (
        save(tmp_path / "f.npy", np.flatnonzero(MASK)),
        save(tmp_path / "r.csv", np.arange(15, 40)),
    )
    np.savez(tmp_path / "both.npz", forget=MASK, retain=np.arange(15, 40))
    np.save(tmp_path / "names.npy", np.where(MASK, "forget", "retain"))
    given = ("--oracle", oracle, "--unlearned", u, "--json")
    each = json.loads(scored(*given, "--split", f"forget={forget}", "--split", f"retain={retain}"))
    expected = ascentcheck.compare(
        ORACLE, {str(u): SAME + 1}, splits={"forget": MASK, "retain": ~MASK}
    ).to_dict()
    assert each == expected
    for one in ("both.npz", "names.npy"):
        assert json.loads(scored(*given, "--splits", tmp_path / one)) == expected
    alone = json.loads(scored(*given, "--points", forget))
    del alone["verdict"]  # by its own p-value
    assert {key: each[0][key] for key in alone} == alone
    assert "differ" in scored(*given[:-1], "--splits", tmp_path / "both.npz")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--split", "forget"], "--split 'forget': NAME=FILE is needed"),
        (["--split", "a={i}", "--split", "a={i}"], "--split a: is given twice"),
        (["--split", "a={short}"], "short.npy: is bool of shape [39]; a mask [40]"),
        (
            ["--split", "a={i}", "--points", "{i}"],
            "--points and --split or --splits cannot be given together",
        ),
        (["--splits", "{names}"], "names.npy: holds text of shape [3]; one array [40] is needed"),
        (["--points", "{none}"], "none.npy: is int64 of shape [0]; a mask [40] or indices"),
    ],
)
def test_splits_that_are_none(options, said, oracle, tmp_path):
    arrays = {
        "i": np.arange(3),
        "short": MASK[1:],
        "names": np.array(["a", "b", "a"]),
        "none": np.zeros(40, bool),
    }
    paths = {name: save(tmp_path / f"{name}.npy", array) for name, array in arrays.items()}
    refused = scored("--oracle", oracle, "--unlearned", oracle, *(one.format(**paths) for one in options))
    assert said in str(refused)
    assert isinstance(refused, UserError)


@pytest.mark.parametrize("file", ["csv", "header.csv", "parquet", "ones.csv"])
def test_splits_of_a_table_are_names_or_a_mask(file, oracle, tmp_path):
    names = ["f"] * 15 + ["r"] * 25
    path = tmp_path / f"s.{file}"
    option, named = "--splits", path
    match file:
        case "parquet":
            arrow = pytest.importorskip("pyarrow")
            pytest.importorskip("pyarrow.parquet").write_table(arrow.table({"split": names}), path)
        case "ones.csv":
            np.savetxt(path, np.array(names) == "f", fmt="%d")
            option, named = "--split", f"f={path}"
        case _:
            path.write_text("\n".join(["split"] * (file == "header.csv") + names) + "\n")
    np.save(tmp_path / "f.npy", np.arange(15))
    given = ("--oracle", oracle, "--unlearned", oracle, "--json")
    (expected,) = json.loads(scored(*given, "--split", f"f={tmp_path / 'f.npy'}"))
    assert json.loads(scored(*given, option, named))[0]["energy"] == expected["energy"]


TEXTS = {
    "a.csv": ("a,b\n1,x\n", "is no table of numbers after its header: could not convert string 'x'"),
    "b.csv": ("1,2\n3\n", "is no table of numbers: the number of columns changed from 2 to 1"),
    "c.csv": (",a,b\n0,1,2\n", "has a column without a name, as an index has"),
    "d.csv": ("", "has no numbers"),
    "e.csv": ("a,b\n", "has no numbers"),
    "f.csv": ("1,2\n3,\n", "is no table of numbers: could not convert string ''"),
    "g.csv": (b"1,\xff\n", "is not UTF-8 text"),
    "k.csv": ("1;2\n3;4\n", "is separated by semicolons; commas are needed"),
    "l.csv": ("1,n/a,3\n3,4,5\n", "has a first line of words and numbers"),
    "h.safetensors": ((2**40).to_bytes(8, "little") + b"{}", "is not a file of numbers"),
    "i.safetensors": ((8).to_bytes(8, "little") + b"{broken!", "is damaged, or not a .safetensors file"),
    "j.parquet": (b"PAR1 and nothing PAR1", "is damaged, or not a Parquet file"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_files_get_one_line(name, oracle, tmp_path):
    content, said = TEXTS[name]
    if (needed := NEEDED.get(name.rpartition(".")[2])) is not None:
        pytest.importorskip(needed)
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    refused = scored("--oracle", oracle, "--unlearned", tmp_path / name)
    assert isinstance(refused, UserError)
    assert f"{name}: {said}" in str(refused)
    assert "\n" not in str(refused)


@pytest.mark.parametrize("kind", ["safetensors", "parquet"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_a_file_cut_short_is_refused(kind, share, tmp_path):
    path = save(tmp_path / f"a.{kind}", ORACLE)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(UserError, match=f"a.{kind}: ") as said:
        read_array(path)
    assert "\n" not in str(said.value)


def test_a_header_and_columns_by_number_are_passed_over(tmp_path):
    for head in ("a,b,c", "0,1,2", '"p 0","p 1","p 2"'):
        (tmp_path / "a.csv").write_text(f"{head}\n0.5,1,2\n1,1,inf\n")
        assert read_array(tmp_path / "a.csv").tolist() == [[0.5, 1, 2], [1, 1, np.inf]]


@pytest.mark.parametrize("start", [0, 1])
def test_an_index_without_a_header_is_refused(start, tmp_path):
    table = np.column_stack([np.arange(start, start + 12), ORACLE])
    np.savetxt(tmp_path / "a.csv", table, delimiter=",")
    with pytest.raises(UserError, match="has a first column that counts the rows, as an index does"):
        read_array(tmp_path / "a.csv")
    np.savetxt(tmp_path / "a.csv", np.delete(table, 5, axis=0), delimiter=",")
    assert read_array(tmp_path / "a.csv").shape == (11, 41)
    np.savetxt(tmp_path / "a.csv", np.arange(start, start + 12))
    assert read_array(tmp_path / "a.csv").shape == (12, 1)


def test_tables_with_an_index_or_holes_are_refused(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    for columns, said in (
        ({"a": [1.0, None]}, "column a: has empty cells"),
        ({"a": ["x", "y"]}, "column a: holds string; real numbers are needed"),
        ({"a": [1.0], "__index_level_0__": [0]}, "has an index beside its columns"),
        ({"a": np.zeros(0)}, "has no numbers"),
        ({"a": np.zeros(10**7, np.int64)}, "claims 80,000,000 bytes, more than 20 times its size"),
    ):
        parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
        with pytest.raises(UserError, match=said):
            read_array(tmp_path / "a.parquet")


def test_tensors_that_numpy_lacks_and_several_of_them(tmp_path):
    pytest.importorskip("safetensors")
    import torch
    from safetensors.torch import save_file

    half = torch.tensor([[1.5, -2.0]], dtype=torch.bfloat16)
    save_file({"a": half}, tmp_path / "a.safetensors")
    assert read_array(tmp_path / "a.safetensors").tolist() == [[1.5, -2.0]]
    save_file({"a": half, "b": torch.tensor([True])}, tmp_path / "b.safetensors")
    with pytest.raises(UserError, match="holds the tensors a, b; one tensor is needed"):
        read_array(tmp_path / "b.safetensors")
    assert list(read_arrays(tmp_path / "b.safetensors", WITH_MASKS)) == ["a", "b"]
    with pytest.raises(UserError, match="b: holds bool"):
        read_arrays(tmp_path / "b.safetensors")


def test_text_is_no_mask_by_accident(tmp_path):
    np.save(tmp_path / "a.npy", np.where(MASK, "forget", "rest"))
    assert set(read_splits(tmp_path / "a.npy", (), 40)) == {"forget", "rest"}
    with pytest.raises(UserError, match="holds <U6; real numbers are needed"):
        read_split(tmp_path / "a.npy", 40)


@pytest.mark.parametrize(("kind", "package"), [("safetensors", "safetensors"), ("parquet", "pyarrow")])
def test_a_format_whose_package_is_missing_is_one_line(kind, package, oracle, tmp_path):
    path = save(tmp_path / f"a.{kind}", SAME)
    program = f"import sys; sys.modules[{package!r}] = None; from ascentcheck.command import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "score", "--oracle", oracle, "--unlearned", path],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    extra = {"pyarrow": "parquet"}.get(package, package)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"ascentcheck: this needs {package}, which is not installed: pip install 'ascentcheck[{extra}]'\n"
    )
