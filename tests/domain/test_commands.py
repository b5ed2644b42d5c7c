from typing import get_args

import pytest

from syncplay_backend.domain import commands as c
from syncplay_backend.domain import wire

SENT = get_args(wire.Commands)


def test_what_a_client_may_send_is_a_command():
    assert set(SENT) <= set(get_args(c.Command))


def test_nothing_else_can_be_sent():
    """The server's own commands have no name on the wire."""
    for kind in set(get_args(c.Command)) - set(SENT):
        assert kind.__struct_config__.tag is None


@pytest.mark.parametrize("kind", get_args(c.Command), ids=lambda kind: kind.__name__)
def test_a_command_is_a_value(kind):
    assert kind.__struct_config__.frozen


def test_two_commands_never_share_a_name():
    assert len({kind.__struct_config__.tag for kind in SENT}) == len(SENT)
