"""Reading names of bodies: one, a group, or a list with commas inside the names."""

import re
from collections.abc import Iterator

from services.assignment.intake import names
from services.assignment.intake.belonging import (
    Body,
    behind_owners,
    shared_owner,
    shared_places,
    tidy,
)
from services.assignment.intake.describing import central_name, described
from services.assignment.intake.one_head import departments, provinces
from services.assignment.intake.source import skip_blanks, squeeze

LONGEST = 400
"""Code points that one name may take at most."""


def read_bodies(text: str, start: int, end: int, *, heading: bool = False) -> list[Body]:
    """The bodies named from ``start`` on; none if no name begins there.

    A comma goes on with the list only before something that begins a name, so that "UBND các
    quận, huyện, thị xã" stays one. In a ``heading`` only strong words end a name.
    """
    return _list(text, start, end, heading, loose=False)


def read_loose(text: str, start: int, end: int) -> list[Body]:
    """The same where a common noun alone may name a body: "phối hợp với địa phương"."""
    return _list(text, start, end, heading=False, loose=True)


def read_told(text: str, start: int, end: int) -> list[Body]:
    """Who is told in a field or a cell: nothing but names stands there, short ones too."""
    found: list[Body] = []
    for first, last in _told(text, start, end):
        found += _list(text, first, last, heading=True, loose=True)
        while found and (behind := names.BEHIND_REMARK.match(text, found[-1].end, last)):
            more = _list(text, behind.end(), last, heading=True, loose=True)
            if not more:
                break
            found += more
    return found


