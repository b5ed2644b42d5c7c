import pytest
from syncplay_client.frames import Frame, NotUnderstood
from syncplay_client.people import Member, Waiting
from syncplay_client.room import CHAT_KEPT, Gap, Room, follow, from_snapshot, passed
from syncplay_client.timeline import Timeline

ALICE, BOB = "alice's public id", "bob's public id"
SNAPSHOT = {
    "id": "a room",
    "name": "Movie night",
    "host_id": ALICE,
    "current_video_url": "https://example.com/film.mp4",
    "current_video_title": "A film",
    "current_position": 120,
    "is_playing": True,
    "playback_rate": 1.5,
    "users": [
        {"id": ALICE, "name": "Alice", "is_host": True, "is_online": True, "role": "host"},
        {"id": BOB, "name": "Bob", "is_host": False, "is_online": False, "role": "member"},
    ],
    "seq": 7,
    "epoch": "an epoch",
    "position_at": 1_700_000_000_000,
    "server_time": 1_700_000_000_000,
    "settings": {"control": "host", "wait": "all"},
    "waiting": None,
    "something_new": {"of": "a later server"},
}


@pytest.fixture
def room():
    return from_snapshot(SNAPSHOT)


def told(room, kind, /, *, by=ALICE, **data):
    return follow(room, Frame(kind, data, seq=room.seq + 1, user_id=by))


def test_a_snapshot_is_the_room(room):
    assert room.timeline == Timeline(120, 1_700_000_000_000, playing=True, rate=1.5)
    assert room.members[ALICE] == Member(ALICE, "Alice", True, True, "host")
    assert [member.name for member in room.online] == ["Alice"]
    assert (room.seq, room.epoch, room.video_title) == (7, "an epoch", "A film")


def test_a_snapshot_may_show_a_play_that_is_still_to_come():
    room = from_snapshot(SNAPSHOT | {"position_at": 1_700_000_000_900})

    assert not room.timeline.is_moving_at(1_700_000_000_899)


def test_every_event_is_one_further(room):
    assert told(room, "pause", position=1, at=2, isPlaying=False, rate=1).seq == 8


def test_what_was_seen_already_is_passed_over(room):
    assert follow(room, Frame("host_changed", {"id": BOB}, seq=7)) == room


def test_a_missing_event_is_noticed(room):
    with pytest.raises(Gap):
        follow(room, Frame("host_changed", {"id": BOB}, seq=9))


def test_a_merged_event_stands_for_a_range(room):
    told = {
        "joined": [{"id": "c", "name": "Charlie", "is_online": True}],
        "offline": [{"id": ALICE, "name": "Alice"}],
        "left": [{"id": BOB, "user_id": BOB, "name": "Bob", "reason": "away"}],
    }
    after = follow(room, Frame("presence", told, seq=12, from_seq=8))

    assert after.seq == 12
    assert {m.id: m.is_online for m in after.members.values()} == {ALICE: False, "c": True}
    assert after.host_id == ALICE


def test_who_came_and_dropped_within_a_range_says_nothing_of_its_player_any_more(room):
    room = follow(room, Frame("status", {"members": [{"id": BOB, "state": "ready"}]}))
    bob = {"id": BOB, "name": "Bob", "is_online": False}

    assert follow(room, Frame("presence", {"joined": [bob]}, seq=9, from_seq=8)).statuses == {}


def test_who_came_into_a_room_that_nobody_hosts_is_the_host_within_a_range_too(room):
    room = told(room, "host_changed", by=None, id=None)
    charlie = {"id": "c", "name": "Charlie", "is_host": True, "is_online": True, "role": "host"}
    after = follow(room, Frame("presence", {"joined": [charlie]}, seq=10, from_seq=9))

    assert after.host_id == "c"


def test_a_merged_event_that_begins_too_late_is_a_gap(room):
    with pytest.raises(Gap):
        follow(room, Frame("presence", {}, seq=12, from_seq=9))


def test_an_event_of_a_later_server_counts_all_the_same(room):
    assert told(room, "fireworks", colour="red").seq == 8


def test_what_makes_no_sense_is_said_so_and_can_be_passed(room):
    odd = Frame("pause", {"position": "here"}, seq=8)

    with pytest.raises(NotUnderstood):
        follow(room, odd)
    assert passed(room, odd).seq == 8


