"""What a session and its server say to one another."""

import json

SNAPSHOT = {
    "id": "a room", "epoch": "an epoch", "seq": 7, "position_at": 1_000_000,
    "current_position": 0, "is_playing": False, "users": [],
}  # fmt: skip


def frame(kind, /, **data):
    return json.dumps({"type": kind, "data": data})


def event(seq, kind, /, **data):
    return json.dumps({"type": kind, "data": data, "seq": seq})


def said(session, kind=None):
    frames = [json.loads(text) for text in session.outgoing()]
    return [one for one in frames if kind is None or one["type"] == kind]


def reopen(session, now=0.0):
    session.closed(now)
    session.opened()
