"""What tests share: the digits, one member as an ordinary PyTorch module, and a small study with its results."""

import numpy as np
import pytest
import torch

from ascentcheck.empirics.contract import plain
from ascentcheck.empirics.data import DigitsConfig, load
from tests.small_study import study_text

torch.set_num_threads(1)  # two threads beside a busy neighbour are many times slower than one


STUDY = study_text("""
[[forget_set]]
kind = "neighbours"
name = "near"
size = 10
point = 3

[[method]]
kind = "ga"
learning_rate = [1e-2, 1e30]
epochs = [1, 3]

[[method]]
kind = "gda"
learning_rate = 1e-2
ascent_epochs = 1
epochs = [2]
""")


@pytest.fixture(scope="session")
def digits():
    return load(DigitsConfig())


@pytest.fixture(scope="session")
def as_module():
    """Return a function that copies one member of a perceptron or convolutional ensemble into a module."""
    return plain.as_module


@pytest.fixture(scope="session")
def assert_same_member(as_module):
    """Return a function that compares member and module: parameters and running statistics."""

    def compare(model, state, member, module, **tolerance):
        expected = as_module(model, state, member).state_dict()
        for name, value in module.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                torch.testing.assert_close(
                    value, expected[name], **tolerance, msg=lambda m, n=name: f"{n}: {m}"
                )

    return compare


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """The file of a study of 11 jobs that takes a second: two forget sets, GA with a rate that diverges, and GDA."""
    path = tmp_path_factory.mktemp("study") / "small.toml"
    path.write_text(STUDY)
    return path


@pytest.fixture(scope="session")
def contents():
    """Return a function that reads every array of every job of a session, and the passes counted."""

    def read(session):
        found = {}
        for job in session.plan:
            result = session.store.get(job.digest)
            found[job.label] = {name: result.array(name).copy() for name in result.names()}
            found[job.label]["passes"] = result.record.get("passes")
        return found

    return read


@pytest.fixture(scope="session")
def assert_equal_contents():
    """Return a function that compares what two sessions hold, bit for bit."""

    def compare(one, other):
        assert one.keys() == other.keys()
        for label, arrays in one.items():
            for name, array in arrays.items():
                np.testing.assert_array_equal(array, other[label][name], err_msg=f"{label} {name}")

    return compare
