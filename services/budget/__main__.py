"""Run the budget service: python -m services.budget"""

import shared.start  # noqa: F401  first
from services.budget.app import create_app
from shared.service import serve

serve("budget", create_app)
