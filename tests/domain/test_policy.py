import msgspec
import pytest

from syncplay_backend.domain.fields import read
from syncplay_backend.domain.policy import Control, Settings, WaitFor
from tests.domain.test_fields import refusal


def test_a_room_obeys_its_host_and_waits_for_everybody_unless_it_is_said_otherwise():
    assert Settings() == Settings(control=Control.HOST, wait=WaitFor.ALL)


@pytest.mark.parametrize("wait", ["all", "host", "never"])
@pytest.mark.parametrize("control", ["host", "moderators", "everyone"])
def test_they_come_out_of_a_database_as_they_went_in(control, wait):
    settings = read(Settings, {"control": control, "wait": wait})

    assert msgspec.to_builtins(settings) == {"control": control, "wait": wait}
    assert msgspec.convert(msgspec.to_builtins(settings), Settings) == settings


def test_a_room_from_before_there_was_a_setting_has_its_default():
    assert msgspec.convert({"control": "everyone"}, Settings).wait is WaitFor.ALL
    assert msgspec.convert({}, Settings) == Settings()


def test_what_is_unknown_is_ignored():
    assert read(Settings, {"colour": "red"}) == Settings()


@pytest.mark.parametrize("wrong", ["ALL", "", 1, True, ["all"]])
def test_what_is_none_of_the_values_is_refused(wrong):
    assert set(refusal(Settings, {"wait": wrong}).errors) == {"wait"}
    assert set(refusal(Settings, {"control": wrong}).errors) == {"control"}
