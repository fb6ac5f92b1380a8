"""Ends with 0 if the service in this container is ready, else prints what it lacks."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["DONDOC_PORT"]), timeout=8)
try:
    connection.request("GET", "/health/ready")
    answer = connection.getresponse()
    told = answer.read().decode()
except OSError as error:
    sys.exit(f"it does not answer: {error}")
if answer.status != 200:
    sys.exit(told)
