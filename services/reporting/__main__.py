"""Run the reporting service: python -m services.reporting"""

from services.reporting.app import create_app
from shared.service import serve

serve("reporting", create_app)
