"""What each service must dispose of: the event types it hears, by name."""

HEARS: dict[str, frozenset[str]] = {
    "assignment": frozenset(
        f"reporting.report_{what}.v1" for what in ("accepted", "sent_back", "submitted")
    ),
    "reporting": frozenset(
        f"assignment.{what}.v1"
        for what in (
            "agency_recorded",
            "deadline_extended",
            "task_assigned",
            "task_cancelled",
            "task_reassigned",
        )
    ),
    "notification": frozenset(
        (
            *(
                f"assignment.{what}.v1"
                for what in (
                    "agency_recorded",
                    "deadline_approaching",
                    "deadline_extended",
                    "deadline_missed",
                    "directive_issued",
                    "extension_refused",
                    "extension_requested",
                    "return_refused",
                    "task_assigned",
                    "task_cancelled",
                    "task_completed",
                    "task_reassigned",
                    "task_returned",
                )
            ),
            *(
                f"reporting.report_{what}.v1"
                for what in ("accepted", "missed", "sent_back", "submitted")
            ),
            *(
                f"budget.{what}.v1"
                for what in (
                    "estimate_adjusted",
                    "estimate_assigned",
                    "line_opened",
                    "overspend_refused",
                )
            ),
        )
    ),
    "budget": frozenset(
        f"assignment.{what}.v1"
        for what in (
            "agency_recorded",
            "task_assigned",
            "task_cancelled",
            "task_completed",
            "task_reassigned",
        )
    ),
}

SERVICES = tuple(HEARS)
_OWN_TOPICS = {
    "assignment.agency_recorded.v1": "assignment.agencies",
    "assignment.directive_issued.v1": "assignment.directives",
}
_TOPICS = {"assignment": "assignment.tasks", "reporting": "reporting.reports"}


def topic_of(type: str) -> str:
    publisher = type.partition(".")[0]
    return _OWN_TOPICS.get(type) or _TOPICS.get(publisher, "budget.lines")


def hears(service: str, topic: str, type: str | None) -> bool:
    """Whether a record of that type there is the service's to dispose of.

    One without a readable type may be anything: whoever reads the topic has to set it aside.
    """
    reads = any(topic_of(one) == topic for one in HEARS[service])
    return reads and (type is None or type in HEARS[service])
