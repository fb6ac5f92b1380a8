"""What was done, and what came of it, to read."""

from rich.console import Console
from rich.table import Table

from tests.chaos.faults import Faults
from tests.chaos.foreign import Foreign
from tests.chaos.operators import Operators
from tests.chaos.town import Town

WORDS = {
    "kill": "kill -9 of one process",
    "kill a pair": "kill -9 of two at once",
    "pause": "SIGSTOP, then SIGCONT",
    "away": "broker away",
    "restart": "PostgreSQL restarted",
    "rewind": "group read from offset 0 again",
    "replay": "log sent again by an operator",
    "jump": "clock three days on",
}


def show(
    console: Console, faults: Faults, foreign: Foreign, operators: Operators, town: Town
) -> None:
    table = Table(title="What was done")
    table.add_column("what")
    table.add_column("times", justify="right")
    for fault, words in WORDS.items():
        table.add_row(words, str(faults.done[fault]))
    for what, times in sorted(foreign.sent.items()):
        table.add_row(f"foreign: {what}", str(times))
    for what, times in sorted(operators.settled.items()):
        table.add_row(f"set aside and {what} by operators", str(times))
    for what, times in sorted(faults.load.done.items()):
        table.add_row(f"load: {what}", str(times))
    table.add_row("load: requests sent again with the same key", str(faults.load.client.repeated))
    console.print(table)
    for outage in faults.outages:
        rate = outage.backlog / max(outage.drained_in, 0.001)
        console.print(
            f"broker away {outage.seconds:.0f} s: {outage.writes} HTTP writes answered meanwhile,"
            f" {outage.backlog} events waited, sent {outage.drained_in:.1f} s after its start"
            f" ({rate:.0f}/s)",
            highlight=False,
        )
    for (service, id), error in list(operators.own.items())[:10]:
        console.print(f"[yellow]{service}: dead letter {id}, no poison:[/] {error}")
    for words in town.ended[:10]:
        console.print(f"[yellow]ended by itself:[/] {words}", highlight=False)
