"""What B15 reads: letters that differ, as long as they should be, and a void where none is read."""

import pytest

from services.assignment.intake.read import read_letter
from tests.bench.letters import PAGE, a_letter, must_be_read
from tests.bench.line import Void


def test_no_two_letters_are_the_same_and_each_is_of_its_length() -> None:
    letters = [a_letter(number) for number in range(50)]

    assert len(set(letters)) == 50
    assert all(5_000 <= len(one) < 6_000 for one in letters)
    assert 0 <= len(a_letter(3, length=20 * PAGE)) - 20 * PAGE < 1_000


def test_a_reading_that_finds_too_little_is_void() -> None:
    text = a_letter(7)
    found = len(read_letter(text, name="one").tasks)

    must_be_read(text, found)
    with pytest.raises(Void, match="only 3 tasks"):
        must_be_read(text, 3)
