"""PostgreSQL, as the product was ordered with it: that very SQL makes a database that works."""

from pathlib import Path

from tests.ops.command_line import manage
from tests.postgres import Postgres

ORDERED = (
    "CREATE DATABASE syncplay_production",
    "CREATE USER syncplay_user WITH PASSWORD 'secure-password'",
    "GRANT ALL PRIVILEGES ON DATABASE syncplay_production TO syncplay_user",
)
OWNER = "ALTER DATABASE syncplay_production OWNER TO syncplay_user"


def test_the_ordered_sql_with_the_owner_line_is_enough(postgres: Postgres, tmp_path: Path) -> None:
    env = postgres.environment("syncplay_production", "syncplay_user", "secure-password")
    postgres.execute(*ORDERED)

    refused = manage(tmp_path, "migrate", env=env)
    assert refused.returncode == 1
    assert f"{OWNER};" in refused.stderr
    assert "Traceback" not in refused.stderr

    postgres.execute(OWNER)
    migrated = manage(tmp_path, "migrate", env=env)
    assert migrated.returncode == 0, migrated.stderr
    assert manage(tmp_path, "migrate", "--check", env=env).returncode == 0
    assert manage(tmp_path, "cleanup_rooms", env=env).stdout.startswith("Deleted 0 rooms")
