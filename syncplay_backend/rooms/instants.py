"""Between the database's time stamps and the rules' milliseconds."""

from datetime import UTC, datetime


def to_datetime(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def to_ms(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
