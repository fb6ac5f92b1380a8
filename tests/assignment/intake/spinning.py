"""The process that reads a file, with a rule that never ends and one second of a processor."""

from typing import NoReturn

from services.assignment.intake import read
from services.assignment.intake.files import child


def spin(*_: object, **__: object) -> NoReturn:
    while True:
        pass


if __name__ == "__main__":
    child.CPU_SECONDS = 1
    read.read_letter = spin
    child.main()
