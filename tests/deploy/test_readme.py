"""What README says of settings, commands and the subscriber is so."""

import importlib
import re
from pathlib import Path

from shared.settings import Settings

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()


def test_the_table_of_settings_is_complete() -> None:
    classes = [Settings] + [
        importlib.import_module(f"services.{path.parent.name}.settings").Settings
        for path in ROOT.glob("services/*/settings.py")
    ]
    table = README.partition("## Configuration")[2].partition("##")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]

    assert sorted(told) == sorted({name.upper() for one in classes for name in one.model_fields})


def test_each_command_it_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))

    told = set(re.findall(r"(?:`|^    )make (?:-s )?([a-z-]+)", README, re.MULTILINE))

    assert {"demo", "test", "run", "verify", "help"} <= told <= targets


def test_the_subscriber_it_shows_is_the_program_that_is_tested() -> None:
    shown = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert shown is not None

    program = (ROOT / "deploy" / "subscriber_example.py").read_text()

    body = "".join(f"    {line}\n" for line in shown[1].splitlines())
    assert body in program
