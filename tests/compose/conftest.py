"""One deployed site for the tests that only use it; what breaks it has a site of its own."""

from collections.abc import Iterator

import pytest

from tests.compose.site import Site, site


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """From empty volumes to healthy, with the register of Hà Nội."""
    with site(tmp_path_factory.mktemp("site")) as found:
        found.up()
        found.docker("run", "--rm", "--no-deps", "-T", "register")
        yield found
