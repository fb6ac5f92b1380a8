"""Events published by the notification service."""

from enum import StrEnum
from typing import Annotated, ClassVar

from shared.events.base import Event
from shared.types import AgencyCode, Count, FromText, Id, Line, Text


class Channel(StrEnum):
    """The way a notice takes."""

    IN_APP = "in_app"
    EMAIL = "email"


class NoticeEvent(Event):
    """Something happened to a notice on its way to an agency."""

    topic: ClassVar[str] = "notification.notices"

    notice_id: Id
    recipient: AgencyCode
    task_id: Id | None = None
    milestone: Line
    channel: Annotated[Channel, FromText()]

    @property
    def key(self) -> str:
        return self.recipient


class NoticeDelivered(NoticeEvent):
    """The channel took the notice; ``accepted_by`` says who did (a mail server, the inbox)."""

    type: ClassVar[str] = "notification.notice_delivered.v1"

    accepted_by: Line


class NoticeFailed(NoticeEvent):
    """The channel refused it for good, or too often."""

    type: ClassVar[str] = "notification.notice_failed.v1"

    reason: Text
    attempts: Count
