"""The muddle itself: it would be a pity if it did nothing, or more than it says."""

import pytest

from tests.faults.muddle import Muddle, end_of_reply, is_publication

PUBLISHED = b"*3\r\n$7\r\nmessage\r\n$4\r\nroom\r\n$%d\r\n%s\r\n"


def published(text: bytes) -> bytes:
    return PUBLISHED % (len(text), text)


@pytest.mark.parametrize(
    "reply",
    [b"+OK\r\n", b":1\r\n", b"$-1\r\n", b"$5\r\na\r\nbc\r\n", b"*0\r\n", b"%1\r\n+a\r\n:1\r\n"],
)
def test_it_finds_where_a_reply_ends(reply: bytes) -> None:
    assert end_of_reply(reply + b"+more\r\n", 0) == len(reply)
    assert all(end_of_reply(reply[:end], 0) == 0 for end in range(len(reply)))


def test_it_knows_publications_from_other_replies() -> None:
    assert is_publication(published(b"x"))
    assert is_publication(published(b"x").replace(b"*3", b">3"))
    assert not is_publication(b"*3\r\n$9\r\nsubscribe\r\n$4\r\nroom\r\n:1\r\n")
    assert not is_publication(b"+PONG\r\n")


def test_what_comes_in_pieces_passes_whole() -> None:
    alter = Muddle(lose=0, overtake=0).alter()
    stream = b"+OK\r\n" + published(b"a\r\nb") + b":1\r\n"
    assert b"".join(alter(stream[n : n + 1]) for n in range(len(stream))) == stream


def test_it_loses_publications_and_nothing_else() -> None:
    muddle = Muddle(lose=1, overtake=0)
    assert muddle.alter()(published(b"a") + b"+OK\r\n" + published(b"b")) == b"+OK\r\n"
    assert muddle.lost == 2


def test_it_lets_a_publication_overtake_the_one_before() -> None:
    muddle = Muddle(lose=0, overtake=1)
    assert muddle.alter()(published(b"a") + published(b"b")) == published(b"b") + published(b"a")
    assert muddle.overtaken == 1