def test_people_come_and_go(room):
    room = told(room, "user_joined", by=BOB, id=BOB, name="Bob", is_host=False, is_online=True)
    assert room.members[BOB].is_online
    room = told(room, "user_offline", by=BOB, id=BOB, name="Bob")
    assert not room.members[BOB].is_online
    room = told(room, "user_left", by=BOB, id=BOB, user_id=BOB, name="Bob", reason="left")

    assert BOB not in room.members


def test_the_crown_goes_on(room):
    after = told(room, "host_changed", by=None, id=BOB)

    assert after.host_id == BOB
    assert [m.name for m in after.members.values() if m.is_host] == ["Bob"]
    assert {m.name: m.role for m in after.members.values()} == {"Alice": "member", "Bob": "host"}


def test_who_comes_into_a_room_that_nobody_hosts_is_the_host(room):
    room = told(room, "host_changed", by=None, id=None)
    charlie = {"id": "c", "name": "Charlie", "is_host": True, "is_online": True, "role": "host"}

    assert told(room, "user_joined", by="c", **charlie).host_id == "c"


def test_roles_and_settings_change(room):
    room = told(room, "role_changed", id=BOB, role="moderator")
    room = told(room, "settings_changed", settings={"control": "host", "wait": "never"})

    assert room.members[BOB].role == "moderator"
    assert room.settings == {"control": "host", "wait": "never"}


def test_another_video_begins_at_its_beginning(room):
    url = "https://example.com/other.mp4"
    after = told(room, "video_changed", videoUrl=url, videoTitle="", at=5, position=0)

    assert after.video_url == url
    assert after.timeline == Timeline(0, 5, playing=False, rate=1)


@pytest.fixture
def waiting(room):
    wait = {"for": [BOB], "since": 5, "until": 10_005, "position": 130.5, "at": 5}
    return told(room, "waiting", by=None, **wait, isPlaying=False)


def test_a_room_that_waits_says_for_whom_and_stands_still_at_its_own_rate(waiting):
    assert waiting.waiting == Waiting((BOB,), since=5, until=10_005)
    assert waiting.timeline == Timeline(130.5, 5, playing=False, rate=1.5)


def test_a_snapshot_may_show_a_wait():
    wait = {"for": [BOB], "since": 5, "until": 10_005}

    assert from_snapshot(SNAPSHOT | {"waiting": wait}).waiting.members == (BOB,)
    assert from_snapshot(SNAPSHOT).waiting == Waiting()


@pytest.mark.parametrize("kind", ["play", "pause"])
def test_to_play_or_to_pause_ends_a_wait(waiting, kind):
    after = told(waiting, kind, position=130.5, at=9, isPlaying=kind == "play", rate=1.5)

    assert after.waiting == Waiting()


def test_another_video_ends_it_too(waiting):
    assert told(waiting, "video_changed", videoUrl="…", at=9).waiting == Waiting()


@pytest.mark.parametrize("kind", ["seek", "rate"])
def test_to_seek_or_to_change_the_rate_does_not(waiting, kind):
    after = told(waiting, kind, position=7, at=9, isPlaying=False, rate=2)

    assert after.waiting.members == (BOB,)
    assert after.timeline == Timeline(7, 9, playing=False, rate=2)


def test_how_the_others_are_doing_has_no_number(room):
    told_of_bob = {"id": BOB, "state": "buffering", "position": 3, "round_trip": 88.9}
    after = follow(room, Frame("status", {"members": [told_of_bob]}))

    assert after.statuses[BOB].state == "buffering"
    assert after.statuses[BOB].round_trip == 88.9
    assert after.seq == 7


def test_who_is_gone_says_nothing_of_its_player_any_more(room):
    room = follow(room, Frame("status", {"members": [{"id": BOB, "state": "ready"}]}))

    assert told(room, "user_offline", by=BOB, id=BOB, name="Bob").statuses == {}


def test_the_newest_lines_of_the_chat_are_kept(room):
    for number in range(CHAT_KEPT + 5):
        room = told(room, "chat", by=BOB, text=f"line {number}", position=number)

    assert len(room.chat) == CHAT_KEPT
    assert room.chat[-1].text == f"line {CHAT_KEPT + 4}"
    assert room.chat[-1].by == BOB


def test_a_closed_room_says_so(room):
    assert told(room, "room_closed").is_closed


def test_a_room_is_its_snapshot_and_its_chat(room):
    chatty = told(room, "chat", by=BOB, text="hello", position=1)

    assert from_snapshot(SNAPSHOT, chatty.chat).chat == chatty.chat
    assert isinstance(chatty, Room)