def _told(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of a cell, whose lines or names may follow on each other with nothing between."""
    dashed = names.DASHED.match(text, start, end)
    place = dashed.end() if dashed else start
    for cut in names.NEXT_TOLD.finditer(text, place, end):
        yield place, cut.start()
        place = cut.end()
    yield place, end


def _list(text: str, start: int, end: int, heading: bool, loose: bool) -> list[Body]:
    """``loose`` is how the first name may begin; behind a comma each may."""
    found: list[Body] = []
    place = start
    while place < end:
        if not (
            names.begins_name(text, place, end, loose=loose) or _listed_start(text, place, end)
        ):
            break
        more = list(_one(text, place, min(end, place + LONGEST), heading))
        if not more or more[-1].end <= place:
            break
        found += more
        begun = _joined(text, more[-1].end, end)
        if begun is None:
            break
        place, loose = begun, True
    return shared_owner(shared_places(text, [one for one in found if one.name]))


def _joined(text: str, place: int, end: int) -> int | None:
    """Where the next name of a list begins, if one is joined here."""
    joint = names.JOIN.match(text, place, end)
    if joint and ";" in joint[0] and names.EACH.match(text, joint.end(), end):
        return None
    return joint.end() if joint and names.begins_name(text, joint.end(), end, loose=True) else None


def with_members(text: str, found: list[Body], end: int) -> list[Body]:
    """ "Các cơ quan đăng ký đầu tư (Sở Tài chính, Ban Quản lý …)": the group is those in brackets.

    So is "Chủ đầu tư (Ban Quản lý dự án A)". Brackets that hold one name otherwise, or more than
    names, only explain.
    """
    aside = names.ASIDE.match(text, found[-1].end, end) if found else None
    if aside is None:
        return found
    least = 1 if names.NAMELESS.match(found[-1].name) else 2
    members = read_bodies(text, aside.start() + aside[0].index("(") + 1, aside.end() - 1)
    if least == 2 and not names.GROUP_OF.match(found[-1].name):
        kind = " ".join(found[-1].name.split()[:3])
        if not all(one.name.startswith(f"{kind} ") for one in members):
            return found
    if len(members) < least or text[members[-1].end : aside.end() - 1].strip():
        return found
    return [*found[:-1], *members]


def behind_colon(text: str, found: list[Body], end: int) -> list[Body]:
    """ "Cơ quan quản lý: Sở Y tế": who it is, if nothing else stands behind the colon."""
    last = found[-1]
    if len(found) > 1 or text[last.end : last.end + 1] != ":":
        return []
    if names.NAMELESS.fullmatch(last.name) is None:
        return []
    named = _list(text, last.end + 1, end, heading=True, loose=False)
    return named if named and not text[named[-1].end : end].strip(" .:;,\n\x1f") else []


def after_aside(text: str, place: int, end: int) -> int:
    """Behind what stands in brackets after a name."""
    aside = names.ASIDE.match(text, place, end)
    return aside.end() if aside else place


def _listed_start(text: str, place: int, end: int) -> bool:
    place = skip_blanks(text, place, end)
    return bool(
        names.LISTED_COLON.match(text, place, end) or names.PROVINCES.match(text, place, end)
    )


def _one(text: str, start: int, end: int, heading: bool) -> Iterator[Body]:
    """One name, or several that share a head: "các Bộ: Quốc phòng, Công an"."""
    place = skip_blanks(text, start, end)
    if central := names.CENTRAL.match(text, place, end):
        yield Body(central_name(central[0]), place, central.end())
        return
    if ministries := names.MINISTERS.match(text, place, end):
        yield Body("các Bộ", place, ministries.end())
        return
    if (leaders := names.LEADERS.match(text, place, end)) and not heading:
        yield Body(squeeze(leaders[0]), place, leaders.end())
        return
    person = names.PERSON.match(text, place, end)
    titles = names.TITLES.match(text, person.end() if person else place, end)
    begin = titles.end() if titles else place
    if listed := provinces(text, begin, end) or departments(text, begin, end):
        yield from listed
        return
    if whose := names.OF_THE_LISTED.match(text, begin, end):
        owners = departments(text, whose.end(), end)
        yield from (Body(f"{squeeze(whose['whose'])} {one.name}", begin, one.end) for one in owners)
        if owners:
            return
    last = described(text, begin, _end_of_name(text, begin, end, heading), end)
    name = tidy(text[begin:last])
    if titles is not None and name.lower() in ("các", "những"):
        name, last = tidy(titles[0]), titles.end()
    if titles is not None:
        name = names.IN_CHARGE.sub("", name)
    second = names.SECOND_TITLE.match(text, last, end)
    if second is not None:
        stop = names.STOPS.search(text, second.end(), end)
        after = stop.start() if stop else end
        if titles is None:
            name = tidy(text[begin:after])
        last = after
    yield Body(name, begin, last)


_FIXED_PARTS = (
    names.FIXED,
    names.COMPOUND,
    names.COMMITTEES,
    names.DEPARTMENT,
    names.THREEFOLD,
    names.ENTERPRISES,
    names.GROUP,
    names.HEADWORD,
)


def _end_of_name(text: str, begin: int, end: int, heading: bool) -> int:
    """Behind the fixed part of the name and what belongs to it, before the first stop."""
    if (complete := names.COMPLETE.match(text, begin, end)) and not heading:
        return complete.end()
    fixed = (pattern.match(text, begin, end) for pattern in _FIXED_PARTS)
    place = next((one.end() for one in fixed if one), begin)
    place = behind_owners(text, place, end)
    stops = names.STRONG if heading else names.STOPS
    while True:
        stop = stops.search(text, place, end)
        last = stop.start() if stop else end
        more = names.NUMERALS.match(text, last, end)
        if more and names.NUMERAL.search(text, max(place - 6, begin), last):
            place = more.end()
            continue
        work = names.WORK.match(text, last, end)
        if work is not None and names.NAMED_BY_WORK.match(text, begin, end):
            place = work.end()
            continue
        if names.BY_DECISION.match(text, begin, end):
            decision = names.DECISION.match(text, last, end)
            if decision is not None and decision.end() > place:
                place = decision.end()
                continue
        if inner := _inner_around(text, place, last, end):
            if (joint := _joint(text, place, inner.end(), inner.end())) is not None:
                return joint
            place = inner.end()
            continue
        if (joint := _joint(text, place, last, end)) is not None:
            return joint
        skipped = names.TAIL_SKIPS.match(text, last, end) if stop else None
        if skipped is None:
            return last
        place = skipped.end()


def _inner_around(text: str, place: int, last: int, end: int) -> "re.Match[str] | None":
    """The words inside a name that hold what looks like its end."""
    found = names.INNER.finditer(text, max(place, last - 40), min(end, last + 40))
    return next((one for one in found if one.start() < last < one.end()), None)


def _joint(text: str, place: int, last: int, end: int) -> int | None:
    """Where between two places, both included, the name gives way to the next of a list."""
    stop = min(end, last + LONGEST)
    after = min(stop, skip_blanks(text, last, stop) + len("cùng"))
    for mark in names.JOIN_MARK.finditer(text, place, after):
        begin = mark.start()
        while begin > place and text[begin - 1].isspace():
            begin -= 1
        if begin > last:
            return None
        if _joined(text, begin, stop) is not None:
            return begin
    return None
