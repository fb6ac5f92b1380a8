"""Kafka's rights follow from the events: nothing is forgotten, nothing more is allowed."""

import pytest

from deploy.access.rights import SUBSCRIBER, Operation, Resource, Right, rights
from deploy.verify.hears import HEARS
from shared.events.catalogue import EVENTS, TOPICS, publisher_of

WRITING = {right for right in rights() if right.operation is Operation.WRITE}


@pytest.mark.parametrize("type", EVENTS)
def test_each_event_is_written_by_its_service_alone(type: str) -> None:
    writers = {right.principal for right in WRITING if right.name == EVENTS[type].topic}

    assert writers == {publisher_of(type)}


@pytest.mark.parametrize("service", HEARS)
def test_a_service_reads_what_it_hears_in_its_own_group(service: str) -> None:
    reading = {
        (right.resource, right.name)
        for right in rights()
        if right.principal == service and right.operation is Operation.READ
    }

    assert {(Resource.TOPIC, EVENTS[type].topic) for type in HEARS[service]} <= reading
    assert {name for resource, name in reading if resource is Resource.GROUP} == {service}


def test_a_subscriber_only_reads() -> None:
    its = {right for right in rights() if right.principal == SUBSCRIBER}

    assert {right.operation for right in its} == {Operation.READ}
    assert {right.name for right in its if right.resource is Resource.TOPIC} == set(TOPICS)


def test_rights_are_told_in_one_line() -> None:
    right = Right(SUBSCRIBER, Operation.READ, Resource.GROUP, "subscriber", prefixed=True)

    assert str(right) == "subscriber READ GROUP subscriber*"
