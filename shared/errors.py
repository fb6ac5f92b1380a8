"""Refusals a caller can act on. Anything else is a bug and answers 500."""


class Refused(Exception):
    """The rules forbid it (409). The class name is the problem's type, the keywords its figures.

    >>> raise DeadlineNotLater("2016-12-01 is not after 2016-12-15", due_on=...)
    """

    status = 409

    def __init__(self, detail: object = "", **figures: object) -> None:
        super().__init__(str(detail))
        self.figures = figures


class NotFound(Refused):
    """Absent, or not the caller's to see: both answer alike (404)."""

    status = 404


class Forbidden(Refused):
    """The caller's role may not do this (403)."""

    status = 403


class Malformed(Refused):
    """The form of the input is wrong in a way that only the domain can tell (422)."""

    status = 422


class NotYet(Exception):
    """An event needs one of another topic that has not come yet; it is tried again later."""
