"""What becomes of a line in the table, and of the exit code."""

from pathlib import Path

import pytest

from tests.bench import table
from tests.bench.__main__ import run
from tests.bench.line import Line, Options, Pair, Void, at_least, at_most
from tests.bench.lines import LINES

SLOW = Pair(product=50, limit=100)
FAST = Pair(product=90, limit=100)


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "benchmarks.md"
    path.write_text(f"before\n{table.BEGIN}\n{table.END}\nafter\n")
    monkeypatch.setattr(table, "DOCUMENT", path)
    return path


def measured(monkeypatch: pytest.MonkeyPatch, name: str, *found: Line | Exception) -> None:
    """Let this line measure that."""

    async def measure(_options: Options) -> list[Line]:
        for one in found:
            if isinstance(one, Exception):
                raise one
        return [one for one in found if isinstance(one, Line)]

    monkeypatch.setitem(LINES, name, measure)


def test_the_median_decides_and_the_worst_pair_is_told() -> None:
    line = at_least(0.8, "B1", "events", [FAST, SLOW, FAST], "/s")

    assert (line.ratio, line.worst, line.held) == ("0.90", "0.50", True)


def test_of_a_time_the_greatest_ratio_is_the_worst() -> None:
    line = at_most(0.8, "B5", "wait", [FAST, SLOW, FAST], "ms")

    assert (line.ratio, line.worst, line.held) == ("0.90", "0.90", False)


def test_a_target_that_is_missed_is_told_and_no_failure(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(monkeypatch, "B1", at_least(0.8, "B1", "events", [SLOW], "/s"))

    assert run(["B1"], Options()) == 0
    assert "**not held**" in document.read_text()


def test_a_void_line_is_told_and_fails_and_the_others_go_on(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(monkeypatch, "B1", Void("outbox has 9 rows instead of 10"))
    measured(monkeypatch, "B2", at_least(0.8, "B2", "rows", [FAST], "/s"))

    assert run(["B1", "B2"], Options(pairs=1)) == 1

    text = document.read_text()
    assert "**void**: Void: outbox has 9 rows instead of 10" in text
    assert "| B2 " in text
    assert '`make bench LINE="B1 B2" PAIRS=1`' in text


def test_another_run_replaces_its_own_rows_only(
    document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(monkeypatch, "B1", at_least(0.8, "B1", "old", [FAST], "/s"))
    measured(monkeypatch, "B2", at_least(0.8, "B2", "kept", [FAST], "/s"))
    run(["B1", "B2"], Options())
    measured(monkeypatch, "B1", at_least(0.8, "B1", "new", [FAST], "/s"))

    run(["B1"], Options())

    text = document.read_text()
    assert "| old " not in text
    assert text.index("before") < text.index("| new ") < text.index("| kept ") < text.index("after")
