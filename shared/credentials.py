"""Passwords in files, and the second one that is good beside the first while it is changed.

A file of secrets holds a password, or a login and a password. The login is what tells two passwords
of one service apart: PostgreSQL has one per role, Kafka one per user and mechanism. While the
password is changed a second line says what else is good::

    assignment_2 NewPassword
    last assignment OldPassword
"""

from dataclasses import dataclass
from enum import StrEnum


class CredentialsUnreadable(ValueError):
    """A file of secrets that is not as described; the text holds nothing of it."""


@dataclass(frozen=True)
class Credential:
    """``login``: a role of PostgreSQL or a mechanism of Kafka; empty: the usual one."""

    password: str
    login: str = ""

    def __str__(self) -> str:
        return f"{self.login} {self.password}".lstrip()


class Stage(StrEnum):
    """What the other credential of a file is: the one that comes, or the one that goes."""

    NEXT = "next"
    LAST = "last"


@dataclass(frozen=True)
class Credentials:
    """``used`` by whoever signs in; ``other`` is good too, if there is one."""

    used: Credential
    other: Credential | None = None
    stage: Stage | None = None

    def __str__(self) -> str:
        return f"{self.used}\n{self.stage} {self.other}\n" if self.other else str(self.used)

    @property
    def good(self) -> list[Credential]:
        return [self.used, *([self.other] if self.other else [])]

    @property
    def lasting(self) -> list[Credential]:
        """All that are good but the last."""
        return [self.used] if self.stage is Stage.LAST else self.good

    @classmethod
    def read(cls, text: str) -> "Credentials":
        """What a file says; CredentialsUnreadable if it is empty or anything else."""
        match [line.split() for line in text.strip().splitlines()]:
            case [[*used]] if 1 <= len(used) <= 2:
                return cls(_credential(used))
            case [[*used], [Stage.NEXT | Stage.LAST as stage, *other]] if (
                1 <= len(used) <= 2 and 1 <= len(other) <= 2
            ):
                return cls(_credential(used), _credential(other), Stage(stage))
        raise CredentialsUnreadable(
            "holds neither a password (without blanks) nor a login and a password"
        )


def _credential(words: list[str]) -> Credential:
    return Credential(words[-1], words[0] if len(words) == 2 else "")
