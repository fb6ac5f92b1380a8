"""The time, as it is passed in: real, or started at an instant and run at a rate."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import lru_cache
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Clock:
    """One clock for all processes: each derives the same instant from the same three settings.

    ``start`` is what the clock shows up to the real instant ``epoch`` (seconds since 1970); from
    then on it runs ``rate`` times as fast as real time. Without ``start`` it is the real clock.
    """

    start: datetime | None = None
    rate: float = 1.0
    epoch: float = 0.0
    real: Callable[[], float] = field(default=time.time, repr=False)

    def now(self) -> datetime:
        real = self.real()
        if self.start is None:
            return datetime.fromtimestamp(real, UTC)
        elapsed = max(0.0, real - self.epoch)
        return (self.start + timedelta(seconds=elapsed * self.rate)).astimezone(UTC)

    def today(self) -> date:
        return local_date(self.now())

    def span(self, real_seconds: float) -> timedelta:
        """How far this clock goes on in so many real seconds."""
        return timedelta(seconds=real_seconds * (self.rate if self.start else 1.0))


def local_date(instant: datetime) -> date:
    """The business day of an instant: the date in Viet Nam."""
    return instant.astimezone(VIET_NAM).date()


@lru_cache(maxsize=1024)
def start_of_day(day: date) -> datetime:
    """00:00 of that day in Viet Nam. Remembered, since deadlines share their days."""
    return datetime.combine(day, time_of_day(), VIET_NAM).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """24:00 of that day in Viet Nam: a date-only deadline ends here (BLDS 2015, điều 148.6)."""
    return start_of_day(day + timedelta(days=1))
