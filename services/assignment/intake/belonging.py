"""What names of a list have in common: their place, or whose they are."""

from dataclasses import dataclass

from services.assignment.intake import names
from services.assignment.intake.source import squeeze


@dataclass(frozen=True)
class Body:
    """A name as it will be shown, and where it stands."""

    name: str
    start: int
    end: int


def shared_places(text: str, found: list[Body]) -> list[Body]:
    """ "Bí thư Tỉnh ủy, Chủ tịch UBND các tỉnh: A, B": the party's committee of each as well."""
    found = _of_their_units(text, _party_rows(text, found))
    first = len(found)
    while first and names.OF_PLACE.match(found[first - 1].name):
        first -= 1
    if first in (0, len(found)) or not names.PARTY.fullmatch(found[first - 1].name):
        return found
    party = found[first - 1]
    head = f"{party.name[:1].upper()}{party.name[1:]}"
    places = (names.OF_PLACE.match(one.name) for one in found[first:])
    shared = [Body(f"{head} {place[1]}", party.start, party.end) for place in places if place]
    return [*found[: first - 1], *shared, *found[first:]]


def _party_rows(text: str, found: list[Body]) -> list[Body]:
    """ "Bí thư Tỉnh ủy, Thành ủy": one group of committees."""
    kept: list[Body] = []
    for one in found:
        before = kept[-1] if kept else None
        if (
            before is not None
            and names.PARTY.fullmatch(one.name)
            and names.PARTY.fullmatch(before.name)
            and text[before.end : one.start].strip() == ","
        ):
            kept[-1] = Body(f"{before.name}, {one.name}", before.start, one.end)
        else:
            kept.append(one)
    return kept


def _of_their_units(text: str, found: list[Body]) -> list[Body]:
    """ "Bí thư Đảng ủy, Chủ tịch UBND các xã": the party's committees of the same units."""
    if len(found) < 2 or not any(names.PARTY_BELOW.fullmatch(one.name) for one in found):
        return found
    kept: list[Body] = []
    for one, after in zip(found, [*found[1:], found[-1]], strict=True):
        units = names.OF_UNITS_BELOW.match(after.name)
        if units and names.PARTY_BELOW.fullmatch(one.name) and _headed(text, one.start):
            one = Body(f"{one.name} {units[1]}", one.start, one.end)
        kept.append(one)
    return kept


def _headed(text: str, start: int) -> bool:
    return names.SECRETARY.search(text, max(0, start - 12), start) is not None


def shared_owner(found: list[Body]) -> list[Body]:
    """ "Các đơn vị của Bộ A, Bộ B": the units of each."""
    kept: list[Body] = []
    owned = ""
    for one in found:
        match = names.OWNED.match(one.name)
        if match:
            owned = match[1]
        elif owned and names.OWNER.match(one.name):
            one = Body(f"{owned}{one.name}", one.start, one.end)
        else:
            owned = ""
        kept.append(one)
    return kept


def behind_owners(text: str, place: int, end: int) -> int:
    """ "… thuộc các quận, huyện", "… các xã, phường": whose a body is belongs to its name."""
    for pattern in (
        names.OF_CENTRAL,
        names.CENTRAL_AND_LOCAL,
        names.OF_UNITS,
        names.OWN_UNITS,
        names.OF_REGION,
    ):
        if owners := pattern.match(text, place, end):
            return owners.end()
    owners = names.THEIR_UNITS.match(text, place, end)
    if owners and not names.STOPS.search(text, place, owners.start("units")):
        return owners.end()
    return place


def tidy(name: str) -> str:
    """One line, no punctuation at its ends and no "và" that led to nothing."""
    return squeeze(name).strip(" ,;:.-").removesuffix(" các").removesuffix(" và")
