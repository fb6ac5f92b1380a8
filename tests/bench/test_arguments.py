"""What ``make bench`` refuses, in one line and before anything runs."""

from functools import partial

import pytest

from tests.commands import PROJECT, run_module

bench = partial(run_module, "tests.bench")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("B99",), "there is no line B99; there are B1, B2, "),
        (("B3", "b4"), "there is no line b4; there are B1, B2, "),
        (("--pairs", "five"), "PAIRS must be a whole number from 1 to 100, not 'five'"),
        (("--pairs", "0"), "PAIRS must be a whole number from 1 to 100, not '0'"),
        (("--kills", "-3"), "KILLS must be a whole number from 1 to 10000, not '-3'"),
        (("--seconds", "1.5"), "SECONDS must be a whole number from 1 to 7200, not '1.5'"),
        (("--events", "9" * 5000), "EVENTS must be a whole number from 1000 to 100000000, not '"),
        (("--events",), "argument --events: expected one argument"),
        (("--rounds", "5"), "unrecognized arguments: --rounds"),
    ],
)
def test_a_bad_argument_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    document = (PROJECT / "docs/benchmarks.md").read_text()

    done = bench(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"bench: {said}")
    assert done.stderr.count("\n") == 1
    assert (PROJECT / "docs/benchmarks.md").read_text() == document


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DONDOC_LOCAL_KAFKA": "rabbit"}, "there is no Kafka of the kind 'rabbit'"),
        ({"DONDOC_LOCAL_KAFKA": "apache", "PATH": "/nowhere"}, "Java is not installed"),
        ({"KAFKA_URL": "127.0.0.1:9"}, "what is measured must be ours"),
        ({"DATABASE_URL": "postgresql://h/{service}"}, "what is measured must be ours"),
    ],
)
def test_what_cannot_be_started_is_one_line(environment: dict[str, str], said: str) -> None:
    document = (PROJECT / "docs/benchmarks.md").read_text()

    done = bench("B1", **environment)

    assert done.returncode == 2
    assert done.stderr.startswith("bench: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert (PROJECT / "docs/benchmarks.md").read_text() == document
