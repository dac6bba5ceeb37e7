"""Study files: what is read, how grids multiply out, and the one line that each mistake gets."""

import os
import re
from pathlib import Path

import pytest

from ascentcheck.empirics.study import load_study
from ascentcheck.theory.console import UserError
from tests.small_study import study_text

STUDY = """
name = "small"
n_models = 4

[data]
kind = "digits"

[model]
kind = "mlp"
hidden = [8]

[train]
epochs = 2
peak_epoch = 1

[[forget_set]]
kind = "random"
name = "some"
size = 10
seed = 0

[[method]]
kind = "ga"
learning_rate = [1e-3, 1e-2]
epochs = [1, 3]

[[method]]
kind = "scrub"
learning_rate = [1e-3, 1]
ascent_epochs = [3, 5]
decay_epochs = [3, 5]
epochs = [5]
"""


@pytest.fixture
def read(tmp_path):
    def load(text):
        path = tmp_path / "study.toml"
        path.write_text(text)
        return load_study(path)

    return load


def test_grids_multiply_out_in_the_order_of_the_file(read):
    study = read(STUDY)
    assert (study.name, study.seed, study.n_models, study.estimator) == ("small", 0, 4, "paper")
    assert [(t.method.kind, t.method.learning_rate, t.epochs) for t in study.trajectories] == [
        ("ga", 1e-3, (1, 3)),
        ("ga", 1e-2, (1, 3)),
        *[("scrub", rate, (5,)) for rate in (1e-3, 1e-3, 1.0, 1.0)],
    ]
    assert [t.method.ascent_epochs for t in study.trajectories[2:]] == [3, 5, 3, 5]


SOME = 'name = "some"\nsize = 10\nseed = 0\n'


def test_lists_of_a_forget_set_multiply_out_with_names_of_their_own(read):
    study = read(STUDY.replace(SOME, 'name = "some-{size}-{seed}-{x}"\nsize = [10, 20]\nseed = [3, 4]\n'))
    assert [(s.name, s.size, s.seed) for s in study.forget_sets] == [
        ("some-10-3-{x}", 10, 3),
        ("some-10-4-{x}", 10, 4),
        ("some-20-3-{x}", 20, 3),
        ("some-20-4-{x}", 20, 4),
    ]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ('name = "some"\nsize = [10, 20]\nseed = 0\n', "there are two [[forget_set]] of that name: some"),
        ('name = "s-{size}"\nsize = [10, 0]\nseed = 0\n', "[[forget_set]] 1: size: input should be greater"),
        ('name = "s-{size}"\nsize = []\nseed = 0\n', "[[forget_set]] 1: size: the list is empty"),
        (
            f'name = "s-{{size}}-{{seed}}"\nsize = {list(range(1, 202))}\nseed = {list(range(50))}\n',
            "[[forget_set]] 1: its lists multiply to 10,050 sets; at most 10,000 are allowed",
        ),
    ],
)
def test_lists_of_a_forget_set_that_make_no_sets(read, new, message):
    with pytest.raises(UserError, match=re.escape(message)):
        read(STUDY.replace(SOME, new))


def test_a_hyperparameter_that_is_a_list_is_no_grid_but_a_list_of_lists_is(read):
    assert {t.method.decay_epochs for t in read(STUDY).trajectories[2:]} == {(3, 5)}
    study = read(STUDY.replace("decay_epochs = [3, 5]", "decay_epochs = [[3, 5], []]"))
    assert [t.method.decay_epochs for t in study.trajectories[2:4]] == [(3, 5), ()]
    assert len(study.trajectories) == 10


def test_the_paper_s_grid_can_be_written(read):
    study = read(
        STUDY.split("[[method]]")[0]
        + """
[[method]]
kind = "ga"
learning_rate = [1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 1e-2, 5e-2]
epochs = [1, 3, 5, 7, 10]

[[method]]
kind = "gda"
learning_rate = [5e-5, 5e-4, 1e-3, 5e-3]
ascent_epochs = [3, 5]
forget_batch = [32, 64]
batch_size = 64
epochs = [5, 7, 10]

[[method]]
kind = "scrub"
learning_rate = [5e-5, 5e-4, 1e-3, 5e-3]
ascent_epochs = [3, 5]
forget_batch = [32, 64]
batch_norm = ["running", "frozen"]
epochs = [5, 7, 10]
"""
    )
    assert len(study.trajectories) == 7 + 16 + 32
    assert sum(len(t.epochs) for t in study.trajectories) == 35 + 48 + 96


