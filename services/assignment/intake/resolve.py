"""Names in a letter, resolved to codes of the register; what is not known stays as written."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.assignment.intake.folding import fold

NEAR = 0.75
"""How alike a name must be to be offered; it is never taken without a person."""

ABBREVIATIONS = {
    "kh và đt": "kế hoạch và đầu tư", "khđt": "kế hoạch và đầu tư",
    "tn và mt": "tài nguyên và môi trường", "tnmt": "tài nguyên và môi trường",
    "nn và mt": "nông nghiệp và môi trường", "nn và ptnt": "nông nghiệp và phát triển nông thôn",
    "nnptnt": "nông nghiệp và phát triển nông thôn", "ptnt": "phát triển nông thôn",
    "tt và tt": "thông tin và truyền thông", "tttt": "thông tin và truyền thông",
    "kh và cn": "khoa học và công nghệ", "khcn": "khoa học và công nghệ",
    "gd và đt": "giáo dục và đào tạo", "gdđt": "giáo dục và đào tạo", "gtvt": "giao thông vận tải",
    "vh và tt": "văn hóa và thể thao", "vhtt và dl": "văn hóa thể thao và du lịch",
    "vhttdl": "văn hóa thể thao và du lịch", "lđtbxh": "lao động thương binh và xã hội",
    "lđ tbxh": "lao động thương binh và xã hội", "lđtb và xh": "lao động thương binh và xã hội",
    "lđ tb và xh": "lao động thương binh và xã hội", "qhkt": "quy hoạch kiến trúc",
    "bhxh": "bảo hiểm xã hội", "mttq": "mặt trận tổ quốc", "hđnd": "hội đồng nhân dân",
    "nhnn": "ngân hàng nhà nước", "bql": "ban quản lý", "vp": "văn phòng",
    "kcn": "khu công nghiệp", "ca": "công an",
}  # fmt: skip
"""As offices write them, folded; the longest is taken first."""

_IN_FULL = {short: fold(full) for short, full in ABBREVIATIONS.items()}

_SHORT = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, ABBREVIATIONS), key=len, reverse=True)) + r")\b"
)
_PLACE = re.compile(r" (?:của )?(?:tỉnh|thành phố)(?: (?!và\b)\w+){1,4}$")
_NO_PLACE = re.compile(
    r" (?:(?:thuộc|trên địa bàn|của|trực thuộc) )?(?:tỉnh|thành phố|địa phương)$"
)


@dataclass(frozen=True)
class Entry:
    """An agency or a group: its code, everything it is called, and from when until when."""

    code: str
    names: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()

    def lives_on(self, day: date | None) -> bool:
        """Without a day, whether it lives still."""
        if day is None:
            return self.valid_to is None
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Resolution:
    """``code`` if the register knows the name, else None with the nearest and why it is near."""

    name: str
    code: str | None
    nearest: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Register:
    """The register, made ready for look-ups: who has a name, with its place and without."""

    by_name: dict[str, list[Entry]] = field(default_factory=dict)
    by_short: dict[str, list[Entry]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Register":
        """The first of two entries that have a name at the same time keeps it."""
        register = cls()
        for entry in entries:
            for name in entry.names:
                key = _key(name)
                register.by_name.setdefault(key, []).append(entry)
                register.shown.setdefault(key, name)
                if (short := _PLACE.sub("", key)) != key:
                    register.by_short.setdefault(short, []).append(entry)
        return register


def resolve(
    name: str, register: Register, on: date | None = None, *, nearest: bool = True
) -> Resolution:
    """Whole names only, as of a day; a part of a name is at most a reason to offer it.

    A name without its place ("Công an tỉnh") is taken where the register has one such body.
    Without ``nearest`` an unknown name is not compared with all of the register.
    """
    key = _key(name)
    known = register.by_name.get(key, [])
    living = [one for one in known if one.lives_on(on)]
    if not living and not known:
        known = register.by_short.get(key, [])
        living = [one for one in known if one.lives_on(on)]
        if len({one.code for one in living}) > 1:
            return Resolution(name, None, living[0].code, "several bodies are called so")
    if living:
        return Resolution(name, living[0].code)
    if known:
        return _no_longer(name, known[0])
    return _almost(name, key, register) if nearest else Resolution(name, None)


def _no_longer(name: str, entry: Entry) -> Resolution:
    nearest = entry.successors[0] if len(entry.successors) == 1 else entry.code
    until = f"only until {entry.valid_to}" if entry.valid_to else f"only from {entry.valid_from}"
    return Resolution(name, None, nearest, f"{entry.names[0]} was there {until}")


def _almost(name: str, key: str, register: Register) -> Resolution:
    near = difflib.get_close_matches(key, register.by_name, n=1, cutoff=NEAR)
    if not near:
        return Resolution(name, None)
    return Resolution(
        name,
        None,
        nearest=register.by_name[near[0]][0].code,
        reason=f"spelled almost like {register.shown[near[0]]}",
    )


def _key(name: str) -> str:
    folded = _SHORT.sub(lambda found: _IN_FULL[found[0]], fold(name))
    for article in ("các ", "những "):
        folded = folded.removeprefix(article)
    return _NO_PLACE.sub("", folded)
