"""`manage.py check --deploy`."""

from pathlib import Path

from tests.ops.command_line import PRODUCTION, Finished, manage

PLAIN = {**PRODUCTION, "ALLOWED_HOSTS": "localhost"}
BEHIND_TLS = {**PLAIN, "CSRF_TRUSTED_ORIGINS": "https://watch.example.com"}


def check(folder: Path, env: dict[str, str]) -> Finished:
    return manage(folder, "check", "--deploy", "--fail-level", "WARNING", env=env)


def test_behind_tls_there_is_nothing_to_warn_of(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    checked = check(tmp_path, BEHIND_TLS)
    assert checked.returncode == 0, checked.stderr


def test_plain_http_is_warned_of_once_with_the_variable_to_set(tmp_path: Path) -> None:
    manage(tmp_path, "migrate")
    said = check(tmp_path, PLAIN).stderr
    assert "syncplay.W001" in said
    assert "CSRF_TRUSTED_ORIGINS" in said
    assert said.count("?: (") == 1


def test_it_fails_while_the_password_of_the_documentation_works(tmp_path: Path) -> None:
    manage(tmp_path, "setup")
    failed = check(tmp_path, BEHIND_TLS)
    assert failed.returncode == 1
    assert "'admin' can log in to the admin with 'admin123'" in failed.stderr

    development = manage(tmp_path, "check", "--deploy")
    assert "syncplay.E001" not in development.stderr


def test_a_database_that_does_not_answer_is_a_warning(tmp_path: Path) -> None:
    said = check(tmp_path, BEHIND_TLS).stderr
    assert "syncplay.W002" in said
    assert "Traceback" not in said
