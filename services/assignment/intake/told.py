"""Who and when, where it stands once for orders: in fields below or among them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.assignment.intake.bodies import after_aside, read_bodies, read_loose, read_told
from services.assignment.intake.clause import Above
from services.assignment.intake.evidence import Evidence
from services.assignment.intake.fields import Field, field_at, field_heading, fields_in
from services.assignment.intake.merging import TIME_ONLY
from services.assignment.intake.named import NOBODY, Named, joined, names_of
from services.assignment.intake.outline import Unit
from services.assignment.intake.partners import coordinating
from services.assignment.intake.patterns import any_of
from services.assignment.intake.roles import lead
from services.assignment.intake.sentences import begins_order
from services.assignment.intake.tables import cells
from services.assignment.intake.tables.spans import Cell
from services.assignment.intake.times import read_stated, read_time
from services.assignment.intake.verbs import VERBS

_SHORT = 160
_FILLING = " .;:,\n\x1f"
_DOES = re.compile(rf"\s+(?:{any_of(VERBS)})(?!\s+(?:có\s+)?liên\s+quan)")
_WHO = ("lead", "coordinate", "both")


@dataclass(frozen=True)
class Told:
    """The text and the letter's date, for every field of it."""

    text: str
    written: date | None

    def is_field(self, unit: Unit) -> bool:
        """It orders nothing: what it says holds for the orders around it."""
        if TIME_ONLY.match(self.text, unit.body, unit.end) and unit.kind == "text":
            return unit.end - unit.body < _SHORT and "." not in self.text[
                unit.body : unit.end - 1
            ].rstrip(". \n")
        labelled = [one for one in unit.below if one.kind != "text"]
        found = field_at(self.text, unit.body, unit.end)
        if found is not None and self.orders(found):
            return False
        if found is not None and found.name != "order" and self._said(found):
            return all(self.is_field(one) for one in labelled)
        if field_heading(self.text, unit.body, unit.end) is None:
            return False
        return bool(unit.below) and all(self._is_value(one) for one in unit.below)

    def orders(self, found: Field) -> bool:
        """ "Về tiến độ: các đơn vị báo cáo …", "Kinh phí: Sở Tài chính bố trí …": no field."""
        if found.name not in ("time", "other"):
            return False
        bodies = read_bodies(self.text, found.start, found.end)
        return bool(bodies) and _DOES.match(self.text, bodies[-1].end, found.end) is not None

    def _said(self, found: Field) -> str:
        return self.text[found.start : found.end].strip(_FILLING)

    def _is_value(self, unit: Unit) -> bool:
        """Names, or a time, below the heading of a field; or a field of its own."""
        said = self.text[unit.body : unit.end].strip(_FILLING)
        if said.startswith("(") and said.endswith(")"):
            return True
        if self.is_field(unit):
            return True
        if not said or not all(self._is_value(one) for one in unit.below):
            return False
        if read_stated(self.text, unit.body, unit.end, self.written).evidence:
            return len(said) < _SHORT
        orders = begins_order(self.text, unit.body, unit.end)
        return len(said) < 2 * _SHORT and (not orders or self._names_only(unit.body, unit.end))

    def _names_only(self, start: int, end: int) -> bool:
        bodies = read_told(self.text, start, end)
        if not bodies:
            return False
        if self.text[after_aside(self.text, bodies[-1].end, end) : end].strip(_FILLING):
            return False
        sure = read_loose(self.text, start, end)
        return not sure or _DOES.match(self.text, sure[-1].end, end) is None

    def with_units(self, above: Above, units: Sequence[Unit]) -> Above:
        """What several units tell together, all of them fields."""
        for unit in _all(units):
            if TIME_ONLY.match(self.text, unit.body, unit.end) and unit.kind == "text":
                above = replace(above, time=read_time(self.text, unit.body, unit.end, self.written))
        return self.apply(above, [field for unit in units for field in self._fields(unit)])

    def _fields(self, unit: Unit) -> Iterator[Field]:
        """Those of the unit and of those below it; a heading's value stands below it."""
        yield from (one for one in fields_in(self.text, unit.body, unit.end) if self._said(one))
        name = field_heading(self.text, unit.body, unit.end)
        for below in unit.below:
            if name is not None and not self.is_field(below):
                yield Field(name, unit.body, below.body, below.end)
            yield from self._fields(below)

    def apply(self, above: Above, fields: Sequence[Field]) -> Above:
        """Fields told together; a second body that carries the order out leads it too."""
        leads: list[Named] = []
        parts: list[Named] = []
        for one in fields:
            if one.name == "time":
                time = read_stated(self.text, one.start, one.end, self.written)
                above = replace(above, time=time, stated=True)
            elif one.name in _WHO:
                who, part = self._who(one)
                leads += [who] if who.names else []
                parts += [part] if part.names else []
        if leads:
            above = replace(above, lead=joined(leads), decided=True)
        if parts:
            above = replace(above, coordinate=joined(parts))
        return above

    def _who(self, field: Field) -> tuple[Named, Named]:
        """Who leads and who takes part by one field, told in names or in a sentence."""
        if field.name == "coordinate":
            return NOBODY, self._named(field, "coordinate", field.start, field.end)
        divided = cells.divide(self.text, Cell(field.start, field.end), both=field.name == "both")
        plain = self._names_only(field.start, field.end)
        who = NOBODY if plain else lead(self.text, field.start, field.end)
        if not who.names and "lead" in divided:
            who = self._named(field, "lead", divided["lead"].start, divided["lead"].end)
        part = coordinating(self.text, field.start, field.end)
        if not part.names and "coordinate" in divided:
            beside = divided["coordinate"]
            part = self._named(field, "coordinate", beside.start, beside.end)
        return who, part

    def _named(self, field: Field, name: str, start: int, end: int) -> Named:
        bodies = read_told(self.text, start, end)
        if not bodies:
            return NOBODY
        evidence = Evidence(f"{name}-field", field.label, bodies[-1].end, 0.95)
        return Named(names_of(bodies), evidence)


def _all(units: Iterable[Unit]) -> Iterator[Unit]:
    for unit in units:
        yield unit
        yield from _all(unit.below)
