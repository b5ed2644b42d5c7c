"""`manage.py test` hands over to pytest."""

import importlib.util
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from django.core.management.base import CommandError


class PytestRunner:
    def __init__(
        self,
        *,
        verbosity: int = 1,
        failfast: bool = False,
        servers: bool = False,
        keyword: str | None = None,
        **_options: object,
    ) -> None:
        self._options = [
            *["-v"] * (verbosity > 1),
            *["-x"] * failfast,
            *["--servers"] * servers,
            *(["-k", keyword] if keyword else []),
        ]

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--servers", action="store_true", help="on PostgreSQL and Valkey")
        parser.add_argument("-k", dest="keyword", help="only tests whose names match")

    def run_tests(self, test_labels: Sequence[str]) -> int:
        if importlib.util.find_spec("pytest") is None:
            raise CommandError(
                "The tests need pytest: pip install -r requirements-dev.txt (or: make test)."
            )
        # A process of its own: the tests choose their database before the settings are read.
        return subprocess.call([sys.executable, "-m", "pytest", *self._options, *test_labels])