def test_an_influence_and_its_sets_can_be_written(read):
    part = """
[influence]
kind = "datamodels"
n_models = 500

[[forget_set]]
kind = "component"
name = "pc1"
component = 1
highest = 5
"""
    assert read(STUDY).influence is None
    study = read(STUDY + part)
    assert study.influence.n_models == 500
    assert (study.forget_sets[1].highest, study.forget_sets[1].lowest, study.forget_sets[1].size) == (5, 0, 5)
    for old, new, message in (
        ("highest = 5", "", "[[forget_set]] 2: highest and lowest are both 0"),
        (
            "n_models = 500",
            "n_models = 9",
            "[influence]: n_models: input should be greater than or equal to 10",
        ),
        ("n_models = 500", "models = 9", "[influence]: unknown key 'models' (did you mean n_models?)"),
    ):
        with pytest.raises(UserError, match=re.escape(message)):
            read(STUDY + part.replace(old, new))


def test_more_jobs_than_can_be_planned_are_refused(read):
    """1,000 sets, each with two ensembles of oracles and 102 configurations; or a million datamodels one by one."""
    seeds = f'name = "s-{{seed}}"\nsize = 10\nseed = {list(range(1000))}\n'
    sets = STUDY.replace(SOME, seeds).replace("[1e-3, 1e-2]", str(list(range(1, 99))))
    alone = "kind = 'datamodels'\nn_models = 1000000\ntest_subsets = 5\ntest_repeats = 2\nbatch = 1\n"
    for text, jobs in ((sets, "104,000"), (f"{STUDY}\n[influence]\n{alone}", "1,000,018")):
        with pytest.raises(UserError, match=f"stands for {jobs} jobs; at most 100,000 are allowed"):
            read(text)


def test_a_study_without_methods_is_a_study_of_controls(read):
    assert read(STUDY.split("[[method]]")[0]).trajectories == ()


