"""What a published contract may not do: the changes that break those who read the events."""

from typing import Any


def breaking_changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Each change from the recorded schema that a subscriber could not read, by field.

    Allowed: a new optional field, another description or title. Everything else needs a new
    version of the type beside the old one.
    """
    return list(_object(old, new, old.get("$defs", {}), new.get("$defs", {}), ""))


def moved_topics(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Events that left the topic they are recorded on, and topics with other partitions.

    Compares two AsyncAPI documents. Either change breaks the order of a key's events.
    """
    found = []
    for topic, channel in old["channels"].items():
        after = new["channels"].get(topic, {"messages": {}})
        for type in sorted(set(channel["messages"]) - set(after["messages"])):
            found.append(f"{type}: left the topic {topic}")
        was = channel["bindings"]["kafka"]["partitions"]
        if "bindings" in after and (now := after["bindings"]["kafka"]["partitions"]) != was:
            found.append(f"{topic}: partitions were {was}, are {now}")
    return found


def _object(
    old: dict[str, Any], new: dict[str, Any], old_defs: Any, new_defs: Any, path: str
) -> list[str]:
    found = []
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in sorted(set(before) - set(after)):
        found.append(f"{path}{name}: removed")
    was, is_ = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(set(after) - set(before)):
        if name in is_:
            found.append(f"{path}{name}: a new field must be optional")
    for name in sorted((is_ - was) & set(before)):
        found.append(f"{path}{name}: became required")
    for name in sorted((was - is_) & set(after)):
        found.append(f"{path}{name}: may now be absent")
    for name in sorted(set(before) & set(after)):
        found += _field(before[name], after[name], old_defs, new_defs, f"{path}{name}")
    return found


def _field(old: Any, new: Any, old_defs: Any, new_defs: Any, path: str) -> list[str]:
    old, new = _resolve(old, old_defs), _resolve(new, new_defs)
    if old.get("type") == new.get("type") == "object" and "properties" in old:
        return _object(old, new, old_defs, new_defs, f"{path}.")
    found = []
    for word in sorted((set(old) | set(new)) - {"title", "description", "items", "anyOf"}):
        if old.get(word) != new.get(word):
            found.append(f"{path}: {word} was {old.get(word)!r}, is {new.get(word)!r}")
    if ("items" in old) != ("items" in new):
        found.append(f"{path}: became another kind of list")
    elif "items" in old:
        found += _field(old["items"], new["items"], old_defs, new_defs, f"{path}[]")
    options = old.get("anyOf", []), new.get("anyOf", [])
    if len(options[0]) != len(options[1]):
        found.append(f"{path}: takes other kinds of value")
    for before, after in zip(*options, strict=False):
        found += _field(before, after, old_defs, new_defs, path)
    return found


def _resolve(schema: Any, definitions: Any) -> Any:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    rest = {word: value for word, value in schema.items() if word != "$ref"}
    return {**definitions[reference.rpartition("/")[2]], **rest}
