import pytest

from syncplay_backend.domain.errors import (
    RETRYABLE,
    Code,
    Refused,
    room_not_found,
    server_error,
    unavailable,
    unknown_user,
)


@pytest.mark.parametrize("code", Code)
def test_a_code_is_snake_case(code):
    assert code.value == code.name.lower()


def test_only_what_passes_by_itself_may_be_tried_again():
    assert {code for code in Code if Refused(code, "").retryable} == RETRYABLE


def test_a_refusal_speaks_to_people_and_to_programs():
    refused = Refused(Code.INVALID, "This is wrong.", errors={"position": ["Too large."]})

    assert (str(refused), refused.code) == ("This is wrong.", "invalid")
    assert refused.errors == {"position": ["Too large."]}


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (room_not_found, Code.ROOM_NOT_FOUND),
        (unknown_user, Code.UNKNOWN_USER),
        (unavailable, Code.UNAVAILABLE),
        (server_error, Code.SERVER_ERROR),
    ],
)
def test_the_common_refusals_have_their_codes(make, code):
    assert make().code is code


def test_who_meets_a_busy_server_is_told_when_to_come_back():
    assert unavailable(2.5).retry_after == 2.5
    assert unavailable().retry_after > 0
