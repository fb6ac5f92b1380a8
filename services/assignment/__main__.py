"""Run the assignment service: python -m services.assignment"""

from services.assignment.app import create_app
from shared.service import serve

serve("assignment", create_app)
