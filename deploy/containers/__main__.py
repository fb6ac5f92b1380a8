"""Run a service in its container: python -m deploy.containers SERVICE

A replica needs a name that a restart keeps (Kafka's static membership). A container's host name
changes with it, the number that Compose gives it does not: Docker's DNS tells it by the address.
DONDOC_REPLICA says otherwise.
"""

import os
import runpy
import sys

from deploy.containers.naming import own_name
from deploy.migrate import SERVICES


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in SERVICES:
        print(f"containers: name one of {', '.join(SERVICES)}", file=sys.stderr)
        return 2
    service = sys.argv[1]
    if "DONDOC_REPLICA" not in os.environ:
        os.environ["DONDOC_REPLICA"] = own_name()
    sys.argv = [f"services.{service}"]
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
