"""The mailbox: other threads' calls are made in the loop, in order, and none is forgotten."""

from __future__ import annotations

import asyncio
import threading

import pytest

from syncplay_backend.live.mailbox import Mailbox


async def test_calls_are_made_in_the_loop_in_the_order_they_came() -> None:
    mailbox, made, done = Mailbox(asyncio.get_running_loop()), [], asyncio.Event()

    def make(number: int) -> None:
        made.append((number, threading.current_thread()))

    def put_all() -> None:
        for number in range(1_000):
            mailbox.put(make, number)
        mailbox.put(done.set)

    await asyncio.to_thread(put_all)
    await done.wait()
    assert made == [(number, threading.current_thread()) for number in range(1_000)]


async def test_of_many_threads_at_once_no_call_is_lost() -> None:
    mailbox, made = Mailbox(asyncio.get_running_loop()), 0
    done = asyncio.Event()

    def count() -> None:
        nonlocal made
        made += 1
        if made == 8 * 2_000:
            done.set()

    def put_all() -> None:
        for _ in range(2_000):
            mailbox.put(count)

    threads = [threading.Thread(target=put_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    async with asyncio.timeout(30):
        await done.wait()


async def test_many_calls_are_one_wake_up(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, woken = asyncio.get_running_loop(), 0
    mailbox = Mailbox(loop)
    wake = loop.call_soon_threadsafe

    def count_and_wake(*args: object) -> object:
        nonlocal woken
        woken += 1
        return wake(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "call_soon_threadsafe", count_and_wake)
    for _ in range(10):
        mailbox.put(lambda: None)
    assert woken == 1
    await asyncio.sleep(0)
    mailbox.put(lambda: None)
    assert woken == 2


async def test_one_that_fails_is_logged_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailbox, done = Mailbox(asyncio.get_running_loop()), asyncio.Event()
    mailbox.put(lambda: 1 / 0)
    mailbox.put(done.set)
    await done.wait()
    assert "failed" in caplog.text


def test_who_puts_into_a_loop_that_has_ended_is_told_every_time() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    mailbox = Mailbox(loop)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            mailbox.put(print)
