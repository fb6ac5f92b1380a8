"""Names as a letter has them and codes of the register: each way, as a proposal keeps both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.assignment.intake.resolve import Entry, Register, Resolution, resolve
from services.assignment.models.agencies import UnknownCode
from services.assignment.models.intake_items import ProposedItem
from services.assignment.queries.agencies import register as load_register

SOUGHT = 500
"""How many names of a letter are compared with all of the register."""


@dataclass(frozen=True)
class Bodies:
    """The register: ``names`` has the name that each code is shown by."""

    register: Register
    names: dict[str, str]
    on: date | None = None
    """The letter's day: names mean whom they meant then."""
    _found: dict[str, Resolution] = field(default_factory=dict)

    def code_of(self, name: str) -> str | None:
        return self.find(name).code

    def find(self, name: str) -> Resolution:
        """Of many names nobody knows the last have no nearest: to seek it takes milliseconds."""
        if name not in self._found:
            nearest = len(self._found) < SOUGHT
            self._found[name] = resolve(name, self.register, self.on, nearest=nearest)
        return self._found[name]

    def must_have(self, codes: Sequence[str]) -> None:
        """UnknownCode names what is neither an agency's nor a group's."""
        if unknown := [code for code in codes if code not in self.names]:
            raise UnknownCode(f"The register has no {', '.join(unknown)}.", unknown=unknown)


async def load_bodies(session: AsyncSession, on: date | None = None) -> Bodies:
    agencies, groups = await load_register(session)
    entries = [
        Entry(
            one.code,
            (one.code, one.name, one.short_name, *one.aliases),
            one.valid_from,
            one.valid_to,
            tuple(one.successors),
        )
        for one in agencies
    ]
    entries += [Entry(one.code, (one.code, one.name, *one.phrases)) for one in groups]
    names = {one.code: one.name for one in groups}
    names |= {one.code: one.name for one in agencies}
    return Bodies(Register.of(entries), names, on)


def resolved(named: dict[str, list[str]], bodies: Bodies) -> dict[str, Any]:
    """An item's fields that follow from its names; a receiver may stay a name, who acts may not."""
    codes: dict[str, list[str]] = {part: [] for part in named}
    meaning, unresolved = {}, []
    for part, names in named.items():
        for found in (bodies.find(name) for name in names):
            if found.code is not None:
                meaning[found.name] = found.code
                codes[part].append(found.code)
            elif part == "report_to":
                codes[part].append(found.name)
            else:
                unresolved.append(
                    {
                        "field": part,
                        "name": found.name,
                        "nearest": found.nearest,
                        "reason": found.reason,
                    }
                )
    unique = {part: list(dict.fromkeys(each)) for part, each in codes.items()}
    return {"named": named, **unique, "meaning": meaning, "unresolved": unresolved}


def renamed(item: ProposedItem, field: str, codes: Sequence[str], bodies: Bodies) -> dict[str, str]:
    """Name → code, for codes that a person chose: as the letter names them if it does."""
    written, meaning = item["named"].get(field, []), item["meaning"]
    names = {name: meaning.get(name, name) for name in written}
    kept = {name: code for name, code in names.items() if code in codes}
    rest = [code for code in codes if code not in kept.values()]
    open_names = {one["name"]: one["nearest"] for one in item["unresolved"] if one["name"] in names}
    for name, nearest in open_names.items():
        if nearest in rest or len(rest) == len(open_names) == 1:
            kept[name] = nearest if nearest in rest else rest[0]
            rest.remove(kept[name])
    return {**kept, **{bodies.names.get(code, code): code for code in rest}}
