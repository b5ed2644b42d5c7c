from typing import get_args

import pytest

from syncplay_backend.domain import events as e


@pytest.mark.parametrize("kind", get_args(e.Event), ids=lambda kind: kind.__name__)
def test_an_event_is_a_value(kind):
    assert kind.__struct_config__.frozen


@pytest.mark.parametrize("kind", get_args(e.Numbered), ids=lambda kind: kind.__name__)
def test_what_is_numbered_has_a_name_an_instant_and_an_author(kind):
    assert kind.__struct_config__.tag
    assert {"at", "by"} <= set(kind.__struct_fields__)


@pytest.mark.parametrize("kind", get_args(e.Unnumbered), ids=lambda kind: kind.__name__)
def test_book_keeping_has_no_name(kind):
    assert kind.__struct_config__.tag is None


def test_two_events_never_share_a_name():
    names = [kind.__struct_config__.tag for kind in get_args(e.Numbered)]

    assert len(set(names)) == len(names)
