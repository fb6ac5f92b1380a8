"""What was done, and what came of it, to read."""

from rich.console import Console
from rich.table import Table

from tests.chaos.faults import Faults
from tests.chaos.foreign import SHARES, Foreign
from tests.chaos.operators import Operators
from tests.chaos.plan import Plan
from tests.chaos.town import Town


def words_of(plan: Plan) -> dict[str, str]:
    """Each fault with its measure."""
    return {
        "kill": "kill -9",
        "pause": f"SIGSTOP for {plan.pause_seconds:.0f} s",
        "away": f"away for {plan.away_seconds:.0f} s",
        "restart": "SIGTERM, and started again",
        "rewind": "group read from offset 0 again",
        "replay": "log sent again by an operator",
        "jump": "all clocks three days on",
    }


def show(
    console: Console, faults: Faults, foreign: Foreign, operators: Operators, town: Town
) -> None:
    table = Table(title="What was done")
    table.add_column("what")
    table.add_column("times", justify="right")
    words = words_of(faults.plan)
    for (fault, target), times in sorted(faults.done.items()):
        table.add_row(f"{words[fault]}: {target}".removesuffix(": "), str(times))
    table.add_row("foreign: records listened to", str(foreign.heard))
    for what, times in sorted(foreign.sent.items()):
        table.add_row(f"foreign: {what}", str(times))
    for what, times in sorted(operators.settled.items()):
        table.add_row(f"set aside and {what} by operators", str(times))
    for what, times in sorted(faults.load.done.items()):
        table.add_row(f"load: {what}", str(times))
    table.add_row("load: requests sent again with the same key", str(faults.load.client.repeated))
    console.print(table)
    for outage in faults.outages:
        console.print(
            f"broker away {outage.seconds:.0f} s: {outage.writes} HTTP writes answered meanwhile;"
            f" {outage.backlog} events waited when it answered again and were sent"
            f" {outage.drained_in:.2f} s later (a bare relay its {outage.limit_events} in"
            f" {outage.limit:.2f} s: {outage.times:.1f} times)",
            highlight=False,
        )
    if operators.early:
        console.print(
            f"{len(operators.early)} events came before what they need of another topic (a group"
            " that was behind after a kill, a pause or a rewind reads its topics in any order):"
            " set aside with a time to try again, and applied",
            highlight=False,
        )
    for (service, id), error in list(operators.unexpected.items())[:10]:
        console.print(f"[yellow]{service}: dead letter {id}, neither poison nor early:[/] {error}")
    for ended in town.ended[:10]:
        console.print(f"[yellow]ended by itself:[/] {ended}", highlight=False)
    for fault in undone(faults, foreign):
        console.print(f"[yellow]not done:[/] {fault}", highlight=False)


def undone(faults: Faults, foreign: Foreign) -> list[str]:
    """What every run has to do and this one did not."""
    planned = {step.kind for step in next(faults.plan.steps())}
    return [
        *(" ".join(kind) for kind in sorted(planned - faults.done.keys())),
        *(
            f"{what}: {foreign.sent[what]} beside {foreign.heard} records"
            for what in SHARES
            if foreign.lacks(what)
        ),
    ]