@pytest.mark.parametrize("path", sorted(Path("studies").glob("*.toml")), ids=lambda p: p.stem)
def test_studies_that_come_with_the_project_are_read(path):
    assert load_study(path).name == path.stem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("n_models", "n_model", "unknown key 'n_model' (did you mean n_models?); allowed are name, seed, n_models,"),
        ("n_models = 4", 'n_models = "4"', "n_models: input should be a valid integer, not '4'"),
        ("n_models = 4", "n_models = true", "n_models: input should be a valid integer, not True"),
        ("n_models = 4", "n_models = 1", "n_models: input should be greater than or equal to 2, not 1"),
        ("n_models = 4", "n_models = 1000000000000", "n_models: input should be less than or equal to 100000, not 1000"),
        ("n_models = 4", "seed = -1", "seed: input should be greater than or equal to 0, not -1"),
        (
            "n_models = 4",
            'estimator = "papr"',
            "estimator: input should be 'paper', 'paper-reversed', 'robust' or 'energy', not 'papr'",
        ),
        ('"small"', '"../up"', "name: string should match pattern"),
        ('"small"', "1979-05-27", "name: input should be a valid string"),
        ('[data]\nkind = "digits"', "", "the table [data] is missing"),
        ('[data]\nkind = "digits"', 'data = "digits"', "[data]: must be a table of settings"),
        ('"mlp"', '"mpl"', "[model]: unknown kind 'mpl' (did you mean mlp?); allowed are cnn, mlp"),
        ("hidden", "hiden", "[model]: unknown key 'hiden' (did you mean hidden?); allowed are kind, hidden"),
        ("[8]", "[]", "[model]: hidden: the list is empty"),
        ("[8]", '[8, "9"]', "[model]: hidden.1: input should be a valid integer, not '9'"),
        ("peak_epoch = 1", "peak_epoch = 3", "[train]: peak_epoch 3 is after the last of 2 epochs"),
        ("epochs = 2", "epochs = nan", "[train]: epochs: input should be a"),
        ("size = 10", "sise = 10", "[[forget_set]] 1: unknown key 'sise' (did you mean size?); allowed are"),
        ("size = 10", "", "[[forget_set]] 1: size is missing"),
        ('"random"', '"randm"', "[[forget_set]] 1: unknown kind 'randm' (did you mean random?)"),
        ("[[forget_set]]", "[forget_set]", "forget_set: must be tables, written [[forget_set]]"),
        ('kind = "ga"\n', "", "[[method]] 1: kind is missing; allowed are descent-ascent, do-nothing, fine-tune, ga,"),
        ('kind = "ga"', "kind = 3", "[[method]] 1: unknown kind '3'"),
        ('kind = "ga"', 'kind = ["ga"]', "[[method]] 1: "),
        ("1e-2]", '"x"]', "[[method]] 1: learning_rate: input should be a valid number, not 'x'"),
        ("1e-2]", "-1]", "[[method]] 1: learning_rate: input should be greater than 0, not -1"),
        ("1e-2]", "1e-3]", "there are two [[method]] with those settings"),
        ("ascent_epochs = [3, 5]", "ascent_epochs = []", "[[method]] 2: ascent_epochs: the list is empty"),
        ("ascent_epochs", "ascend_epochs", "[[method]] 2: unknown key 'ascend_epochs' (did you mean ascent_epochs?)"),
        ("epochs = [1, 3]", "epochs = 1", "[[method]] 1: epochs: input should be a valid list, not 1"),
        ("epochs = [1, 3]", "epochs = [-1]", "[[method]] 1: epochs.0: input should be greater than or equal to 0"),
        ("epochs = [1, 3]", "epochs = []", "[[method]] 1: epochs: the list is empty"),
        ("epochs = [1, 3]", "", "[[method]] 1: epochs is missing; give a list such as [1, 3, 5]"),
        ("[data]", "[data", "is not TOML: "),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_is_allowed(read, tmp_path, old, new, message):
    assert old in STUDY
    with pytest.raises(UserError) as caught:
        read(STUDY.replace(old, new, 1))
    assert str(caught.value).startswith(f"{tmp_path}/study.toml: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_sets_of_one_name(read):
    part = STUDY[STUDY.index("[[forget_set]]") : STUDY.index("[[method]]")]
    with pytest.raises(UserError, match=r"there are two \[\[forget_set\]\] of that name: some"):
        read(STUDY + part)


def test_no_forget_set(read):
    start, end = STUDY.index("[[forget_set]]"), STUDY.index("[[method]]")
    with pytest.raises(UserError, match=r"needs at least one \[\[forget_set\]\]"):
        read(STUDY[:start] + STUDY[end:])


@pytest.mark.parametrize(("content", "message"), [(b"\xff\xfe", "not UTF-8"), (b"\x00", "not TOML")])
def test_no_text(tmp_path, content, message):
    (tmp_path / "study.toml").write_bytes(content)
    with pytest.raises(UserError, match=message):
        load_study(tmp_path / "study.toml")


def test_no_file(tmp_path):
    with pytest.raises(UserError, match="cannot be read: No such file"):
        load_study(tmp_path / "absent.toml")
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        load_study(tmp_path)


@pytest.mark.parametrize("number", ["0x" + 5000 * "f", "1" + 5000 * "0", "0b" + 20_000 * "1"])
def test_numbers_of_thousands_of_digits_are_refused_in_one_line(tmp_path, number):
    """In hexadecimal they are read at any length, and cannot be shown."""
    path = tmp_path / "a.toml"
    path.write_text(study_text().replace('name = "random"', f'name = "set-{{seed}}"\npoint = {number}'))
    with pytest.raises(UserError, match="has a number, or lists in lists, beyond what can be read"):
        load_study(path)


def test_a_study_in_a_pipe_of_a_folder_is_refused_and_one_that_a_shell_gives_is_read(tmp_path):
    os.mkfifo(tmp_path / "study.toml")
    with pytest.raises(UserError, match=r"study\.toml: cannot be read: is no plain file"):
        load_study(tmp_path / "study.toml")
    read, write = os.pipe()
    with os.fdopen(write, "w") as file:
        file.write(STUDY)
    try:
        assert load_study(Path(f"/dev/fd/{read}")).name == "small"
    finally:
        os.close(read)
