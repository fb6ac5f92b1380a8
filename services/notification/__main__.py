"""Run the notification service: python -m services.notification"""

from services.notification.app import create_app
from shared.service import serve

serve("notification", create_app)
