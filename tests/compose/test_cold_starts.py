"""The program that starts a site again and again; that it does is shown by `make test-compose`."""

import pytest

from tests.commands import run_module


@pytest.mark.parametrize("words", [(), ("0",), ("-1",), ("1000",), ("many",), ("1", "2")])
def test_a_number_that_makes_no_sense_is_refused_before_anything_starts(
    words: tuple[str, ...],
) -> None:
    done = run_module("tests.compose.cold_starts", *words)

    assert done.returncode == 2
    assert done.stderr == "cold starts: say how many, 1 to 999\n"
