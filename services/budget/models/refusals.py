"""Why the budget service says no; the figures go into the answer."""

from shared.errors import Malformed, NotFound, Refused


class LineNotFound(NotFound):
    """Absent, or another agency's."""


class AgencyUnknown(Malformed):
    """The register has told of no agency with this code."""


class LineExists(Refused):
    """There is a line for the same agency, year, source, purpose and item."""


class LineHasMovements(Refused):
    """What a line is for stays as it is once a sum has moved on it."""


class LineClosed(Refused):
    """The task behind the line is over: no new money goes on it."""


class SumTooLarge(Refused):
    """More than one line can hold."""


class ApprovedBeyondEstimate(Refused):
    """Appraisal can cut what was proposed, not add to it."""


class AssignedBeyondApproval(Refused):
    """No more can be assigned than was approved."""


class NothingAssigned(Refused):
    """Only an assigned estimate can be adjusted."""


class AdjustmentBelowSpent(Refused):
    """The money that would be taken away is committed or paid."""


class Overspend(Refused):
    """No spending outside the assigned estimate (Law 83/2015/QH13, art. 8.4, 12.2, 18.3)."""


class MoreThanCommitted(Refused):
    """Only a committed sum can be paid or released."""


class YearEnded(Refused):
    """The fiscal year is over for this kind of movement."""


class YearNotBegun(Refused):
    """The fiscal year has not begun: its estimate can be assigned, not spent."""
