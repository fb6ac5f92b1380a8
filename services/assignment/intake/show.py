"""A letter on a terminal: the spans of its orders marked, and the tasks beside them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from services.assignment.intake.files.result import Reading
from services.assignment.intake.letter import FoundTask, Letter
from services.assignment.intake.words import SMALL

UNSURE = 0.7
"""Below it a field is named as unsure."""

LONGEST_LABEL = 12
_BROKEN = re.compile(rf"(?<=[^\s.;:!?/|*-])\n(?=[{SMALL}])")
GUTTER = 5
LEAST_CARD, WIDEST_CARD = 24, 48
COLOURS = {
    "lead": "bold cyan", "coordinate": "blue", "report_to": "magenta", "deadline": "bold yellow",
    "recurrence": "yellow", "budget": "green",
}  # fmt: skip
WORDS = {
    "lead": "lead", "coordinate": "with", "report_to": "report", "deadline": "due",
    "recurrence": "every", "budget": "money",
}  # fmt: skip
"""What a card calls the fields of a task."""


@dataclass(frozen=True)
class Segment:
    """A stretch of the letter; ``inside`` has the numbers of the tasks whose spans it lies in.

    ``begins`` has those whose spans begin with it. Tasks are numbered from 1, as the letter has
    them.
    """

    start: int
    end: int
    inside: tuple[int, ...]
    begins: tuple[int, ...]


def show(console: Console, reading: Reading, letter: Letter) -> None:
    """Print the letter. No character of it moves the cursor or hides another."""
    console.rule(Text(letter.name))
    console.print(_header(letter, reading.notes))
    card = max(LEAST_CARD, min(WIDEST_CARD, console.width * 2 // 5))
    words = max(10, console.width - card - GUTTER - 2)
    text = Text(flowing(visible(reading.text)), style="dim")
    for task in letter.tasks:
        text.stylize("not dim", task.start, task.end)
        for field, one in task.evidence.items():
            text.stylize(COLOURS.get(field, ""), one.start, one.end)
    grid = Table.grid(padding=(0, 1, 0, 0))
    for width in (GUTTER, words, card):
        grid.add_column(width=width, overflow="fold")
    spans = [_with_label(reading.text, task) for task in letter.tasks]
    for segment in segments(len(reading.text), spans):
        cards = [_card(number, letter.tasks[number - 1]) for number in segment.begins]
        lines = _lines(console, text[segment.start : segment.end], words)
        if lines or cards:
            grid.add_row(_gutter(segment, len(lines)), Text("\n").join(lines), Group(*cards))
    console.print(grid)
    console.print(_summary(letter.tasks))


def segments(length: int, spans: Sequence[tuple[int, int]]) -> Iterator[Segment]:
    """The whole letter, cut wherever a task's span begins or ends."""
    begins: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(spans, start=1):
        begins.setdefault(start, []).append(number)
        ends.setdefault(end, []).append(number)
    places = sorted({0, length, *begins, *ends})
    inside: set[int] = set()
    for start, end in pairwise(places):
        inside = inside.difference(ends.get(start, [])).union(begins.get(start, []))
        yield Segment(start, end, tuple(sorted(inside)), tuple(begins.get(start, [])))


def _with_label(text: str, task: FoundTask) -> tuple[int, int]:
    """The span with its label before it on the line and the punctuation that closes it."""
    start = min(task.start, len(text) - 1)
    end = max(task.end, start + 1)
    line = text.rfind("\n", 0, start) + 1
    if start - line <= LONGEST_LABEL:
        start = line
    while end < len(text) and text[end] in ".;,":
        end += 1
    return start, end


def visible(text: str) -> str:
    """The same number of characters; what would steer a terminal is shown as a replacement."""
    return "".join(map(_visible, text))


def flowing(text: str) -> str:
    """The same number of characters; a line that only breaks a sentence goes on after a space."""
    return _BROKEN.sub(" ", text)


def _visible(character: str) -> str:
    if character == "\n" or character.isprintable():
        return character
    kind = unicodedata.category(character)
    return "\ufffd" if kind in ("Cc", "Cf", "Cs") and character not in "\t\r\ufeff" else " "


def _lines(console: Console, text: Text, width: int) -> list[Text]:
    """Wrapped, without blank lines at the ends and no two in a row."""
    lines: list[Text] = []
    for line in text.wrap(console, width):
        line.rstrip()
        if line.plain or (lines and lines[-1].plain):
            lines.append(line)
    while lines and not lines[-1].plain:
        lines.pop()
    return lines


def _gutter(segment: Segment, lines: int) -> Text:
    """The numbers of the orders that the words beside it belong to."""
    if not segment.inside:
        return Text()
    mark = ",".join(map(str, segment.inside))[: GUTTER - 1]
    return Text("\n".join([f"{mark:>{GUTTER - 1}}┃"] * lines), style="bold green")


def _header(letter: Letter, notes: Sequence[str]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for one in fields(letter.header):
        value = getattr(letter.header, one.name)
        shown = " ".join(value) if isinstance(value, list) else value
        table.add_row(one.name, Text(visible(shown) if shown else "–"))
    table.add_row("citations", Text("; ".join(map(visible, letter.citations)) or "–"))
    if letter.amends:
        table.add_row("amends", Text("; ".join(map(visible, letter.amends))))
    for note in notes:
        table.add_row("note", Text(visible(note)))
    return Group(table, Text())


def _card(number: int, task: FoundTask) -> RenderableType:
    card = Table.grid(padding=(0, 1, 0, 0))
    card.add_column(style="dim", width=6)
    card.add_column(overflow="fold")
    path = f"[{visible(task.path)}]" if task.path else "no label"
    card.add_row(Text(str(number), style="bold green"), Text(path, style="bold"))
    for field, value in _values(task):
        card.add_row(WORDS[field], Text(visible(value), style=COLOURS[field]))
    if not task.lead:
        card.add_row(Text("?", style="bold red"), Text("nobody must do it", style="red"))
    for field, one in task.evidence.items():
        if one.sure < UNSURE:
            told = f"{field} {one.sure:.1f}: {one.rule}"
            card.add_row(Text("?", style="bold red"), Text(told, style="red"))
    return card


def _values(task: FoundTask) -> Iterator[tuple[str, str]]:
    if task.lead:
        yield "lead", "; ".join(task.lead)
    if task.coordinate:
        yield "coordinate", "; ".join(task.coordinate)
    if task.report_to:
        yield "report_to", "; ".join(task.report_to)
    if task.deadline:
        yield "deadline", f"{task.deadline.date or task.deadline.kind} ({task.deadline.raw})"
    if task.recurrence:
        yield "recurrence", task.recurrence
    if task.budget:
        yield "budget", "yes"


def _summary(tasks: Sequence[FoundTask]) -> Text:
    unsure = sum(task.sure < UNSURE or not task.lead for task in tasks)
    return Text(f"\n{len(tasks)} tasks, {unsure} of them unsure (marked ?)", style="bold")
