"""The files of `web/` are compressed once, when a process starts, and not at every request."""

import atexit
import gzip
import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from servestatic.middleware import ServeStaticMiddleware
from servestatic.responders import StaticFile

from syncplay_backend.pages.linked import linked

TEXT = frozenset({".js", ".mjs", ".css", ".json", ".svg", ".webmanifest"})


class PackedStaticMiddleware(ServeStaticMiddleware):  # type: ignore[misc]
    """Sends what is small as a gzip, to whoever takes one.

    servestatic looks for `x.js.gz` beside `x.js`; these lie in a folder of the process's own. In
    development files change while it runs, so there they are sent as they are.
    """

    _folder: Path | None = None

    def immutable_file_test(self, path: str, url: str) -> bool:
        return not self.autorefresh and _is_ours(url)

    def get_static_file(
        self, path: str, url: str, stat_cache: dict[str, os.stat_result] | None = None
    ) -> StaticFile:
        file: StaticFile = super().get_static_file(path, url, stat_cache)
        if not self.autorefresh and _is_ours(url) and Path(url).suffix in TEXT:
            self._offer_packed(file)
        return file

    def _offer_packed(self, file: StaticFile) -> None:
        ((_, path, headers),) = file.alternatives
        packed = self._pack(Path(path))
        vary = ("Vary", "Accept-Encoding")
        described = [
            *((name, value) for name, value in headers if name != "Content-Length"),
            ("Content-Length", str(packed.stat().st_size)),
            ("Content-Encoding", "gzip"),
            vary,
        ]
        file.alternatives = [("gzip", str(packed), described), (None, path, [*headers, vary])]

    def _pack(self, path: Path) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="syncplay-web-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        inside = path.relative_to(settings.WEB)
        packed = self._folder / inside.with_name(f"{inside.name}.gz")
        packed.parent.mkdir(parents=True, exist_ok=True)
        packed.write_bytes(gzip.compress(_content(path), mtime=0))
        return packed


def _content(path: Path) -> bytes:
    """A page's script holds all that it needs: that is half the bytes, and one round trip."""
    is_script = path.parent == Path(settings.WEB) and path.match("main-*.js")
    return linked(path).encode() if is_script else path.read_bytes()


def _is_ours(url: str) -> bool:
    """Its path then holds the version: another content, another path."""
    return url.startswith(f"{settings.STATIC_URL}web/")
