import pytest
from syncplay_client.happenings import Ended, Happened, Joined
from syncplay_client.session import FIRST_WAIT, LASTING, LONGEST_WAIT

from tests.clients.words import SNAPSHOT, event, frame, reopen, said


def test_the_first_word_is_join(session):
    session.opened()

    assert said(session) == [
        {"type": "join", "userId": session.key, "data": {"userName": "Bob", "protocol": 2}}
    ]


def test_the_answer_is_the_room(session):
    session.opened()
    happenings = session.received(frame("room_update", **SNAPSHOT), 0)

    assert happenings[0] == Joined(resumed=False)
    assert session.room.seq == 7
    assert session.is_joined


def test_once_in_it_asks_the_time_in_a_burst_and_then_ever_more_seldom(joined):
    asked = []
    for now in range(25_000):
        joined.tick(now)
        asked += [question["data"]["t0"] for question in said(joined, "time")]

    assert asked[:8] == [0, 150, 300, 450, 950, 1950, 3950, 7950]
    assert 17_950 <= asked[8] <= 22_950


def test_it_says_when_it_wants_to_be_woken(joined):
    assert joined.due(0) == 0
    joined.tick(0)

    assert joined.due(0) == 150


def test_an_answer_to_a_question_sets_the_clock(joined):
    for now in (0, 150, 300, 450):
        joined.tick(now)
        joined.received(frame("time", t0=now, t1=now + 5_010, t2=now + 5_010), now + 20)

    assert joined.clock.server_time(470) == pytest.approx(5_470)


def test_an_answer_to_no_question_does_not(joined):
    joined.received(frame("time", t0=3, t1=4, t2=5), 6)

    assert not joined.clock.is_set
    with pytest.raises(LookupError):
        joined.clock.estimate(6)


def test_it_resumes_from_the_last_event_that_it_saw(joined):
    joined.received(event(8, "host_changed", id=None), 0)
    reopen(joined)

    [join] = said(joined)
    assert join["data"] == {
        "userName": "Bob", "protocol": 2, "lastSeq": 8, "epoch": "an epoch"
    }  # fmt: skip


def test_the_missed_events_come_before_it_is_in_again(joined):
    reopen(joined)
    [missed] = joined.received(event(8, "host_changed", id="x"), 0)
    assert isinstance(missed, Happened)
    assert not joined.is_joined

    assert joined.received(frame("resumed", seq=8), 0) == [Joined(resumed=True)]
    assert joined.room.host_id == "x"


def test_a_snapshot_sets_the_seq_even_downwards(joined):
    joined.received(frame("room_update", **SNAPSHOT | {"seq": 3, "epoch": "another"}), 0)

    assert (joined.room.seq, joined.room.epoch) == (3, "another")


def test_a_gap_is_mended_on_the_same_connection(joined):
    assert joined.received(event(9, "host_changed", id="x"), 0) == []
    [join] = said(joined, "join")
    assert join["data"]["lastSeq"] == 7
    joined.received(event(10, "host_changed", id="y"), 0)
    assert said(joined, "join") == []
    for seq in (8, 9, 10):
        joined.received(event(seq, "host_changed", id=str(seq)), 0)
    joined.received(frame("resumed", seq=10), 0)

    assert joined.room.seq == 10
    assert joined.room.host_id == "10"


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"data": {}}', "\x00", '{"type": 1}'])
def test_what_is_no_frame_does_no_harm(joined, text):
    assert joined.received(text, 0) == []
    assert joined.is_joined


def test_the_waits_grow_and_are_uneven(session):
    waits = [session.closed(0) for _ in range(12)]

    assert FIRST_WAIT / 2 <= waits[0] <= FIRST_WAIT
    assert all(LONGEST_WAIT / 2 <= wait <= LONGEST_WAIT for wait in waits[8:])
    assert len(set(waits)) == len(waits)


def test_it_never_gives_up(session):
    for _ in range(2_000):
        assert session.closed(0) <= LONGEST_WAIT


def test_a_connection_that_lasted_makes_the_waits_short_again(session):
    for _ in range(10):
        session.closed(0)
    session.opened()
    session.received(frame("room_update", **SNAPSHOT), 0)

    assert session.closed(LASTING) <= FIRST_WAIT


def test_it_waits_as_long_as_the_server_asks_for(joined):
    joined.received(frame("error", code="unavailable", retryable=True, retryAfter=17.5), 0)

    assert joined.closed(0, 1012) == 17_500
    assert joined.closed(0) < 17_500


@pytest.mark.parametrize(
    ("code", "why"),
    [(1000, "left"), (4403, "not_allowed"), (4404, "room_not_found"), (4410, "room_closed")],
)
def test_there_is_no_way_back_from_some_ends(joined, code, why):
    with pytest.raises(Ended) as ended:
        joined.closed(0, code)

    assert ended.value.code == why


@pytest.mark.parametrize("code", ["banned", "room_closed", "too_many_connections"])
def test_the_error_before_the_end_is_believed_whatever_became_of_the_code(joined, code):
    joined.received(frame("error", code=code, error="No.", retryable=False), 0)

    with pytest.raises(Ended, match=code):
        joined.closed(0, 1006)


def test_another_refusal_is_not_the_end(joined):
    joined.received(frame("error", code="invalid", error="No.", retryable=False), 0)

    assert not joined.hangs_up
    assert joined.closed(0, 1006) > 0


def test_a_join_that_is_refused_is_the_end(session):
    session.opened()
    session.received(frame("error", code="wrong_password", error="No.", retryable=False), 0)

    assert session.hangs_up
    with pytest.raises(Ended, match="wrong_password"):
        session.closed(0)


def test_a_server_that_is_busy_at_the_join_is_asked_again_on_another_connection(session):
    session.opened()
    session.received(frame("error", code="slow_down", error="…", retryable=True, retryAfter=3), 0)

    assert session.hangs_up
    assert session.closed(0) == 3_000
    assert not session.hangs_up


def test_who_leaves_does_not_come_back(joined):
    joined.leave()

    assert said(joined) == [{"type": "leave", "data": {}}]
    with pytest.raises(Ended, match="left"):
        joined.closed(0, 1000)


def test_who_leaves_while_the_connection_is_away_says_so_at_the_next(joined):
    joined.closed(0)
    joined.leave()
    joined.opened()
    joined.received(frame("resumed", seq=7), 0)

    assert [one["type"] for one in said(joined)] == ["join", "leave"]


def test_what_may_be_lost_is_not_kept(session):
    session.say("typing", {"typing": True})
    session.opened()

    assert said(session, "typing") == []
