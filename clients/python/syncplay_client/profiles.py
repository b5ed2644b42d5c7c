"""What kinds of players can do, and how their drift is corrected: the constants, in one place."""

import math

from msgspec import Struct


class Profile(Struct, frozen=True, kw_only=True):
    """What a kind of player can do. Times and errors in milliseconds, speeds as shares."""

    correct_beyond: float  # a smaller error is left alone
    correct_until: float  # a correction that has begun goes on until the error is smaller than this
    horizon: float  # a correction aims to be done in this time
    most: float  # the room's rate is left by at most this share
    step: float  # the player's rates lie on a grid of this width (0: any rate)
    seek_beyond: float  # an error this large is jumped over
    seek_beyond_after_disturbance: float  # once, where the picture has just jumped anyway
    stand_within: float  # of video: how exactly a paused picture stands
    spacing: float  # between two changes of rate
    grace: float  # how long readings mean nothing after a jump or a start has ended


PRECISE = Profile(
    correct_beyond=10,
    correct_until=3,
    horizon=500,
    most=0.05,
    step=0,
    seek_beyond=1_000,
    seek_beyond_after_disturbance=100,
    stand_within=20,
    spacing=250,
    grace=200,
)
# Players with a few fixed rates, whose position comes in coarse steps (YouTube).
COARSE = Profile(
    correct_beyond=500,
    correct_until=100,
    horizon=500,
    most=0.25,
    step=0.25,
    seek_beyond=2_000,
    seek_beyond_after_disturbance=750,
    stand_within=250,
    spacing=1_000,
    grace=1_000,
)
# Players whose rate takes hold at no certain time (Safari): they are only ever moved by a jump.
SEEK_ONLY = Profile(
    correct_beyond=math.inf,
    correct_until=0,
    horizon=500,
    most=0,
    step=0,
    seek_beyond=500,
    seek_beyond_after_disturbance=500,
    stand_within=100,
    spacing=1_000,
    grace=1_000,
)
