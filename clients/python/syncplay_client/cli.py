"""`syncplay-client`: look into a room, command it, or fill one."""

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

from syncplay_client import addresses
from syncplay_client.connection import RoomConnection, connect
from syncplay_client.happenings import Ended, Refused
from syncplay_client.link import local_time
from syncplay_client.load import MOST_MEMBERS, MOST_SECONDS, load
from syncplay_client.player import VirtualPlayer

KEY_VARIABLE = "SYNCPLAY_KEY"  # on the command line every user of the machine could read it
REFRESH = 0.2  # s
NAMES_SHOWN = 6
FAREWELL = 2.0  # s


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script. Answers the exit code."""
    wish = _parser().parse_args(arguments)
    work: Callable[[argparse.Namespace], Coroutine[Any, Any, None]] = wish.work
    try:
        asyncio.run(work(wish))
    except (Ended, Refused, OSError, ValueError) as error:
        sys.stderr.write(f"syncplay-client: {error or type(error).__name__}\n")
        return 1
    except KeyboardInterrupt:
        sys.stdout.write("\n")
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="syncplay-client", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    watch = commands.add_parser("watch", help="a live line of where a room is and who is in it")
    _add_member(watch)
    watch.add_argument("--seconds", type=float, help="stop after so long")
    watch.set_defaults(work=_watch)
    control = commands.add_parser("control", help="play, pause, seek and more")
    _add_member(control)
    control.add_argument("action", choices=sorted(ACTIONS))
    control.add_argument("value", nargs="?", help="seconds, a rate, an address or a text")
    control.set_defaults(work=_control)
    many = commands.add_parser("load", help="fill a room, and measure how it keeps step")
    many.add_argument("url", nargs="?", default="http://127.0.0.1:8000", help="of the server")
    many.add_argument("--members", type=int, default=20, help=f"at most {MOST_MEMBERS}")
    many.add_argument("--seconds", type=float, default=30, help=f"at most {MOST_SECONDS}")
    many.add_argument("--anywhere", action="store_true", help="another machine than this one, too")
    many.set_defaults(work=_load)
    return parser


def _add_member(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", help="of the room, as its page or its socket has it")
    parser.add_argument("--name", default="syncplay-client", help="under which to join")
    parser.add_argument("--password", help="of the room, if it has one")


@contextlib.asynccontextmanager
async def _member(wish: argparse.Namespace) -> AsyncIterator[RoomConnection]:
    """Who comes without a key leaves no place behind: its name would be taken the next time."""
    key = os.environ.get(KEY_VARIABLE) or None
    async with connect(wish.url, None, wish.name, key=key, password=wish.password) as room:
        try:
            yield room
        finally:
            if key is None and not room.has_ended:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(FAREWELL):
                        await room.leave()


async def _watch(wish: argparse.Namespace) -> None:
    end = float("inf") if wish.seconds is None else local_time() + wish.seconds * 1000
    start, finish = ("\r\x1b[2K", "") if sys.stdout.isatty() else ("", "\n")
    async with _member(wish) as room:
        player = VirtualPlayer(local_time)
        room.follow(player)
        while local_time() < end and not room.has_ended:
            sys.stdout.write(start + describe(room, player) + finish)
            sys.stdout.flush()
            await asyncio.sleep(REFRESH)
        sys.stdout.write("\n" if finish == "" else "")


def describe(room: RoomConnection, player: VirtualPlayer) -> str:
    """The live line."""
    state, timeline = room.room, room.room.timeline
    names = sorted(member.name for member in state.online)
    more = f" +{len(names) - NAMES_SHOWN}" if len(names) > NAMES_SHOWN else ""
    parts = [
        "" if room.is_connected else "(connecting …)",
        "▶" if timeline.playing else "⏸",
        clock_face(room.position),
        f"x{timeline.rate:g}",
        f"[{', '.join(names[:NAMES_SHOWN])}{more}]",
        _precision(room, player),
        f"#{state.seq}",
    ]
    return " ".join(part for part in parts if part)


def _precision(room: RoomConnection, player: VirtualPlayer) -> str:
    clock = room.session.clock
    if not clock.is_set:
        return "clock …"
    estimate = clock.estimate(local_time())
    error = (player.true_position - room.position) / room.room.timeline.rate * 1000
    return (
        f"player {error:+.0f} ms, round trip {estimate.round_trip:.0f} ms, "
        f"clock ±{estimate.uncertainty:.0f} ms"
    )


def clock_face(position: float) -> str:
    """Seconds as people read them.

    >>> clock_face(3725.5)
    '1:02:05.500'
    """
    minutes, seconds = divmod(position, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{seconds:06.3f}"


async def _control(wish: argparse.Namespace) -> None:
    async with _member(wish) as room:
        seq = await ACTIONS[wish.action](room, wish.value)
        sys.stdout.write(f"done, the room is at #{seq}\n")


async def _play(room: RoomConnection, value: str | None) -> int:
    return await room.play(None if value is None else float(value))


async def _pause(room: RoomConnection, value: str | None) -> int:
    return await room.pause(None if value is None else float(value))


async def _seek(room: RoomConnection, value: str | None) -> int:
    return await room.seek(float(_needed(value, "the seconds to go to")))


async def _rate(room: RoomConnection, value: str | None) -> int:
    return await room.rate(float(_needed(value, "a rate from 0.25 to 4")))


async def _video(room: RoomConnection, value: str | None) -> int:
    return await room.change_video(_needed(value, "the address of a video"))


async def _chat(room: RoomConnection, value: str | None) -> int:
    return await room.chat(_needed(value, "a text"))


def _needed(value: str | None, what: str) -> str:
    if value is None:
        raise ValueError(f"say {what}, too")
    return value


ACTIONS: dict[str, Callable[[RoomConnection, str | None], Awaitable[int]]] = {
    "play": _play,
    "pause": _pause,
    "seek": _seek,
    "rate": _rate,
    "video": _video,
    "chat": _chat,
}


async def _load(wish: argparse.Namespace) -> None:
    if not addresses.parse(wish.url).is_loopback and not wish.anywhere:
        raise ValueError("that is another machine; say --anywhere if its owner agrees")
    sys.stdout.write(f"{await load(wish.url, wish.members, wish.seconds)}\n")
