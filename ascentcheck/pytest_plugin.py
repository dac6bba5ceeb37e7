"""`pytest --ascentcheck-method my_pkg.my_module:MyConfig`: hold an unlearning method to the contract."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from ascentcheck.empirics.contract import OPTION


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("ascentcheck").addoption(
        OPTION,
        action="append",
        default=[],
        metavar="MODULE:CLASS",
        help="hold this unlearning method to ascentcheck's contract, as a study file names it; repeat the option",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Run the contract where a method is named: it alone, or beside the files that are."""
    if not config.getoption(OPTION):
        return
    package = find_spec("ascentcheck.empirics.contract")
    contract = str(Path(str(package and package.origin)).with_name("test_method.py"))
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    config.args = [*(config.args if named else []), contract]
