"""The project's own methods are held to the contract that others' are, and a method that breaks it is caught."""

from typing import get_args

from ascentcheck.empirics.contract.test_method import *  # noqa: F403
from ascentcheck.empirics.methods import MethodConfig

OWN = get_args(get_args(MethodConfig)[0])


def pytest_generate_tests(metafunc):
    if "method" in metafunc.fixturenames:
        metafunc.parametrize("method", OWN, ids=lambda kind: kind.model_fields["kind"].default)
