"""python -m services.budget"""

from services.budget.app import create_app
from shared.service import serve

serve("budget", create_app)
