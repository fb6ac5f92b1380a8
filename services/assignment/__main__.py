"""Run the assignment service: python -m services.assignment"""

import shared.start  # noqa: F401  first
from services.assignment.app import create_app
from shared.service import serve

serve("assignment", create_app)
