"""Run the notification service: python -m services.notification"""

import shared.start  # noqa: F401  first
from services.notification.app import create_app
from shared.service import serve

serve("notification", create_app)
