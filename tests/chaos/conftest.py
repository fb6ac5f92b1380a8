"""The four services beside each other, empty, on one stack."""

from collections.abc import AsyncIterator

import pytest

from deploy.local.stack import LocalStack
from deploy.topics import provision
from shared.testing import ServiceUnderTest
from tests.chaos.small import Small, a_small_system


@pytest.fixture
async def small(
    stack: LocalStack,
    assignment: ServiceUnderTest,
    reporting: ServiceUnderTest,
    notification: ServiceUnderTest,
    budget: ServiceUnderTest,
) -> AsyncIterator[Small]:
    await provision(stack.kafka_url)
    services = {
        "assignment": assignment,
        "reporting": reporting,
        "notification": notification,
        "budget": budget,
    }
    async with a_small_system(stack, services) as small:
        yield small
