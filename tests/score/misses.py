"""What a person found and intake did not, or otherwise: a line for each difference."""

from collections.abc import Iterator

from tests.score.annotation import Annotation, Task
from tests.score.measure import BODIES, fold, header_shares, names, numbers, pairs, when


def misses(gold: Annotation, found: Annotation) -> Iterator[str]:
    """Nothing where both say the same."""
    for name, share in header_shares(gold, found):
        if not share.right:
            one, other = getattr(gold.header, name), getattr(found.header, name)
            yield f"  header {name}: {one!r}, found {other!r}"
    for number in sorted(numbers(gold) ^ numbers(found)):
        yield f"  citation {'missed' if number in numbers(gold) else 'invented'}: {number}"
    for one, other in pairs(gold.tasks, found.tasks):
        if one and other:
            if told := list(_differences(one, other)):
                yield "\n".join((f"  task {_shown(one)}", *told))
        elif only := one or other:
            yield f"  task {'missed' if one else 'invented'}: {_shown(only)}"


def _shown(task: Task) -> str:
    return f"{task.path or '(no label)'} [{task.start}:{task.end}] {task.text[:60]}"


def _differences(one: Task, other: Task) -> Iterator[str]:
    for name in BODIES:
        if names(one, name) != names(other, name):
            gold, found = _listed(getattr(one, name)), _listed(getattr(other, name))
            yield f"    {name}: {gold}, found {found}"
    if when(one.deadline) != when(other.deadline):
        yield f"    deadline: {when(one.deadline)}, found {when(other.deadline)}"
    for name in ("recurrence", "budget"):
        if getattr(one, name) != getattr(other, name):
            yield f"    {name}: {getattr(one, name)}, found {getattr(other, name)}"


def _listed(bodies: list[str]) -> str:
    return ", ".join(sorted(bodies, key=fold)) or "nobody"
