"""What the files about restores share: all but the services, and a back-up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.stack import temporary_folder
from deploy.system import System, SystemSettings, prepared_system
from tests.e2e.restoring import DUMPED, SINCE, named_in, ran, written


@pytest.fixture(scope="module")
async def prepared() -> AsyncIterator[System]:
    with temporary_folder() as folder:
        async with prepared_system(folder, SystemSettings(ports={})) as system:
            system.describe()
            yield system


@pytest.fixture(scope="module")
async def backup(prepared: System) -> Path:
    await written(prepared, DUMPED)
    into = prepared.folder / "backups"
    told = ran(prepared, "deploy.backup", "--to", str(into))
    assert told.returncode == 0, told.stderr
    (folder,) = into.iterdir()
    return folder


@pytest.fixture
async def changed(prepared: System, backup: Path) -> System:
    """With other rows than the back-up's, and nothing of an earlier restore."""
    await written(prepared, SINCE)
    for named in named_in(backup):
        named.unlink()
    return prepared
