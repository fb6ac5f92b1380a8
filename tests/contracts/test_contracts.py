"""The contracts other systems rely on; ``make contracts`` records an intended, safe change."""

import copy
import json
from typing import Any

import pytest

from shared.asyncapi import asyncapi
from shared.events.catalogue import EVENTS, TOPICS, publisher_of
from tests.contracts.compare import breaking_changes, moved_topics
from tests.contracts.record import ADVICE, ASYNCAPI, SCHEMAS, schema_of, services


@pytest.mark.parametrize("type", sorted(EVENTS))
def test_the_published_schema_is_the_recorded_one(type: str) -> None:
    path = SCHEMAS / f"{type}.json"
    assert path.exists(), f"{type} is new: run make contracts and commit {path.name}"
    recorded = json.loads(path.read_text())

    broken = breaking_changes(recorded, schema_of(type))

    assert broken == [], f"{type}: {'; '.join(broken)}. {ADVICE}"
    assert recorded == schema_of(type), "a safe change: run make contracts and commit it"


def test_no_recorded_type_has_disappeared() -> None:
    gone = {path.stem for path in SCHEMAS.glob("*.json")} - set(EVENTS)

    assert gone == set(), f"{gone} may still stand in a log. {ADVICE}"


@pytest.mark.parametrize("service", services())
def test_the_recorded_asyncapi_is_todays(service: str) -> None:
    recorded = json.loads((ASYNCAPI / f"{service}.json").read_text())

    moved = moved_topics(recorded, asyncapi(service))
    assert moved == [], f"{'; '.join(moved)}. {ADVICE}"
    assert recorded == asyncapi(service), "run make asyncapi and commit it"


def test_an_event_that_left_its_topic_is_found() -> None:
    recorded = asyncapi("assignment")
    today = copy.deepcopy(recorded)
    del today["channels"]["assignment.tasks"]["messages"]["assignment.task_started.v1"]
    today["channels"]["assignment.directives"]["bindings"]["kafka"]["partitions"] = 24

    assert moved_topics(recorded, today) == [
        "assignment.directives: partitions were 12, are 24",
        "assignment.task_started.v1: left the topic assignment.tasks",
    ]


@pytest.mark.parametrize("service", services())
def test_every_reference_of_the_asyncapi_leads_somewhere(service: str) -> None:
    document = asyncapi(service)

    for reference in _references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for each in value.values() for one in _references(each)]
    if isinstance(value, list):
        return [one for each in value for one in _references(each)]
    return []


@pytest.mark.parametrize("type", sorted(EVENTS))
def test_every_event_is_at_home_in_the_catalogue(type: str) -> None:
    event = EVENTS[type]

    assert event.topic in TOPICS
    assert publisher_of(event.topic) == publisher_of(type)
    assert type.rpartition(".v")[2].isdecimal()
    assert event.__doc__


@pytest.mark.parametrize("type", sorted(EVENTS))
def test_a_new_version_tells_the_one_before_it_too(type: str) -> None:
    """Who filters on that one goes on hearing it, on the same topic.

    Of a compacted topic only the older version would stay: there a version adds optional fields.
    """
    name, _, version = type.rpartition(".v")
    earlier = EVENTS[type].earlier

    before = f"{name}.v{int(version) - 1}"
    assert (earlier.type if earlier else None) == (before if before in EVENTS else None)
    if earlier is not None:
        assert earlier.topic == EVENTS[type].topic
        assert not TOPICS[earlier.topic].compacted


BASE = {
    "properties": {
        "agency": {"type": "string"},
        "due_on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        "role": {"$ref": "#/$defs/Role"},
        "items": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["agency"],
    "$defs": {"Role": {"type": "string", "enum": ["lead", "coordinate"]}},
}


def changed(**edits: Any) -> dict[str, Any]:
    schema = copy.deepcopy(BASE)
    for path, value in edits.items():
        place: Any = schema
        *steps, last = path.split("__")
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return schema


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (changed(properties__agency=None, required=[]), "agency: removed"),
        (changed(required=["agency", "due_on"]), "due_on: became required"),
        (changed(required=[]), "agency: may now be absent"),
        (changed(properties__agency={"type": "integer"}), "agency: type was 'string'"),
        (changed(properties__agency={"type": "string", "maxLength": 3}), "agency: maxLength"),
        (
            changed(properties__mood={"type": "string"}, required=["agency", "mood"]),
            "mood: a new field must be optional",
        ),
        (changed(properties__due_on={"type": "string", "format": "date"}), "due_on: "),
        (changed(**{"$defs__Role__enum": ["lead"]}), "role: enum was"),
        (changed(properties__items={"type": "array", "items": {"type": "string"}}), "items[]: "),
    ],
)
def test_a_breaking_change_is_found_and_names_its_field(new: Any, message: str) -> None:
    found = breaking_changes(BASE, new)

    assert found
    assert found[0].startswith(message)


@pytest.mark.parametrize(
    "new",
    [
        changed(properties__mood={"type": "string"}),
        changed(description="other words"),
        changed(properties__agency={"type": "string", "description": "other words"}),
    ],
)
def test_a_safe_change_is_let_through(new: Any) -> None:
    assert breaking_changes(BASE, new) == []
