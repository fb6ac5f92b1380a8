"""Who the controller is, is read from what the nodes wrote down."""

import json
from pathlib import Path

import pytest

from tests.brokers.quorum import active_controller
from tests.chaos.town import Stuck
from tests.commands import run_module


def vote(folder: Path, name: str, leader: int, epoch: int) -> None:
    place = folder / "kafka" / name / "data" / "__cluster_metadata-0"
    place.mkdir(parents=True)
    (place / "quorum-state").write_text(json.dumps({"leaderId": leader, "leaderEpoch": epoch}))


def test_the_newest_election_counts(tmp_path: Path) -> None:
    vote(tmp_path, "broker-1", 1, 4)
    vote(tmp_path, "broker-2", 3, 7)
    vote(tmp_path, "broker-3", -1, 8)

    assert active_controller(tmp_path) == "broker-3"


def test_without_an_election_there_is_none(tmp_path: Path) -> None:
    vote(tmp_path, "broker-1", -1, 8)

    with pytest.raises(Stuck):
        active_controller(tmp_path)


def test_an_argument_is_refused_in_one_line() -> None:
    done = run_module("tests.brokers", "3")

    assert (done.returncode, done.stderr) == (2, "brokers: it takes no argument\n")
