"""`manage.py test`."""

import sys
from unittest import mock

import pytest
from django.core.management import CommandError

from syncplay_backend.ops.testing import PytestRunner


def test_it_hands_over_to_pytest() -> None:
    with mock.patch("subprocess.call", return_value=3) as call:
        runner = PytestRunner(verbosity=2, failfast=True, servers=True, keyword="pause")
        assert runner.run_tests(["tests/ops"]) == 3
    call.assert_called_once_with(
        [sys.executable, "-m", "pytest", "-v", "-x", "--servers", "-k", "pause", "tests/ops"]
    )


def test_without_pytest_it_says_how_to_get_it() -> None:
    with (
        mock.patch("importlib.util.find_spec", return_value=None),
        pytest.raises(CommandError, match=r"requirements-dev\.txt"),
    ):
        PytestRunner().run_tests([])
