"""Many comings and goings, told as one.

Each is taken as its frame says it, and its `data` handed on as it is encoded: a crowd's is long,
and is put together anew for every connection that has come in between.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from syncplay_backend.domain.views import MemberView
from syncplay_backend.domain.wire import MergedFrame, NumberedFrame, encode

JOINED, OFFLINE, LEFT = "user_joined", "user_offline", "user_left"


class Told(NumberedFrame, frozen=True):
    """That somebody came or went."""

    data: Raw


class _Who(Struct, frozen=True):
    id: str


class _EncodedData(Struct, frozen=True):
    """`PresenceData`, whose parts are encoded already."""

    joined: list[Raw]
    offline: list[Raw]
    left: list[Raw]


_frames = msgspec.json.Decoder(Told)
_person = msgspec.json.Decoder(_Who)
_member = msgspec.json.Decoder(MemberView)
_fields = msgspec.json.Decoder(dict[str, Any])


def read(frame: str) -> Told:
    return _frames.decode(frame)


def merged(told: Sequence[Told]) -> str:
    """The one frame that stands for all of them."""
    last = told[-1]
    by_type = _by_type(told)
    data = _EncodedData(
        joined=[one.data for one in by_type[JOINED]],
        offline=[one.data for one in by_type[OFFLINE]],
        left=[one.data for one in by_type[LEFT]],
    )
    return encode(
        MergedFrame("presence", told[0].seq, last.seq, last.room_id, last.timestamp, data)
    )


def in_words_of_the_contract(told: Sequence[Told]) -> list[str]:
    """The newest of each type, in order; the rest of that type are its `others`."""
    heads = [_with_others(same[-1], same[:-1]) for same in _by_type(told).values()]
    return [encode(head) for head in sorted(heads, key=lambda head: head.seq)]


def _with_others(newest: Told, others: Sequence[Told]) -> NumberedFrame:
    if not others:
        return newest
    data = {**_fields.decode(newest.data), "others": [one.data for one in others]}
    return NumberedFrame(
        type=newest.type,
        seq=newest.seq,
        room_id=newest.room_id,
        user_id=newest.user_id,
        timestamp=newest.timestamp,
        data=data,
    )


def _by_type(told: Sequence[Told]) -> defaultdict[str, list[Told]]:
    sorted_out = defaultdict(list)
    for one in _last_words(told):
        sorted_out[one.type].append(one)
    return sorted_out


def _last_words(told: Sequence[Told]) -> list[Told]:
    """How each person is after it all, in the order in which they came to be so."""
    people: dict[str, Told] = {}
    for one in told:
        who = _person.decode(one.data).id
        people[who] = _after(people.pop(who, None), one)
    return list(people.values())


def _after(before: Told | None, one: Told) -> Told:
    """Who came and dropped has come all the same: somebody whom nobody knew is introduced."""
    if before is None or (before.type, one.type) != (JOINED, OFFLINE):
        return one
    offline = replace(_member.decode(before.data), is_online=False)
    return replace(one, type=JOINED, data=Raw(msgspec.json.encode(offline)))
