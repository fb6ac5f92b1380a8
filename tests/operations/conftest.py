"""The whole system, once for what operators look at."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import temporary_folder
from deploy.system import System, SystemSettings, running_system


@pytest.fixture(scope="package")
async def system() -> AsyncIterator[System]:
    settings = SystemSettings(job_seconds=0.2, sweep_grace_seconds=1.0, ports={})
    with temporary_folder() as folder:
        async with running_system(folder, settings) as system:
            yield system
