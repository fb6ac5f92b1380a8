"""Names that share one head: "các Sở: Tài chính, Nội vụ", "UBND các tỉnh: Bắc Ninh, Phú Thọ"."""

import re

from services.assignment.intake import names
from services.assignment.intake.belonging import Body, behind_owners, tidy
from services.assignment.intake.describing import kind_of_place, of_provinces
from services.assignment.intake.source import squeeze


def departments(text: str, begin: int, end: int) -> list[Body]:
    """ "Các Sở: Tài chính, Nội vụ" and "các Bộ Công an, Quốc phòng": the head before each."""
    behind_colon = names.LISTED_COLON.match(text, begin, end)
    begun = behind_colon or names.LISTED.match(text, begin, end)
    if begun is None:
        return []
    colon = behind_colon is not None or begun["colon"]
    if text[begin : begin + 3].lower() != "các" and not colon:
        return []
    found: list[Body] = []
    place = begun.end()
    comma: re.Match[str] | None = None
    any_name = begun["head"].lower() not in ("bộ", "sở")
    while field := _listed_name(text, place, end, any_name):
        if field[0] in ("Văn hóa", "Văn hoá") and not found:
            break
        head = squeeze(begun["head"]).capitalize()
        found.append(Body(f"{head} {squeeze(field[0])}", begin, field.end()))
        comma = names.LIST_COMMA.match(text, field.end(), end)
        if comma is None:
            break
        place = comma.end()
    goes_on = comma is not None and names.DEPARTMENT.match(text, comma.end(), end)
    if len(found) == 1 and not colon and not goes_on:
        last = behind_owners(text, found[0].end, end)
        return [Body(tidy(text[begin:last]), begin, last)]
    return found


def _listed_name(text: str, place: int, end: int, any_name: bool) -> "re.Match[str] | None":
    """A field of the register, or behind a colon any name up to its comma or its verb."""
    field = names.ONE_FIELD.match(text, place, end)
    if not any_name:
        return field
    if names.begins_name(text, place, end, loose=False):
        return None
    stop = names.STOPS.search(text, place, end)
    named = names.ONE_LISTED.match(text, place, stop.start() if stop else end)
    return max((one for one in (field, named) if one), key=lambda one: one.end(), default=None)


def provinces(text: str, begin: int, end: int) -> list[Body]:
    """ "UBND các tỉnh: Bắc Ninh, Phú Thọ": the head and the kind before each."""
    begun = names.PROVINCES.match(text, begin, end)
    if begun is None:
        return []
    if names.TWO_KINDS.search(begun["kind"]):
        return _as_listed(text, begin, begun, end)
    head = squeeze(begun["head"] or "").removeprefix("Các ").removeprefix("các ")
    found: list[Body] = []
    place = begun.end()
    while one := names.PROPER.match(text, place, end):
        if not of_provinces(begun["kind"]) and " " not in one[1]:
            break
        kind = kind_of_place(begun["kind"], squeeze(one[1]))
        found.append(Body(f"{head} {kind} {squeeze(one[1])}".strip(), begin, one.end()))
        comma = names.LIST_COMMA.match(text, one.end(), end)
        if comma is None or names.HEADWORD.match(text, comma.end(), end):
            break
        place = comma.end()
    return found if begun["colon"] or len(found) > 1 else []


def _as_listed(text: str, begin: int, begun: re.Match[str], end: int) -> list[Body]:
    """ "UBND các phường, xã: Đề Gi, Tam Quan": which is which nobody can tell; one name."""
    place = begun.end()
    last = 0
    while begun["colon"] and (one := names.PROPER.match(text, place, end)):
        last = one.end()
        comma = names.LIST_COMMA.match(text, last, end)
        if comma is None:
            break
        place = comma.end()
    return [Body(squeeze(text[begin:last]), begin, last)] if last else []
