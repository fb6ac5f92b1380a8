"""What a service's start leaves to the garbage collector."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.migrate import SERVICES

START = """
import gc
import shared.start

def walks():
    return sum(one["collections"] for one in gc.get_stats())

before = walks()
from services.{0}.app import create_app
from shared.service import settle_memory

app = create_app()
settle_memory()
walked, frozen = walks() - before, gc.get_freeze_count()
gc.unfreeze()
print(walked, frozen, gc.collect(), gc.isenabled())
"""
NOWHERE = {"DATABASE_URL": "postgresql+asyncpg://127.0.0.1/none", "KAFKA_URL": "127.0.0.1:1"}


@pytest.mark.parametrize("service", SERVICES)
def test_the_collector_walks_through_nothing_and_little_is_garbage(
    service: str, keys: Path
) -> None:
    told = {f"DONDOC_{name}": value for name, value in NOWHERE.items()}
    told["DONDOC_JWKS"] = str(keys / "jwks.json")
    done = subprocess.run(
        [sys.executable, "-c", START.format(service)],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=True,
    )
    walked, frozen, garbage, enabled = done.stdout.split()
    assert (walked, enabled) == ("0", "True")
    assert int(garbage) < int(frozen) / 20
