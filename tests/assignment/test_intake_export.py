"""A reviewed letter is exported as an annotation, which make score reads back."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.assignment.letter import propose, seed
from tests.assignment.review import changed, in_letter, read
from tests.score.__main__ import main
from tests.score.annotation import Annotation


async def score(
    service: ServiceUnderTest, proposal: dict[str, Any], folder: Path
) -> tuple[int, Annotation]:
    """The export read back by make score: its exit code, and the export."""
    export = Annotation.model_validate(await read(service, proposal, "/annotations"))
    async with service.client(UserRole.AUDITOR) as client:
        text = (await client.get(f"/intake/{proposal['id']}/text")).content
    (folder / "gold").mkdir()
    (folder / f"{export.letter}.txt").write_bytes(text)
    (folder / "gold" / f"{export.letter}.json").write_text(json.dumps(export.model_dump()))
    return main([str(folder), "--misses"]), export


async def test_a_letter_that_needs_no_correction_is_a_test_case_without_a_miss(
    assignment: ServiceUnderTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)

    code, export = await score(assignment, proposal, tmp_path)

    shown = capsys.readouterr().out
    assert (code, len(export.tasks)) == (0, len(proposal["items"]))
    assert "missed" not in shown.partition("\n\n")[2].replace("missed 0", "")
    assert ", found " not in shown


async def test_what_was_corrected_is_what_the_export_says_and_what_was_decided_is_not(
    assignment: ServiceUnderTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await seed(assignment)
    proposal = await propose(assignment)
    first, second, third = in_letter(proposal)[:3]
    await changed(
        assignment,
        proposal,
        header={"signer": "Nguyễn Văn A"},
        items=[
            {"id": first["id"], "coordinate": ["HN-STC"], "time": {"raw": "x", "kind": "relative"}},
            {"id": second["id"], "decided": True, "lead": ["HN-STC"], "recurrence": "weekly",
             "deadline": {"kind": "days", "days": 3}, "money_aspect": not second["money_aspect"]},
            {"id": third["id"], "drop": True},
        ],
    )  # fmt: skip

    code, export = await score(assignment, proposal, tmp_path)

    corrected, decided = export.tasks[:2]
    assert corrected.coordinate == ["Sở Tài chính"]
    assert corrected.deadline is not None
    assert corrected.deadline.kind == "relative"
    assert (decided.lead, decided.deadline) == (second["named"]["lead"], second["time"])
    assert (decided.recurrence, decided.budget) == (second["recurrence"], second["money_aspect"])
    assert export.header.signer == "Nguyễn Văn A"
    shown = capsys.readouterr().out
    assert code == 0
    assert "  header signer: 'Nguyễn Văn A', found " in shown
    assert f"  task invented: {third['path']} [{third['start']}:" in shown
    assert "    deadline: (None, 'relative'), found None" in shown
