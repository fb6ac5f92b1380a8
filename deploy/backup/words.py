"""What a restore is called by whoever called it: make has FROM=…, a job of compose the folder."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """How to call it without a folder, how to name one, and how to check afterwards."""

    to_end: str
    to_name: str
    to_verify: str


MAKE = Words("make restore without FROM", "FROM=folder names the back-up", "make verify")
SITE = Words("restore without a folder", "name the back-up's folder", "run verify")
