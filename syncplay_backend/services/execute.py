"""`execute`: the one way to change a room, whichever door the wish came through."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from syncplay_backend.domain import commands as c
from syncplay_backend.domain.errors import Refused, server_error, unavailable
from syncplay_backend.domain.people import SERVER, Actor
from syncplay_backend.live.feed import News, news_of
from syncplay_backend.rooms.writer import Job, Writer
from syncplay_backend.services.road import Batch, Chore, Order, OrderJob, Outcome, travel

logger = logging.getLogger(__name__)

ANSWER_WITHIN = 8.0  # seconds

# What an operator wants to find in the log. Who comes and goes is there with the connections.
WORTH_A_LINE = frozenset({"video_changed", "user_left", "host_changed", "room_closed"})

Listener = Callable[[list[News], list[UUID]], None]
_listeners: list[Listener] = []


def on_commit(listener: Listener) -> None:
    """Have `listener` called, in the writer's thread, with the news of every batch."""
    _listeners.append(listener)


def off_commit(listener: Listener) -> None:
    _listeners.remove(listener)


def submit(
    room_id: UUID, command: c.Command | c.Create, actor: Actor = SERVER, id: str | None = None
) -> "Future[Outcome]":
    """Send a command down the road. The future fails with `Refused` where it is not obeyed.

    With an `id`, the client's own, it is done once, however often it is sent.
    """
    return _writer.submit(Order(room_id, command, actor, id))


def submit_chore(do: Callable[[], object]) -> "Future[Any]":
    """Have the writer do some other writing, between two batches."""
    return _writer.submit(Chore(do))


def answer(future: "Future[Any]") -> Any:
    """Wait for the answer, in a thread. It comes within 8 s, always."""
    try:
        return future.result(ANSWER_WITHIN)
    except TookTooLong:
        raise unavailable() from None


async def answered(future: "Future[Any]") -> Any:
    """Wait for the answer, in an event loop. Who waits may go; the command is done all the same."""
    loop = asyncio.get_running_loop()
    here: asyncio.Future[Any] = loop.create_future()
    future.add_done_callback(lambda done: loop.call_soon_threadsafe(_pass_on, done, here))
    too_late = loop.call_later(ANSWER_WITHIN, _refuse_to_wait, here)
    try:
        return await here
    finally:
        too_late.cancel()


def _pass_on(done: "Future[Any]", here: "asyncio.Future[Any]") -> None:
    if here.done():  # nobody waits any more
        return
    if (failure := done.exception()) is not None:
        here.set_exception(failure)
    else:
        here.set_result(done.result())


def _refuse_to_wait(here: "asyncio.Future[Any]") -> None:
    if not here.done():
        here.set_exception(unavailable())


def drain() -> None:
    _writer.drain()


def _commit(jobs: list[Job[Any]]) -> list[Job[Any]]:
    """What the writer calls: answers every job but those to be put off, which it returns.

    Chores come last: they see what was ordered before them.
    """
    orders = [job for job in jobs if isinstance(job.work, Order)]
    put_off = _run(orders) if orders else []
    for job in jobs:
        if isinstance(job.work, Chore):
            _do(job, job.work)
    return put_off


def _do(job: Job[Any], chore: Chore) -> None:
    try:
        job.answer(chore.do())
    except Exception as error:
        logger.warning("a chore failed: %r", error)
        job.refuse(_why(error))


def _run(jobs: list[OrderJob], *, again: bool = True) -> list[OrderJob]:
    try:
        batch, answers = travel(jobs)
    except _UNREACHABLE as error:
        if again and _lost_a_race(error):
            return _run(jobs, again=False)
        return _refuse(jobs, error)
    except Exception as error:
        return _run_apart(jobs, error)
    _publish(batch)
    _answer(answers)
    return [job for job in jobs if job not in answers]


def _run_apart(jobs: list[OrderJob], error: Exception) -> list[OrderJob]:
    """One command a transaction: only the one at fault is refused."""
    if len(jobs) > 1:
        return _run_each(jobs)
    command = type(jobs[0].work.command).__name__
    if isinstance(error, DatabaseError):
        logger.error("%s was refused by the database: %s", command, _in_short(error))
    else:
        logger.error("%s failed", command, exc_info=error)
    jobs[0].refuse(server_error())
    return []


def _run_each(jobs: list[OrderJob]) -> list[OrderJob]:
    put_off: list[OrderJob] = []
    busy = set()
    for job in jobs:
        # a room that was free again would obey what was said later first
        put_off += [job] if job.work.room_id in busy else _run([job])
        busy = {job.work.room_id for job in put_off}
    return put_off


def _refuse(jobs: list[OrderJob], error: Exception) -> list[OrderJob]:
    logger.error("the database failed: %s", _in_short(error))
    connection.close()
    for job in jobs:
        job.refuse(_why(error))
    return []


def _why(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    return unavailable() if isinstance(error, _UNREACHABLE) else server_error()


# The connection failed, or something took too long: it may go well the next time.
_UNREACHABLE = (OperationalError, InterfaceError)
_LOST_RACES = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock


def _in_short(error: Exception) -> str:
    """What PostgreSQL says in its first line: the details name values, and those may be secret."""
    diagnosis = getattr(error.__cause__, "diag", None)
    said = diagnosis.message_primary if diagnosis is not None else None
    return f"{type(error).__name__}: {said or error}"


def _lost_a_race(error: Exception) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _LOST_RACES


def _publish(batch: Batch) -> None:
    news = [news_of(entry) for entry in batch.entries]
    if not news and not batch.crowded_out:
        return
    for item in news:
        if item.type in WORTH_A_LINE:
            logger.info("room %s: %s (%d)", item.room_id, item.type, item.seq)
    for listener in list(_listeners):
        try:
            listener(news, batch.crowded_out)
        except RuntimeError:  # its event loop has ended
            logger.debug("nobody listens any more", exc_info=True)


def _answer(answers: dict[OrderJob, Outcome | Refused]) -> None:
    for job, outcome in answers.items():
        if isinstance(outcome, Refused):
            job.refuse(outcome)
        else:
            job.answer(outcome)


_writer: Writer[Order | Chore] = Writer(_commit)
