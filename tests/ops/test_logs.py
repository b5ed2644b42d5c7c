"""The log: readable, one line an event, never in the way."""

import logging
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncplay_backend.ops import logs
from syncplay_backend.ops.logs import LogHandler


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "syncplay.log"


@pytest.fixture
def handler(path: Path) -> Iterator[LogHandler]:
    handler = LogHandler(path)
    yield handler
    handler.close()


@pytest.fixture
def log(handler: LogHandler) -> logging.Logger:
    logger = logging.Logger("syncplay_backend.services.lobby", logging.INFO)
    logger.addHandler(handler)
    return logger


def test_an_event_is_a_line(log: logging.Logger, handler: LogHandler, path: Path) -> None:
    log.info("room %s created", "Movie Night")
    handler.close()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO     services.lobby: "
        r"room Movie Night created\n",
        path.read_text(),
    )


def test_nobody_can_forge_a_line(log: logging.Logger, handler: LogHandler, path: Path) -> None:
    log.info("joined: %s", "Bob\n2026 INFO forged\x1b[2K\u2028\u202e café")
    handler.close()
    (line,) = path.read_text().splitlines()
    assert line.endswith(r"joined: Bob\n2026 INFO forged\x1b[2K\u2028\u202e café")


def test_a_traceback_follows_its_event_indented(
    log: logging.Logger, handler: LogHandler, path: Path
) -> None:
    try:
        raise RuntimeError("no\nsuch luck")
    except RuntimeError:
        log.exception("the sweep failed")
    handler.close()
    first, *rest = path.read_text().splitlines()
    assert first.endswith("the sweep failed")
    assert rest[-1].strip() == "such luck"
    assert all(line.startswith("    ") for line in rest)


def test_nothing_is_lost_at_the_end(log: logging.Logger, handler: LogHandler, path: Path) -> None:
    for number in range(2000):
        log.info("event %d", number)
    handler.close()
    log.info("said after the end")
    lines = path.read_text().splitlines()
    assert len(lines) == 2001
    assert lines[-1].endswith("said after the end")


def test_a_process_that_ends_has_written_everything(path: Path) -> None:
    code = f"""
import logging
from pathlib import Path
from syncplay_backend.ops.logs import LogHandler
logging.basicConfig(handlers=[LogHandler(Path({str(path)!r}))], level="INFO")
for number in range(1000): logging.info("event %d", number)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
    assert len(path.read_text().splitlines()) == 1000


def test_who_logs_does_not_wait_for_the_disk(
    log: logging.Logger, handler: LogHandler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    at_once = logs.LogFile.write

    def slowly(file: logs.LogFile, line: bytes) -> None:
        go_on.wait(30)
        at_once(file, line)

    monkeypatch.setattr(logs.LogFile, "write", slowly)
    began = time.monotonic()
    for number in range(logs.MOST_WAITING + 500):
        log.info("event %d", number)
    assert time.monotonic() - began < 10
    go_on.set()
    handler.close()
    lines = path.read_text().splitlines()
    assert logs.MOST_WAITING <= len(lines) - 1 <= logs.MOST_WAITING + 1
    assert re.search(r"\b\d+ lines were lost here", lines[-1])


def test_lines_that_come_together_are_written_together_and_whole(
    log: logging.Logger, handler: LogHandler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    write = logs.LogFile.write
    monkeypatch.setattr(
        logs.LogFile, "write", lambda file, lines: (written.append(lines), write(file, lines))
    )
    texts = ["short"] * 200 + ["long " * logs.AT_ONCE] + ["short"] * 200
    for text in texts:
        log.info("%s", text)
    handler.close()
    assert len(path.read_text().splitlines()) == len(texts)
    assert len(written) < len(texts) / 10
    assert all(lines.endswith(b"\n") for lines in written)
    assert all(len(lines) <= logs.AT_ONCE for lines in written if b"long" not in lines)
    (alone,) = [lines for lines in written if b"long" in lines]
    assert alone.count(b"\n") == 1


def test_a_rotated_file_is_followed_by_a_new_one(
    log: logging.Logger, handler: LogHandler, path: Path
) -> None:
    log.info("before")
    while not path.exists() or not path.read_text():
        time.sleep(0.01)
    path.rename(path.with_suffix(".1"))
    log.info("after")
    handler.close()
    assert path.with_suffix(".1").read_text().endswith("before\n")
    assert path.read_text().endswith("after\n")
    assert len(path.read_text().splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_writes_too(log: logging.Logger, handler: LogHandler, path: Path) -> None:
    log.info("parent")
    child = os.fork()
    if not child:
        log.info("child")
        handler.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    handler.close()
    said = [line.rpartition(": ")[2] for line in path.read_text().splitlines()]
    assert sorted(said) == ["child", "parent"]


def test_a_file_that_cannot_be_written_is_told_once_and_stderr_gets_the_lines(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    handler = LogHandler(tmp_path)
    for text in ("one", "two"):
        handler.handle(logging.makeLogRecord({"name": "a", "levelno": logging.INFO, "msg": text}))
    handler.close()
    complaint, *lines = capfd.readouterr().err.splitlines()
    assert complaint == f"The log {tmp_path} cannot be written: Is a directory"
    assert [line.rpartition(": ")[2] for line in lines] == ["one", "two"]


def test_warnings_are_seen_on_the_terminal_too(
    log: logging.Logger, handler: LogHandler, capfd: pytest.CaptureFixture[str]
) -> None:
    log.info("all is well")
    log.warning("something is not")
    handler.close()
    (line,) = capfd.readouterr().err.splitlines()
    assert line.endswith("something is not")
