"""The program that upgrades an earlier commit's site; `make upgrade-from` shows that it does."""

import pytest

from tests.commands import run_module
from tests.compose.upgrade_from import causes


@pytest.mark.parametrize("commit", ["nonsense", "0" * 40, "HEAD^{tree}"])
def test_a_commit_that_is_not_there_is_refused_before_anything_starts(commit: str) -> None:
    done = run_module("tests.compose.upgrade_from", commit)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"upgrade_from: no commit {commit} in this history; ")
    assert done.stderr.count("\n") == 1


def test_what_failed_under_load_is_told_and_not_that_a_group_did() -> None:
    inner = ExceptionGroup("unhandled", [AssertionError("lost=1"), TimeoutError()])

    assert causes(ExceptionGroup("unhandled", [inner])) == ["lost=1", "TimeoutError"]
