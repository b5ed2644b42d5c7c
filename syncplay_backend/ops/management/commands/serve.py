"""`manage.py serve`: the production server."""

from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseTrouble
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

LARGEST_FRAME = 1024 * 1024
SECONDS_TO_SAY_GOODBYE = 8
HIGHEST_PORT = 65535


class Command(BaseCommand):
    help = "Serve with uvicorn, for production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes; needs REDIS_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port, workers = options["host"], options["port"], options["workers"]
        refuse_what_cannot_work(port, workers)
        self._refuse_an_old_database()
        # Workers are forked or spawned from here and must not share its connections.
        connections.close_all()
        shown = f"[{host}]" if ":" in host else host
        self.stdout.write(f"Serving http://{shown}:{port} (stop with Ctrl-C)")
        self.stdout.flush()
        uvicorn.run(
            "syncplay_backend.asgi:application",
            host=host,
            port=port,
            workers=workers,
            **uvicorn_options(),
        )

    def _refuse_an_old_database(self) -> None:
        try:
            missing = migrations_to_apply()
        except DatabaseTrouble as trouble:
            # It may come back; until then the health endpoint says so.
            self.stderr.write(f"The database does not answer yet: {trouble}")
            return
        if missing:
            raise CommandError(
                f"The database is behind by {len(missing)} migrations ({', '.join(missing[:3])}"
                f"{', ...' if missing[3:] else ''}). Apply them: python manage.py setup"
            )


def refuse_what_cannot_work(port: int, workers: int) -> None:
    if not 0 < port <= HIGHEST_PORT:
        raise CommandError(f"--port {port} is no port number.")
    if workers < 1:
        raise CommandError(f"--workers {workers}: at least one process must serve.")
    if workers > 1 and not settings.REDIS_URL:
        raise CommandError(
            f"{workers} workers cannot see each other's rooms without Redis or Valkey: "
            "set REDIS_URL (redis://localhost:6379/0), or serve with one worker."
        )


def migrations_to_apply() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def uvicorn_options() -> dict[str, Any]:
    return {
        "ws": "syncplay_backend.asgi:SyncPlayProtocol",
        # uvloop and httptools; where they are not to be had (Windows), the plain ones.
        "loop": "auto",
        "http": "auto",
        "lifespan": "on",
        "ws_max_size": LARGEST_FRAME,
        # Our frames are small: compressing costs more time than it saves bytes.
        "ws_per_message_deflate": False,
        "ws_ping_interval": 20,
        "ws_ping_timeout": 20,
        # Whose X-Forwarded-* are believed, TRUSTED_PROXIES says.
        "proxy_headers": False,
        "server_header": False,
        "timeout_graceful_shutdown": SECONDS_TO_SAY_GOODBYE,
        "access_log": False,
        # Django's settings have set up the log already.
        "log_config": None,
    }
