"""Names of a letter looked up in the register, however many there are."""

from services.assignment.commands.intake_names import SOUGHT, Bodies
from services.assignment.intake.resolve import Entry, Register


def test_of_very_many_unknown_names_the_last_are_not_compared_with_the_register() -> None:
    bodies = Bodies(Register.of([Entry("SYT", ("Sở Y tế",))]), {"SYT": "Sở Y tế"})

    first = bodies.find("Sở Y tê")
    for number in range(SOUGHT):
        bodies.find(f"Tổ {number}")

    assert (first.code, first.nearest) == (None, "SYT")
    assert bodies.find("Sở Y tê") == first
    assert bodies.find("Sở Y tếế").nearest is None
    assert bodies.find("Sở Y tế").code == "SYT"
