"""Ids that everybody may know. What opens a door is drawn by `uuid4`: these can be guessed."""

from random import getrandbits
from uuid import UUID


def public_id(at: int) -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7), of the instant `at` (ms): those that are made together
    lie together in an index. It asks the system for no randomness, which would let go of the
    interpreter, and stand in line for it again behind the writer's thread."""
    return UUID(int=at << 80 | 7 << 76 | getrandbits(12) << 64 | 2 << 62 | getrandbits(62))
