"""The bounds of everything a client can send, and the bucket that limits how often."""

from msgspec import Struct

NAME_LENGTH = 80
TITLE_LENGTH = 200
URL_LENGTH = 2_000
PASSWORD_LENGTH = 200
POSITION_SECONDS = (
    10_000_000  # 115 days: longer than any video, far from a float's last millisecond
)

CHAT_LENGTH = 2_000
EMOJI_LENGTH = 16  # one family may be eleven code points
SLOWEST, FASTEST = 0.25, 4.0
COMMAND_ID_LENGTH = 64
MOST_MISSED = 200  # events; who missed more is sent the whole room

FRAME_BYTES = 64 * 1024  # what a client may send in one frame or body
COMMANDS_IN_FLIGHT = 16  # of one connection
CONNECTIONS_OF_A_MEMBER = 8
MEMBERS_OF_A_ROOM = 5_000
CROWD = 100  # members; in a room of more, comings and goings are told together
MESSAGES_PER_PAGE = 200
ROOMS_PER_PAGE = 200

FIRST_LOAD = 60_000  # ms: how long a room waits for a member who loads the video
REBUFFER = 10_000  # ms: … and for one who had it already
STALLS = 3  # waits of late for one member; then the room goes on without it
STALL_FORGOTTEN = 60_000  # ms: how long it takes until one of them counts no more
LEAST_LEAD, MOST_LEAD = 250, 2_000  # ms: how far ahead a start is scheduled
COVERED_TRIP = 300  # ms: a round trip up to which every member is given the time

JOIN_SECONDS = 10  # a socket that has not joined by then is closed
GRACE = 60_000  # ms: how long a member who dropped keeps its place
UNUSED_PLACE = 15 * 60_000  # ms: how long a place lasts that nobody ever used
CLAIM_PLACE = 2 * 60_000  # ms: how long a socket may take the place of a REST join
LEASE = 45_000  # ms: a connection not renewed for so long is gone


class Allowance(Struct, frozen=True):
    """`burst` at once, and `per_second` from then on."""

    burst: int
    per_second: float


CREATE_ROOM = Allowance(30, 0.5)  # by one address
JOIN_ROOM = Allowance(200, 5)  # by one address: a whole school may sit behind one
GUESS_PASSWORD = Allowance(10, 0.1)  # by one address
ASK = Allowance(300, 30)  # reads over REST, by one address
TELL = Allowance(1_000, 100)  # … and whatever changes something, whosever key is shown
CHAT = Allowance(10, 1)  # lines and reactions, by one connection or key
COMMAND = Allowance(100, 20)  # by one connection, or by one key over REST
FLOOD = 200  # frames refused in a row before the connection is closed


class TokenBucket:
    """The classic token bucket; `now` is in milliseconds and may stand still."""

    __slots__ = ("_allowance", "_tokens", "_updated")

    def __init__(self, allowance: Allowance, now: int) -> None:
        self._allowance = allowance
        self._tokens = float(allowance.burst)
        self._updated = now

    def take(self, now: int) -> float:
        """Take one token. 0 where there was one, else the seconds until there is."""
        elapsed = max(0, now - self._updated) / 1000
        self._updated = max(now, self._updated)
        refilled = self._tokens + elapsed * self._allowance.per_second
        self._tokens = min(self._allowance.burst, refilled)
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return (1 - self._tokens) / self._allowance.per_second

    def is_full(self, now: int) -> bool:
        """Whether it stands as if nothing had ever been taken: then it may be forgotten."""
        elapsed = max(0, now - self._updated) / 1000
        return self._tokens + elapsed * self._allowance.per_second >= self._allowance.burst
