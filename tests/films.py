"""Films: made by ffmpeg, and served as a stranger's host would, to every origin and in ranges."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.process import UnavailableError

SECONDS = 120
PICTURE = f"testsrc=size=320x180:rate=30:duration={SECONDS}"
SOUND = f"sine=frequency=220:duration={SECONDS}"
H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 30"
MP4 = f"{H264} -c:a aac -b:a 64k -movflags +faststart"
VP8 = "-c:v libvpx -b:v 300k -deadline realtime -cpu-used 8 -g 30"
WEBM = f"{VP8} -c:a libvorbis"
PIECES = "-c copy -hls_time 2 -hls_playlist_type vod"
CHUNK = 64 * 1024
SUBTITLES = "WEBVTT\n\n00:00.000 --> 01:00.000\nA line below the film\n"


def make_films(folder: Path) -> None:
    """film.mp4, film.webm, film.m3u8 with its pieces, film.vtt: the same film, each second a key.

    Raises `UnavailableError` where there is no ffmpeg.
    """
    ffmpeg = [find_ffmpeg(), "-v", "error", "-y"]

    def make(options: str, target: Path) -> None:
        subprocess.run([*ffmpeg, *options.split(), str(target)], check=True)

    film = folder / "film.mp4"
    make(f"-f lavfi -i {PICTURE} -f lavfi -i {SOUND} {MP4}", film)
    make(f"-t 20 -i {film} {WEBM}", folder / "film.webm")
    make(f"-i {film} {PIECES} -hls_segment_filename {folder}/piece%03d.ts", folder / "film.m3u8")
    (folder / "film.vtt").write_text(SUBTITLES)


def find_ffmpeg() -> str:
    """Raises `UnavailableError`."""
    if found := shutil.which("ffmpeg"):
        return found
    raise UnavailableError("there is no ffmpeg on this machine (Debian: apt install ffmpeg)")


class Gate:
    """While it is held, what lies beyond a byte of a file does not come: a slow line."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._beyond = 0
        self.release()

    def hold(self, beyond: int) -> None:
        self._beyond = beyond
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    def pass_through(self, byte: int) -> None:
        if byte >= self._beyond:
            self._open.wait()


class FilmHost:
    """Serves a folder."""

    def __init__(self, folder: Path) -> None:
        self.gate = Gate()
        handler = partial(_Handler, directory=str(folder), gate=self.gate)
        self._server = _Server(("127.0.0.1", 0), handler)

    @classmethod
    @contextlib.contextmanager
    def of(cls, folder: Path) -> Iterator[Self]:
        host = cls(folder)
        thread = threading.Thread(target=host._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield host
        finally:
            host.gate.release()
            host._server.shutdown()
            host._server.server_close()
            thread.join()

    def url(self, name: str = "film.mp4") -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{name}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers break off what they have enough of."""


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - the library's own way
        ".mp4": "video/mp4",
        ".webm": "video/webm",
        ".m3u8": "application/vnd.apple.mpegurl",
        ".ts": "video/mp2t",
        ".vtt": "text/vtt",
    }

    def __init__(self, *arguments: Any, gate: Gate, **named: Any) -> None:
        self._gate = gate
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = path.read_bytes()
        first, last = self._asked(len(content))
        self.send_response(HTTPStatus.PARTIAL_CONTENT if "Range" in self.headers else HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(last - first + 1))
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.end_headers()
        for start in range(first, last + 1, CHUNK):
            self._gate.pass_through(start)
            self.wfile.write(content[start : min(start + CHUNK, last + 1)])

    def _asked(self, size: int) -> tuple[int, int]:
        first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        return int(first), min(int(last or size - 1), size - 1)

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def log_message(self, *message: object) -> None:
        """Silence: what was asked of it is nobody's concern."""
