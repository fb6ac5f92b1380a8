"""AsyncAPI 3 of a service, built from the same event classes that it publishes."""

from typing import Any

from shared.events.catalogue import TOPICS, TopicSpec, events_of

_HEADERS = {
    "ce_specversion": "CloudEvents version, 1.0",
    "ce_id": "Id of the event; remember it to notice a repeat",
    "ce_type": "Type and version of the event",
    "ce_source": "The service that publishes it",
    "ce_time": "Business instant of the fact, RFC 3339 with offset",
    "ce_subject": "Key: the aggregate the event is about",
    "content-type": "application/json",
    "ce_sequence": "Rises with every event of a key; lower or equal is a repeat",
    "ce_recordedtime": "Instant at which it was recorded",
    "ce_loggeneration": "When it rises, read the topic again from the start",
    "ce_correlationid": "Leads back to the request that started it all",
    "ce_causationid": "Id of the event or request that led to this one",
    "traceparent": "W3C trace context",
}
_OPTIONAL = {"ce_causationid", "traceparent"}


def asyncapi(service: str) -> dict[str, Any]:
    """The document for what this service publishes."""
    events = events_of(service)
    topics = sorted({event.topic for event in events.values()})
    schemas: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for type, event in sorted(events.items()):
        schema = event.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[type] = schema
        messages[type] = _message(type, schema.get("description", ""))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Dondoc {service}",
            "version": "1",
            "description": "CloudEvents 1.0, Kafka binary mode; at least once; ordered per key.",
        },
        "defaultContentType": "application/json",
        "channels": {topic: _channel(TOPICS[topic], events) for topic in topics},
        "operations": {
            f"publish.{topic}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{topic}"},
            }
            for topic in topics
        },
        "components": {"messages": messages, "schemas": schemas},
    }


def _message(type: str, summary: str) -> dict[str, Any]:
    return {
        "name": type,
        "summary": " ".join(summary.split()),
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "properties": {
                name: {"type": "string", "description": text} for name, text in _HEADERS.items()
            },
            "required": [name for name in _HEADERS if name not in _OPTIONAL],
        },
        "payload": {"$ref": f"#/components/schemas/{type}"},
    }


def _channel(topic: TopicSpec, events: dict[str, Any]) -> dict[str, Any]:
    return {
        "address": topic.name,
        "title": topic.title,
        "messages": {
            type: {"$ref": f"#/components/messages/{type}"}
            for type, event in sorted(events.items())
            if event.topic == topic.name
        },
        "bindings": {"kafka": {"partitions": topic.partitions, "topicConfiguration": _kept(topic)}},
    }


def _kept(topic: TopicSpec) -> dict[str, Any]:
    if topic.compacted:
        return {"cleanup.policy": ["compact"]}
    return {"cleanup.policy": ["delete"], "retention.ms": topic.retention_days * 86_400_000}
