"""What every refusal looks like."""

from __future__ import annotations

from tests.peer import Answer


def assert_refused(answer: Answer, status: int, code: str, *fields: str) -> None:
    """The status, the code, and exactly these fields at fault; and nothing but the envelope."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body["status"] == "error"
    assert answer.body["code"] == code, answer.body
    assert answer.body["message"]
    assert answer.body.keys() <= {"status", "code", "message", "errors"}
    assert set(answer.body.get("errors", {})) == set(fields), answer.body
