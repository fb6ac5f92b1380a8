"""protocol.md §6, clock jumps: what a sweep tells cannot be taken back, so the clock must hold."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import Clock
from shared.jobs import ClocksDiffer, Job, JobContext, run_for_ever, run_once
from shared.testing import ServiceUnderTest


def context(probe: ServiceUnderTest, clock: Clock) -> JobContext:
    return JobContext(probe.sessions, clock, pause=0.05, grace=30.0, caught_up=lambda: True)


def off_by(seconds: float) -> Clock:
    return Clock(real=lambda: time.time() + seconds)


class Told:
    """A sweep that notes the instant it was given."""

    def __init__(self) -> None:
        self.at: list[datetime] = []

    async def run(self, session: AsyncSession, *, now: datetime, limit: int) -> int:
        self.at.append(now)
        return 0


@pytest.mark.parametrize("seconds", [-90, 90])
async def test_a_sweep_refuses_to_run_when_process_and_database_differ(
    probe: ServiceUnderTest, seconds: float
) -> None:
    told = Told()
    sweep = Job("sweep", told.run, caught_up=True)

    with pytest.raises(ClocksDiffer, match="set the clocks"):
        await run_once(sweep, context(probe, off_by(seconds)))
    assert told.at == []


@pytest.mark.parametrize("seconds", [-20, 0, 20])
async def test_a_sweep_runs_a_grace_behind_clocks_that_agree(
    probe: ServiceUnderTest, seconds: float
) -> None:
    told = Told()

    await run_once(Job("sweep", told.run, caught_up=True), context(probe, off_by(seconds)))

    behind = datetime.now(UTC) + timedelta(seconds=seconds) - told.at[0]
    assert behind >= timedelta(seconds=30)


async def test_a_simulated_clock_agrees_with_nobody_and_sweeps_all_the_same(
    probe: ServiceUnderTest,
) -> None:
    told = Told()
    clock = Clock(datetime(2016, 10, 20, tzinfo=UTC), 1.0, time.time())

    await run_once(Job("sweep", told.run, caught_up=True), context(probe, clock))

    assert told.at[0].year == 2016


async def test_a_job_that_tells_nothing_runs_whatever_the_clock_says(
    probe: ServiceUnderTest,
) -> None:
    told = Told()

    await run_once(Job("forget", told.run), context(probe, off_by(90)))

    assert len(told.at) == 1


async def test_a_refused_sweep_says_why_in_one_line_and_goes_on_when_the_clock_is_set(
    probe: ServiceUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Told()
    wrong = [True]
    clock = Clock(real=lambda: time.time() + (90 if wrong[0] else 0))
    loop = asyncio.create_task(
        run_for_ever(Job("sweep", told.run, caught_up=True), context(probe, clock))
    )
    try:
        async with asyncio.timeout(120):
            while "sweep_refused" not in (said := capsys.readouterr().out):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            wrong[0] = False
            while not told.at:  # noqa: ASYNC110  the loop gives no signal
                await asyncio.sleep(0.05)
    finally:
        loop.cancel()

    assert "Traceback" not in said
    assert "set the clocks" in said
