"""What a plan costs, with and without the data, beside what a slow count gives."""

import pytest

from ascentcheck.empirics.data import DigitsConfig, stand_in
from ascentcheck.empirics.data.cifar10 import Cifar10Config
from ascentcheck.empirics.data.living17 import Living17Config
from ascentcheck.empirics.models.flops import forward_flops
from ascentcheck.empirics.study.cost import cost, lines
from ascentcheck.empirics.study.drain import drain, workshop
from ascentcheck.empirics.study.session import open_session
from ascentcheck.theory.console import UserError

CIFAR = """
name = "big"
n_models = 2
data = { kind = "cifar10", path = "absent/cifar.tar.gz" }
model = { kind = "resnet9" }
train = { epochs = 3, peak_epoch = 1, batch_size = 512 }

[[forget_set]]
kind = "random"
name = "random"
size = 100
seed = 0

[[method]]
kind = "ga"
learning_rate = 0.01
epochs = [1, 4]
"""


@pytest.fixture
def cifar(tmp_path):
    path = tmp_path / "big.toml"
    path.write_text(CIFAR)
    return path


def test_a_study_of_absent_data_is_planned_and_cannot_be_opened(cifar, tmp_path):
    session = open_session(cifar, tmp_path / "store", to_plan=True)
    assert session.data_absent
    found = cost(session)
    one = 582_617_600  # FLOPs of a ResNet-9 on one image
    scored, seen = 2 * 60_000, 97 * 512  # the short last batch of 50,000 or of 49,900 points is dropped
    assert found.by_kind["pretrained"].flops(one, one) == one * (2 * 3 * seen * 3 + scored)
    assert found.by_kind["oracle"].flops(one, one) == one * (2 * 3 * seen * 3 + scored)
    assert found.by_kind["ga"].flops(one, one) == one * (2 * 4 * 100 * 3 + 2 * scored)
    assert found.left == sum(part.flops(one, one) for part in found.by_kind.values())
    text = "\n".join(lines(session, found))
    assert "The data are not there; they are counted as 50,000 training points and 10,000 validation" in text
    assert "assumed" in text
    with pytest.raises(UserError, match="absent"):
        open_session(cifar, tmp_path / "store")


def test_a_rate_that_is_given_sets_the_time(cifar, tmp_path):
    session = open_session(cifar, tmp_path / "store", to_plan=True)
    fast, slow = cost(session, 200), cost(session, 100)
    assert fast.left / fast.rate == pytest.approx(slow.left / slow.rate / 2)
    assert "as given" in "\n".join(lines(session, fast))


def test_the_rate_is_that_of_what_is_done(small_study, tmp_path):
    session = open_session(small_study, tmp_path / "store", to_plan=True)
    assert not session.data_absent
    drain(workshop(session.study, session.dataset, session.store), session.plan[:3])
    found = cost(session)
    seconds = sum(session.store.get(job.digest).record["seconds"] for job in session.plan[:3])
    # a digit in a perceptron of 8: 64 · 8 and 8 · 10 multiply-adds
    trained, scored = 3 * 2 * 64 * (22 + 2 * 22), 3 * 3 * 1797
    assert found.rate == pytest.approx(2 * (64 * 8 + 8 * 10) * (3 * trained + scored) / seconds)
    assert found.left < found.whole.flops(*found.each)
    assert "measured" in "\n".join(lines(session, found))


def test_living17_counts_training_at_the_size_that_it_trains_at(tmp_path):
    config = Living17Config(path=str(tmp_path / "a"), cache=str(tmp_path / "b"), size=64, train_size=32)
    data = stand_in(config)
    assert (len(data.train_y), len(data.val_y), data.shape, data.train_size) == (
        88_400,
        3_400,
        (3, 64, 64),
        32,
    )
    half = stand_in(config.model_copy(update={"domains": "source"}))
    assert (len(half.train_y), len(half.val_y)) == (44_200, 1_700)
    path = tmp_path / "living.toml"
    path.write_text(
        CIFAR.replace(
            '{ kind = "cifar10", path = "absent/cifar.tar.gz" }',
            f'{{ kind = "living17", path = "{tmp_path}/a", cache = "{tmp_path}/b", size = 64, train_size = 32 }}',
        ).replace("resnet9", "resnet18")
    )
    session = open_session(path, tmp_path / "store", to_plan=True)
    found = cost(session)
    model = workshop(session.study, session.dataset, session.store).model
    assert found.each == (forward_flops(model, (3, 32, 32)), forward_flops(model, (3, 64, 64)))
    assert found.each[0] < found.each[1]


def test_nothing_stands_in_for_what_is_there(tmp_path):
    there = tmp_path / "cifar-10-binary.tar.gz"
    there.write_bytes(b"")
    assert stand_in(Cifar10Config(path=str(there))) is None
    assert stand_in(DigitsConfig()) is None


def test_a_set_from_a_file_is_counted_by_the_size_that_it_says(cifar, tmp_path):
    """In a part of absent data, with neither the images nor the indices at hand."""
    text = cifar.read_text().replace('cifar.tar.gz"', 'cifar.tar.gz", n_train = 1000, n_validation = 70')
    path = tmp_path / "files.toml"
    for said, size in (("size = 30", 30), ("", 100)):
        path.write_text(
            text.replace(
                'kind = "random"\nname = "random"\nsize = 100\nseed = 0',
                f'kind = "file"\nname = "f"\npath = "absent.npy"\n{said}',
            )
        )
        session = open_session(path, tmp_path / "store", to_plan=True)
        assert session.data_absent
        found = cost(session)
        assert found.by_kind["ga"].forward == 2 * 4 * size
        assert found.by_kind["pretrained"].scored == 2 * 1070
        with pytest.raises(UserError, match="absent"):
            open_session(path, tmp_path / "store")
