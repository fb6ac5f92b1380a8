"""Names in a letter, resolved to codes of the register; what is not known stays as written."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.assignment.intake.folding import fold

NEAR = 0.75
"""How alike a name must be to be offered; it is never taken without a person."""


@dataclass(frozen=True)
class Entry:
    """An agency or a group: its code, and everything it is called."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Resolution:
    """``code`` if the register knows the name, else None with the nearest and why it is near."""

    name: str
    code: str | None
    nearest: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Register:
    """The register, made ready for look-ups."""

    by_name: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Register":
        """The first entry that has a name keeps it."""
        by_name: dict[str, str] = {}
        shown: dict[str, str] = {}
        for entry in entries:
            for name in entry.names:
                by_name.setdefault(_key(name), entry.code)
                shown.setdefault(_key(name), name)
        return cls(by_name, shown)


def resolve(name: str, register: Register) -> Resolution:
    """Whole names only: a part of a name is at most a reason to offer it."""
    key = _key(name)
    if (code := register.by_name.get(key)) is not None:
        return Resolution(name, code)
    near = difflib.get_close_matches(key, register.by_name, n=1, cutoff=NEAR)
    if not near:
        return Resolution(name, None)
    return Resolution(
        name,
        None,
        nearest=register.by_name[near[0]],
        reason=f"spelled almost like {register.shown[near[0]]}",
    )


def _key(name: str) -> str:
    folded = fold(name)
    for article in ("các ", "những "):
        folded = folded.removeprefix(article)
    for place in (" thuộc thành phố", " trên địa bàn thành phố", " của thành phố", " thành phố"):
        folded = folded.removesuffix(place)
    return folded
