"""Two replicas of each service, whose names a new container keeps."""

import json
from collections import Counter
from pathlib import Path

from deploy.migrate import SERVICES
from tests.compose.site import Site, site


def names(site: Site, service: str) -> set[str]:
    """What its processes have called themselves, from their logs."""
    lines = site.docker("logs", "--no-log-prefix", service).stdout.splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    return {entry["replica"] for entry in entries if entry["event"] == "service_started"}


def test_two_replicas_have_names_that_stay(tmp_path: Path) -> None:
    with site(tmp_path, replicas=2) as deployed:
        deployed.up()
        before = {service: names(deployed, service) for service in SERVICES}

        deployed.docker("up", "-d", "--wait", "--no-deps", "--force-recreate", *SERVICES)

        assert Counter(map(len, before.values())) == {2: len(SERVICES)}
        assert {service: names(deployed, service) for service in SERVICES} == before
        assert deployed.verify().endswith("lost=0 doubled=0 reordered=0")
