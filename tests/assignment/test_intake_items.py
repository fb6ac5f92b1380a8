"""How a proposal's items are split, merged and ordered; no database."""

from typing import Any
from uuid import UUID

import pytest

from services.assignment.models.intake import NotInsideItem, NotNeighbours, TermsDiffer
from services.assignment.models.intake_items import (
    ProposedItem,
    changed,
    completed,
    in_letter_order,
    in_review_order,
    item,
    merge,
    split,
)

TEXT = "1. Sở Y tế rà soát; **Sở Nội vụ**  báo cáo. 2. Sở Tài chính cấp."
END = TEXT.index(" 2.")
SECOND = UUID(int=2)


def one(start: int = 0, end: int = END, id: int = 1, **told: Any) -> ProposedItem:
    return item(UUID(int=id), start, end, TEXT, **told)


def sure(value: float, rule: str = "x") -> dict[str, Any]:
    return {"rule": rule, "start": 0, "end": 5, "sure": value}


def test_two_parts_have_all_the_words_and_say_what_the_whole_said() -> None:
    whole = one(path="1", lead=["HN-SYT"], deadline={"kind": "days", "days": 3})

    first, second = split(whole, TEXT.index(";") + 1, SECOND, TEXT)

    assert (first["text"], second["text"]) == ("1. Sở Y tế rà soát;", "Sở Nội vụ báo cáo.")
    assert TEXT[second["start"] : second["end"]] == "**Sở Nội vụ**  báo cáo."
    assert (first["id"], second["id"]) == (whole["id"], str(SECOND))
    for field in ("path", "lead", "deadline"):
        assert first[field] == second[field] == whole[field]


@pytest.mark.parametrize("at", [0, END, END + 1, END - 1])
def test_a_place_that_leaves_a_part_without_words_does_not_split(at: int) -> None:
    spaced = one(0, END) | {"end": END}
    text = TEXT[: END - 1] + " " + TEXT[END:]

    with pytest.raises(NotInsideItem):
        split(spaced, at, SECOND, text)


def test_what_was_split_can_be_merged_again() -> None:
    whole = one(path="1", lead=["HN-SYT"])

    first, second = split(whole, TEXT.index(";") + 1, SECOND, TEXT)

    assert merge(second, first, TEXT, among=[first, second]) == whole | {
        "named": {"lead": [], "coordinate": [], "report_to": []}
    }


def test_a_merged_item_has_the_bodies_of_both_and_is_as_unsure_as_the_less_sure() -> None:
    first = one(0, 20, lead=["A"], coordinate=["B"], evidence={"lead": sure(0.9)}, checked=True)
    second = one(
        20, END, 2, lead=["A", "C"], money_aspect=True, recurrence="monthly",
        evidence={"lead": sure(0.4, "y"), "budget": sure(0.7)},
    )  # fmt: skip

    both = merge(first, second, TEXT, among=[first, second])

    assert (both["lead"], both["coordinate"]) == (["A", "C"], ["B"])
    assert (both["money_aspect"], both["recurrence"], both["checked"]) == (True, "monthly", False)
    assert (both["evidence"]["lead"]["rule"], both["sure"]) == ("y", 0.4)


def test_only_neighbours_with_one_time_limit_are_merged() -> None:
    early, late = one(0, 5), one(30, 40, 3)
    monthly, yearly = one(0, 5, recurrence="monthly"), one(6, 9, 2, recurrence="yearly")

    with pytest.raises(NotNeighbours):
        merge(late, early, TEXT, among=[early, one(6, 9, 2), late])
    with pytest.raises(NotNeighbours):
        merge(early, early, TEXT, among=[early])
    with pytest.raises(TermsDiffer, match="recurrence"):
        merge(monthly, yearly, TEXT, among=[monthly, yearly])


def test_what_a_person_told_is_sure_and_the_rest_as_sure_as_before() -> None:
    before = one(evidence={"lead": sure(0.3), "budget": sure(0.6)}, sure=0.3)

    after = changed(before, {"lead": ["A"]}, TEXT)

    assert after["evidence"]["lead"]["rule"] == "person"
    assert (after["evidence"]["lead"]["sure"], after["sure"]) == (1.0, 0.6)


def test_what_nobody_does_comes_first_then_the_least_sure_and_checked_ones_last() -> None:
    items = [
        one(0, 1, 1, lead=["A"], sure=0.9),
        one(1, 2, 2, lead=["A"], sure=0.2, checked=True),
        one(3, 4, 3, lead=["A"], sure=0.5),
        one(5, 6, 4, lead=["A"], sure=1.0, unresolved=[{"name": "Sở X"}]),
        one(7, 8, 5, lead=["A"], sure=0.5),
        one(9, 10, 6, sure=1.0),
    ]

    assert [UUID(each["id"]).int for each in in_review_order(items)] == [4, 6, 3, 5, 1, 2]
    assert in_letter_order(reversed(items)) == items


def test_an_item_from_before_the_review_keeps_its_time_and_gets_what_it_lacks() -> None:
    old = {
        "id": str(SECOND), "start": 0, "end": 5, "text": "1. Sở", "lead": ["A"],
        "deadline": {"kind": "date", "on": "2016-12-01"}, "time_as_written": "trước ngày 1/12",
    }  # fmt: skip

    new = completed(old)

    assert new["time"] == {"raw": "trước ngày 1/12", "date": "2016-12-01", "kind": "date"}
    assert (new["lead"], new["sure"], new["checked"]) == (["A"], 1.0, False)
