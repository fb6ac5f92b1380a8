"""What notification does when others speak: keep the facts, tell who must be told."""

from datetime import timedelta

from services.notification.handlers.deadlines import about_deadlines
from services.notification.handlers.money import about_budget
from services.notification.handlers.reports import about_reports
from services.notification.handlers.tasks import about_tasks, facts_of_directives_and_agencies
from services.notification.settings import Settings
from shared.handlers import Handlers


def create_handlers(settings: Settings) -> Handlers:
    """The handlers, with the issuing office that escalations and reports go to."""
    handlers = Handlers()
    office = settings.issuer_agency
    every = timedelta(days=settings.urge_every_days)
    facts_of_directives_and_agencies(handlers)
    about_tasks(handlers, office, every)
    about_deadlines(handlers, office, every)
    about_reports(handlers, office, every)
    about_budget(handlers, office)
    return handlers
