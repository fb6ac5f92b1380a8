"""What follows for an item from what a person told of it; no session, no row."""

from typing import Any

from services.assignment.commands.intake_inputs import CorrectItem
from services.assignment.commands.intake_names import Bodies, renamed, resolved
from services.assignment.models.intake_items import BODIES, ProposedItem


def told_of(item: ProposedItem, change: CorrectItem, bodies: Bodies) -> dict[str, Any]:
    """The fields that change; UnknownCode for a code that the register does not have."""
    told = change.model_dump(
        mode="json", exclude_unset=True, exclude={"id", "drop", "decided", "named"}
    )
    if change.time is not None:
        told["time"] = change.time.model_dump(mode="json")
    chosen = told.keys() - {"checked"}
    codes = {field: told.pop(field) for field in BODIES if field in told}
    names = change.named.model_dump(exclude_unset=True)
    if names:
        told |= _with_names(item, names, bodies)
    if codes and not change.decided:
        told |= with_codes({**item, **told}, codes, bodies)
    elif codes:
        told |= {**_settled(item, codes, bodies), **codes}
    if change.decided:
        return {**told, **_decided(item, chosen)}
    return {**told, **_with_time(item, told)}


def with_codes(item: ProposedItem, codes: dict[str, list[str]], bodies: Bodies) -> dict[str, Any]:
    """Codes that the letter's names stand for, and those names: as it has them, if it does."""
    named, meaning = dict(item["named"]), dict(item["meaning"])
    for field, chosen in codes.items():
        names = renamed(item, field, chosen, bodies)
        named[field] = list(names)
        meaning |= {name: code for name, code in names.items() if name != code}
    return {**codes, **_settled(item, codes, bodies), "named": named, "meaning": meaning}


def meant_by(item: ProposedItem, name: str, code: str) -> dict[str, Any]:
    """The name stands for the code wherever the item waits for its meaning."""
    fields = {one["field"] for one in item["unresolved"] if one["name"] == name}
    return {
        "meaning": {**item["meaning"], name: code},
        "unresolved": [one for one in item["unresolved"] if one["name"] != name],
        **{field: list(dict.fromkeys((*item[field], code))) for field in fields},
    }


def _decided(item: ProposedItem, fields: set[str]) -> dict[str, Any]:
    says = {field: item[field] for field in fields & {"recurrence", "money_aspect"}}
    return {
        "decided_by_clerk": sorted({*item["decided_by_clerk"], *fields}),
        "letter_says": {**says, **item["letter_says"]},
    }


def _settled(
    item: ProposedItem, codes: dict[str, list[str]], bodies: Bodies
) -> dict[str, list[Any]]:
    """Nothing is open any more in the fields that a person chose codes for."""
    for field in codes.keys() - {"report_to"}:
        bodies.must_have(codes[field])
    return {"unresolved": [one for one in item["unresolved"] if one["field"] not in codes]}


def _with_names(item: ProposedItem, names: dict[str, list[str]], bodies: Bodies) -> dict[str, Any]:
    found = resolved(names, bodies)
    kept = [one for one in item["unresolved"] if one["field"] not in names]
    return {
        **found,
        "named": {**item["named"], **names},
        "meaning": {**item["meaning"], **found["meaning"]},
        "unresolved": kept + found["unresolved"],
    }


def _with_time(item: ProposedItem, told: dict[str, Any]) -> dict[str, Any]:
    """The deadline that the letter's words give, or the words' day that a deadline corrects."""
    if "time" in told and "deadline" not in told:
        on = told["time"] and told["time"]["date"]
        if "deadline" in item["decided_by_clerk"]:
            return {}
        return {"deadline": {"kind": "date", "on": on} if on else None}
    if "deadline" in told and "time" not in told:
        rule, time = told["deadline"], item["time"]
        if rule is None:
            return {"time": None}
        if time and rule["kind"] == "date":
            return {"time": {**time, "date": rule["on"], "kind": _kind_of_day(time)}}
    return {}


def _kind_of_day(time: dict[str, Any]) -> str:
    return str(time["kind"]) if time["kind"] in ("month", "quarter", "year") else "date"
