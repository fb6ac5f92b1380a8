"""What notification does because time passed: urges."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notification.models.notices import TaskFacts, as_context
from services.notification.settings import Settings
from services.notification.telling import Telling, tell
from shared.jobs import InTransaction


def urging(settings: Settings) -> InTransaction:
    """The job that presses for what is late, at the rhythm of the settings."""
    every = timedelta(days=settings.urge_every_days)
    office = settings.issuer_agency

    async def urge(session: AsyncSession, *, now: datetime, limit: int) -> int:
        """Each step once: urge 1, 2, 3 to the agency, then the issuing office is told."""
        due = await session.scalars(
            select(TaskFacts)
            .where(TaskFacts.next_urge_at <= now)
            .order_by(TaskFacts.next_urge_at, TaskFacts.task_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        tasks = list(due)
        tellings = []
        for task in tasks:
            moment = task.next_urge_at
            milestone = task.urge(every, now)
            if milestone is not None and moment is not None:
                upwards = milestone == "escalation"
                about = f"{task.task_id}/{task.agency}" if upwards else str(task.task_id)
                tellings.append(
                    Telling(
                        about=about,
                        recipient=office if upwards else task.agency,
                        milestone=milestone,
                        context=as_context(task),
                        at=moment,
                        task_id=task.task_id,
                        deadline_version=task.deadline_version,
                        names={"agency_name": task.agency},
                    )
                )
        await tell(session, tellings)
        return len(tasks)

    return urge
