"""A letter's text, read: the one way into intake."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from services.assignment.intake.amends import read_amended
from services.assignment.intake.bodies import read_bodies
from services.assignment.intake.charged import charged
from services.assignment.intake.citations import read_citations
from services.assignment.intake.clause import Above
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.header import read_header
from services.assignment.intake.letter import FoundTask, Header, Letter, TooManyOrders
from services.assignment.intake.mending import mended
from services.assignment.intake.named import NOBODY, Named, as_named
from services.assignment.intake.outline import outline
from services.assignment.intake.paragraphs import Paragraph, paragraphs
from services.assignment.intake.roles import lead
from services.assignment.intake.source import Source, plain, squeeze
from services.assignment.intake.tables.grids import Grid
from services.assignment.intake.tables.orders import find_tables, read_rows, without
from services.assignment.intake.tasks import Order, Reader
from services.assignment.intake.zones import Zones, read_zones

_LEAD_IN = re.compile(
    r"(?i:yêu\s+cầu|chỉ\s+thị|chỉ\s+đạo|kết\s+luận|có\s+ý\s+kiến|đề\s+nghị|giao|thực\s+hiện|nhiệm\s+vụ"
    r"|nội\s+dung|như\s+sau|sau\s+đây|ban\s+hành|thông\s+báo|điện)"
)
_ASKS = re.compile(r"(?i:yêu\s+cầu|chỉ\s+thị|đề\s+nghị|giao)\s+(?!sau)\w")
_ASKED = re.compile(r"(?:yêu\s+cầu|chỉ\s+thị|đề\s+nghị|giao|hướng\s+dẫn)\s+(?=\S)")
_LISTENS = re.compile(r"(?:theo|xét|các|những|của|được)\s+$")
_GOES_ON = re.compile(r"\s*(?:Trong\s+đó|Đồng\s+thời|Ngoài\s+ra|Theo\s+đó|Bên\s+cạnh\s+đó)\b")
_OF_THAT = re.compile(
    r"(?:Về|Trước)\s+(?:các\s+)?(?:nội\s+dung|vấn\s+đề|việc|kiến\s+nghị|đề\s+nghị|thông\s+tin|phản\s+ánh|sự\s+việc"
    r"|tình\s+hình)\s+(?:nêu\s+)?(?:trên|này)\s*[,:]\s[^.;:]{0,120}?(?:giao|yêu\s+cầu|đề\s+nghị|có\s+ý\s+kiến)\b"
)
_INLINE = re.compile(
    r"(?:như\s+sau|sau\s+đây|chỉ\s+thị|yêu\s+cầu|ý\s+kiến|kết\s+luận)\s*:\s+(?=\S)"
)


def read_letter(text: str, *, name: str, most: int | None = None) -> Letter:
    """The proposal for any text whatever; spans count code points of ``text``.

    TooManyOrders as soon as it has more than ``most``.
    """
    source = plain(text)
    said = mended(source.text)
    zones = read_zones(said)
    header, header_evidence = read_header(said, zones)
    if said != source.text and (written_so := read_header(source.text, zones)[0].subject):
        header = replace(header, subject=written_so)
    written = date.fromisoformat(header.date) if header.date else None
    tables = find_tables(said, zones.body, len(said))
    found, above = _order_paragraphs(said, zones, tables)
    units = outline(said, found)
    if not above.lead.names:
        above = Above(lead=charged(said, zones))
    labelled = [one.end for one in found if one.kind != "text"]
    reader = Reader(said, written, labelled[-1] if labelled else 0)
    in_tables = (one for row in read_rows(said, tables) for one in reader.row(row, Above()))
    orders = list(islice(chain(reader.units(units, above), in_tables), most and most + 1))
    if most is not None and len(orders) > most:
        raise TooManyOrders(most)
    orders.sort(key=lambda one: one.clause.start)
    orders = _going_on(said, orders, alone=not (above.lead.names or _plans(header)))
    orders = [_with_minister(one, header.issuer) for one in orders]
    tasks = [_task(source, one) for one in orders if one.clause.lead.names or not _plans(header)]
    citations = read_citations(said[zones.start :], header.number_symbol)
    amends = read_amended(said[zones.start :], header.subject, header.number_symbol)
    placed = in_original(source, header_evidence)
    return Letter(name, header, citations, tasks, placed, amends)


def _order_paragraphs(
    text: str, zones: Zones, tables: Sequence[Grid]
) -> tuple[list[Paragraph], Above]:
    """The paragraphs that may order something, and who is meant where they name nobody."""
    begin, end = zones.orders
    found = _behind_matter(text, paragraphs(without(text, tables), begin, end))
    at = _lead_in(text, found)
    above = Above(lead=_addressed(zones))
    if at is None:
        return found, above
    one = found[at]
    inline = _INLINE.search(text, one.body, one.end)
    named = _named_in(text, one)
    if named.names:
        above = Above(lead=named)
    if inline and text[inline.end() : one.end].strip(" .;:\n\x1f"):
        rest = replace(one, body=inline.end(), start=inline.end())
        return [rest, *found[at + 1 :]], above
    return found[at + 1 :], above


def _behind_matter(text: str, found: list[Paragraph]) -> list[Paragraph]:
    """From "Về nội dung nêu trên, Thủ tướng giao …" on: what stands above tells of the matter."""
    for at, one in enumerate(found):
        if one.kind != "text":
            return found
        if _OF_THAT.match(text, *_span(one)):
            return found[at:]
    return found


def _lead_in(text: str, found: Sequence[Paragraph]) -> int | None:
    """The sentence that says that orders follow: the last words before the first label."""
    first = next((at for at, one in enumerate(found) if one.kind != "text"), len(found))
    counted = next((at for at, one in enumerate(found) if one.label in ("1", "I")), first)
    said = [
        at
        for at, one in enumerate(found)
        if one.kind == "text"
        and text[one.body : one.end].rstrip().endswith(":")
        and _LEAD_IN.search(text, max(one.body, one.end - 300), one.end)
    ]
    if first < counted - 1 in said and _ASKS.search(text, *_span(found[counted - 1])):
        return counted - 1
    if before := [at for at in said if at < first]:
        return before[-1]
    for at in said:
        after = found[at + 1] if at + 1 < len(found) else None
        begins = after is not None and after.label in ("1", "I", "a", "A", "")
        if begins and after is not None and after.kind != "text":
            return at
    for at, one in enumerate(found[: first + 1]):
        if one.kind == "text" and _INLINE.search(text, one.body, one.end):
            return at
    return first - 1 if 0 < first < len(found) else None


def _span(one: Paragraph) -> tuple[int, int]:
    return one.body, one.end


def _named_in(text: str, one: Paragraph) -> Named:
    """Whom the lead-in names: "UBND tỉnh yêu cầu các sở, ban, ngành …"."""
    if several := _asked_together(text, one):
        return several
    for place in (max(one.body, one.end - 450), max(one.body, one.end - 250)):
        named = lead(text, place, one.end)
        if named.names and named.evidence and named.evidence.rule == "lead-after-opener":
            return replace(
                named, evidence=replace(named.evidence, rule="lead-from-lead-in", sure=0.7)
            )
    return _asked_last(text, one)


def _asked_together(text: str, one: Paragraph) -> Named | None:
    """ "Sở Y tế đề nghị UBND các xã, yêu cầu Giám đốc các trung tâm thực hiện:": both."""
    asked = list(_ASKED.finditer(text, one.body, one.end))[-2:]
    if len(asked) < 2:
        return None
    first = read_bodies(text, asked[0].end(), asked[1].start())
    last = read_bodies(text, asked[1].end(), one.end)
    if not (first and last) or text[first[-1].end : asked[1].start()].strip() not in ("", ",", ";"):
        return None
    return as_named([*first, *last], "lead-from-lead-in", 0.6)


def _asked_last(text: str, one: Paragraph) -> Named:
    """Whom the last request of a long lead-in goes to, if nothing but courtesy follows it."""
    for asked in reversed(list(_ASKED.finditer(text, one.body, one.end))[-3:]):
        bodies = read_bodies(text, asked.end(), one.end)
        if bodies and not _LISTENS.search(text, max(one.body, asked.start() - 30), asked.start()):
            return as_named(bodies, "lead-from-lead-in", 0.6)
    return NOBODY


def _plans(header: Header) -> bool:
    """A plan, or a decision, says much that nobody in particular is to do; that is no order."""
    return header.kind in ("kế hoạch", "quyết định")


def _going_on(text: str, orders: Sequence[Order], *, alone: bool) -> list[Order]:
    """ "Trong đó tập trung …", where nobody is addressed: for those named just before.

    ``alone``: the letter addresses nobody at all, so whatever names nobody goes on so.
    """
    found: list[Order] = []
    for one in orders:
        clause = one.clause
        goes_on = alone or _GOES_ON.match(text, clause.start, clause.end)
        if found and not clause.lead.names and goes_on:
            one = replace(one, clause=replace(clause, lead=_as_before(found[-1])))
        found.append(one)
    return found


def _as_before(order: Order) -> Named:
    before = order.clause.lead
    if before.evidence is None:
        return before
    return replace(
        before, evidence=replace(before.evidence, rule="lead-from-order-before", sure=0.4)
    )


def _with_minister(order: Order, issuer: str | None) -> Order:
    """ "Báo cáo Bộ trưởng": the minister of the letter's own ministry, hence the ministry."""
    if issuer is None or not issuer.startswith("Bộ "):
        return order
    clause = order.clause
    return replace(
        order,
        clause=replace(
            clause,
            lead=_ministry(clause.lead, issuer),
            coordinate=_ministry(clause.coordinate, issuer),
            report_to=_ministry(clause.report_to, issuer),
        ),
    )


