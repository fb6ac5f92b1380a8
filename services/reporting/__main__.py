"""Run the reporting service: python -m services.reporting"""

import shared.start  # noqa: F401  first
from services.reporting.app import create_app
from shared.service import serve

serve("reporting", create_app)
