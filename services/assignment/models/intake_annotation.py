"""A reviewed proposal as an annotation, so that a site's own letters become test cases."""

from typing import Any

from services.assignment.models.intake import Proposal
from services.assignment.models.intake_items import BODIES, ProposedItem, in_letter_order

HEADER = (
    "number_symbol", "date", "kind", "issuer", "subject", "signer", "signer_title", "capacity",
)  # fmt: skip
TEXT_LENGTH = 60


def annotation(proposal: Proposal) -> dict[str, Any]:
    """What the letter's words say, in the shape in which letters are annotated by hand.

    What a clerk decided where the letter is silent is not in it. Spans count code points of the
    text that was read; ``letter`` is the name under which the text must be kept beside it.
    """
    header = {"capacity": [], **proposal.header}
    return {
        "letter": str(proposal.id),
        "header": {field: header.get(field) for field in HEADER},
        "citations": proposal.citations,
        "tasks": [_task(item) for item in in_letter_order(proposal.items)],
    }


def _task(item: ProposedItem) -> dict[str, Any]:
    says = {**item, **item["letter_says"]}
    return {
        "path": item["path"],
        "start": item["start"],
        "end": item["end"],
        "text": item["text"][:TEXT_LENGTH],
        **{field: item["named"].get(field, []) for field in BODIES},
        "deadline": item["time"],
        "recurrence": says["recurrence"],
        "budget": says["money_aspect"],
    }