def _ministry(named: Named, issuer: str) -> Named:
    return replace(named, names=tuple(issuer if n == "Bộ trưởng" else n for n in named.names))


def _addressed(zones: Zones) -> Named:
    """Whom the letter is addressed to: they are meant where an order names nobody."""
    if not zones.addressees or zones.addressed_at is None:
        return NOBODY
    start, _ = zones.addressed_at
    evidence = Evidence("lead-from-addressees", start, zones.addressees[-1].end, 0.6)
    return Named(tuple(one.name for one in zones.addressees), evidence)


def _task(source: Source, order: Order) -> FoundTask:
    clause = order.clause
    start, end = source.original(clause.start, clause.end)
    evidence = {"task": Evidence(order.rule, clause.start, clause.end, order.sure)}
    return FoundTask(
        path=order.path,
        start=start,
        end=end,
        text=squeeze(source.text[clause.start : clause.end]),
        lead=list(clause.lead.names),
        coordinate=list(clause.coordinate.names),
        report_to=list(clause.report_to.names),
        deadline=clause.deadline,
        recurrence=clause.recurrence,
        budget=clause.money is not None,
        evidence=in_original(source, {**evidence, **clause.evidence}),
    )


def in_original(source: Source, evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """The same, with spans in the letter as it was read."""
    placed = {}
    for field, one in evidence.items():
        start, end = source.original(one.start, one.end)
        placed[field] = Evidence(one.rule, start, end, one.sure)
    return placed
