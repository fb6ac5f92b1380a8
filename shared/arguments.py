"""What a command is told: what makes no sense is refused in one line."""

import argparse
from typing import NoReturn


class Arguments(argparse.ArgumentParser):
    """``name``: as the command calls itself where it refuses something."""

    def __init__(self, name: str, description: str | None) -> None:
        super().__init__(
            prog=name,
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message.removeprefix('argument ')}; --help says more\n")
