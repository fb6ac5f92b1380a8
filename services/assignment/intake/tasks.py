"""From a letter's outline to its orders: what headings say holds for all below them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.assignment.intake import words
from services.assignment.intake.behind import with_fields
from services.assignment.intake.clause import Above, Clause
from services.assignment.intake.clauses import clauses
from services.assignment.intake.closing import closing_orders
from services.assignment.intake.fields import Field, fields_in
from services.assignment.intake.headings import (
    after_label,
    before_colon,
    everybody_again,
    going_on_with,
    heads_topics,
    is_background,
    only_heads,
    without_grounds,
)
from services.assignment.intake.named import NOBODY
from services.assignment.intake.named_first import MEMBERS
from services.assignment.intake.outline import Unit
from services.assignment.intake.partners import coordinating, receivers
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import heading_lead, lead
from services.assignment.intake.sentences import (
    begins_order,
    demands,
    goes_over_to_order,
    is_statement,
    is_thing,
)
from services.assignment.intake.tables.cells import items
from services.assignment.intake.tables.orders import Row
from services.assignment.intake.times import read_time
from services.assignment.intake.told import Told

_MONEY_SECTION = re.compile(r"\s*(?i:(?:nguồn\s+)?kinh\s+phí|nguồn\s+lực)\b")
_ASKED = re.compile(rf"\s*(?i:{any_of(words.OPENERS)})\s+")
_INTRODUCES = re.compile(r"(?:cụ\s+thể|sau|sau\s+đây|như\s+sau|gồm)(?:\s+là)?$")
_DOTS = re.compile(r"[\s,.…]*")
_HEADING_LENGTH = 160


@dataclass(frozen=True)
class Order:
    """A clause and the unit that it stands in."""

    path: str
    clause: Clause
    rule: str
    sure: float


@dataclass(frozen=True)
class Reader:
    """The text and the letter's date, for every unit of it."""

    text: str
    written: date | None
    closing_from: int = 0
    """Behind the last label: there a letter closes."""

    @property
    def _told(self) -> Told:
        return Told(self.text, self.written)

    def units(
        self, units: Sequence[Unit], above: Above, *, inside: bool = False
    ) -> Iterator[Order]:
        """Units side by side; fields among them hold for those before, back to other fields.

        ``inside`` a labelled unit.
        """
        waiting: list[Unit] = []
        told: list[Unit] = []
        for unit in units:
            if self._told.is_field(unit):
                told.append(unit)
                continue
            if told and waiting:
                yield from self._several(waiting, self._told.with_units(above, told), inside)
                waiting, told = [], []
            waiting.append(unit)
        yield from self._several(waiting, self._told.with_units(above, told), inside)

    def _several(self, units: Sequence[Unit], above: Above, inside: bool) -> Iterator[Order]:
        """In a labelled unit paragraphs go on with whom the first names, where they name nobody."""
        going_on = above
        first = inside
        units = without_grounds(self.text, units)
        for unit, around in zip(units, self._behind(units, above), strict=True):
            goes_on = unit.kind == "text" and around is above
            found = list(self.unit(unit, going_on if goes_on else around))
            if first and found and unit.kind == "text":
                clauses_ = [one.clause for one in found]
                if not everybody_again(clauses_, above):
                    going_on = going_on_with(clauses_, above)
                first = False
            yield from found

    def _behind(self, units: Sequence[Unit], above: Above) -> list[Above]:
        """Fields below the last of several units, who leads among them, hold for those before."""
        found: list[Above] = []
        behind, kind = above, ""
        for unit in reversed(units):
            told = [one for one in unit.below if self._told.is_field(one)]
            if told:
                own = self._told.with_units(above, told)
                behind, kind = (own, unit.kind) if own.decided else (above, "")
            shares = not told and unit.kind == kind and self._names_nobody(unit)
            found.append(behind if shares and not above.decided else above)
        return found[::-1]

    def _names_nobody(self, unit: Unit) -> bool:
        labelled = any(one.kind != "text" for one in unit.below)
        return not (labelled or is_background(self.text, unit)) and not (
            heading_lead(self.text, after_label(self.text, unit), unit.end).names
        )

    def unit(self, unit: Unit, above: Above) -> Iterator[Order]:
        """The orders of a unit and of those below it."""
        below = [one for one in unit.below if not self._told.is_field(one)]
        labelled = [one for one in below if one.kind != "text"]
        own = self._own_fields(unit, above)
        begin = after_label(self.text, unit)
        if below and is_background(self.text, unit):
            return
        if not below:
            yield from self._leaf(unit, begin, own)
        elif labelled and heads_topics(self.text, unit, begin, labelled):
            yield from self._topics(unit, begin, own, labelled)
        else:
            yield from self._with_heading(unit, begin, own)

    def _with_heading(self, unit: Unit, begin: int, above: Above) -> Iterator[Order]:
        heading = self._is_heading(unit, begin)
        before: list[Order] = []
        if not heading:
            cut = before_colon(self.text, begin, unit.end)
            if cut > begin:
                found = self._orders(unit, begin, cut, above, strict=unit.kind == "text")
                before = list(found)
                yield from before
        from_heading = self._from_heading(unit, begin, above, heading=heading)
        if not heading:
            from_heading = replace(above, lead=from_heading.lead)
            from_heading = going_on_with([one.clause for one in before], from_heading)
        below = [one for one in unit.below if not self._told.is_field(one)]
        inside = unit.kind != "text" and not before
        yield from self.units(below, from_heading, inside=inside)

    def _leaf(self, unit: Unit, begin: int, above: Above) -> Iterator[Order]:
        words_ = self.text[begin : unit.end].strip(" .;:\n\x1f")
        if not words_ or (
            unit.kind != "text" and is_background(self.text, unit) and len(words_) < 60
        ):
            return
        if self.text[begin : unit.end].rstrip().endswith(":") and (
            len(words_) < 200 or _INTRODUCES.search(words_)
        ):
            return
        last = unit.kind == "text" and unit.start >= self.closing_from
        if last and self.closing_from:
            yield from self._closing(unit, begin, above)
        else:
            yield from self._orders(unit, begin, unit.end, above, strict=unit.kind == "text")

    def _closing(self, unit: Unit, begin: int, above: Above) -> Iterator[Order]:
        above = replace(above, coordinate=NOBODY)
        for one in self._orders(unit, begin, unit.end, above, strict=True):
            if closing_orders(self.text, one.clause):
                yield one

    def _orders(
        self, unit: Unit, begin: int, end: int, above: Above, *, strict: bool
    ) -> Iterator[Order]:
        found = clauses(self.text, begin, end, above, self.written)
        if len(found) > 1 and (fields := fields_in(self.text, begin, end)):
            found = with_fields(found, fields)
        for one in found:
            start = self._order_start(one)
            if is_statement(self.text, start, one.end):
                continue
            if above.only_named and one.lead is above.lead and not above.decided:
                continue
            plain = begins_order(self.text, one.start, one.end) or start > one.start
            plain = plain or demands(self.text, one.start, one.end)
            plain = plain or goes_over_to_order(self.text, one.start, one.end)
            if not plain and strict and not (one.deadline and one.report_to.names):
                continue
            if not plain and is_thing(self.text, one.start, one.end):
                continue
            if not plain and not one.deadline and one.only_charged:
                continue
            rule = "order-begins-with-verb" if plain else "order-in-labelled-unit"
            placed = replace(one, start=start) if start != one.start else one
            yield Order(unit.path, placed, rule, 0.9 if plain else 0.6)

    def _order_start(self, one: Clause) -> int:
        """Behind "Sở Y tế:" the order begins; "Sở Y tế chủ trì …" begins with its name."""
        named = lead(self.text, one.start, one.end)
        if not named.names or _ASKED.match(self.text, one.start, named.order):
            return one.start
        place = named.order
        if named.evidence and named.evidence.rule == MEMBERS:
            dots = _DOTS.match(self.text, place, one.end)
            return dots.end() if dots else place
        rest = self.text[place : one.end]
        if rest.lstrip().startswith(":"):
            return place + rest.index(":") + 1
        return one.start

    def _topics(
        self, unit: Unit, begin: int, above: Above, labelled: Sequence[Unit]
    ) -> Iterator[Order]:
        """A list of things: the order is the unit above them."""
        found = clauses(self.text, begin, unit.end, above, self.written)
        for one in found[:-1]:
            yield Order(unit.path, one, "order-before-topics", 0.7)
        for one in found[-1:]:
            yield Order(unit.path, one, "order-with-topics", 0.7)

    def _is_heading(self, unit: Unit, begin: int) -> bool:
        """It only says whose or what about the units below are."""
        said = self.text[begin : unit.end].strip(" \n\x1f")
        if said.endswith(":"):
            return before_colon(self.text, begin, unit.end) <= begin
        below = [one for one in unit.below if not self._told.is_field(one)]
        labelled = any(one.kind != "text" for one in below)
        if not said.endswith((".", ";")) or (labelled and len(said) < _HEADING_LENGTH):
            return True
        return only_heads(self.text, unit, begin, self.written)

    def _from_heading(self, unit: Unit, begin: int, above: Above, *, heading: bool) -> Above:
        who = (heading_lead if heading else lead)(self.text, begin, unit.end)
        part = coordinating(self.text, begin, unit.end)
        to = receivers(self.text, begin, unit.end)
        time = read_time(self.text, begin, unit.end, self.written)
        if who.names and who.evidence is not None:
            evidence = replace(
                who.evidence, rule="lead-from-heading", sure=min(who.evidence.sure, 0.8)
            )
            above = replace(above, lead=replace(who, evidence=evidence))
        if part.names or who.names:
            above = replace(above, coordinate=part)
        if to.names or who.names:
            above = replace(above, report_to=to)
        if time.deadline and time.deadline.kind == "date":
            above = replace(above, time=time)
        if _MONEY_SECTION.match(self.text, begin, unit.end):
            above = replace(above, only_named=True)
        return above

    def _own_fields(self, unit: Unit, above: Above) -> Above:
        told = [one for one in unit.below if self._told.is_field(one)]
        above = self._told.with_units(above, told)
        found = fields_in(self.text, unit.body, unit.end)
        inline = [one for one in found if not self._told.orders(one)]
        if [one for one in inline if one.name in ("lead", "coordinate", "time")]:
            above = self._told.apply(above, inline)
        return above

    def row(self, row: Row, above: Above) -> Iterator[Order]:
        """The order of a table's row, with what its other cells say."""
        cell, number = row.get("order"), row.get("number")
        if cell is None:
            return
        for column in ("lead", "coordinate", "time"):
            if told := row.get(column):
                above = self._told.apply(above, [Field(column, told.start, told.start, told.end)])
        if not above.decided:
            return
        label = self.text[number.start : number.end].strip(".") if number else ""
        path = f"PL.{label}".rstrip(".")
        for at, (start, end) in enumerate(items(self.text, cell), 1):
            found = clauses(self.text, start, end, above, self.written)
            if not found:
                continue
            whole = replace(found[0], start=start, end=end)
            if row.get("time") and above.time.evidence:
                whole = replace(whole, time=above.time)
            own = path if (start, end) == (cell.start, cell.end) else f"{path}.-{at}"
            yield Order(own, whole, "order-in-table", 0.85)
