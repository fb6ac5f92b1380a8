"""Letters come in as files over HTTP, are kept as they came and known when they come again."""

import asyncio
import hashlib

import httpx
import pytest
from sqlalchemy import func, select

from services.assignment.intake.files.recognise import DOCX
from services.assignment.models.intake import FurtherOriginal, Original, Proposal
from shared.auth import UserRole
from shared.testing import ServiceUnderTest
from tests.assignment.intake.documents import docx, paragraph, run
from tests.assignment.intake.pages import pdf
from tests.assignment.intake.test_pdf import typeset
from tests.assignment.letter import DIRECTIVE, LETTER, propose, seed

TEXT = LETTER.decode()
AS_DOCX = docx(
    *(
        paragraph("<w:r><w:br/></w:r>".join(run(line) for line in block.splitlines()))
        for block in TEXT.split("\n\n")
        if block.strip()
    )
)
AS_PDF = pdf(*typeset(TEXT))


async def upload(
    service: ServiceUnderTest,
    content: bytes,
    media: str,
    role: UserRole = UserRole.COORDINATOR,
) -> httpx.Response:
    async with service.client(role) as client:
        return await client.post("/intake", content=content, headers={"Content-Type": media})


@pytest.mark.parametrize(
    ("content", "media", "kind"),
    [(AS_DOCX, DOCX, "docx"), (AS_PDF, "application/pdf", "pdf"), (LETTER, "text/plain", "text")],
)
async def test_a_letter_in_any_kind_of_file_becomes_264_tasks(
    assignment: ServiceUnderTest, content: bytes, media: str, kind: str
) -> None:
    await seed(assignment)
    answer = await upload(assignment, content, media)
    body = answer.json()
    async with assignment.client(UserRole.COORDINATOR) as client:
        path = f"/intake/{body['id']}/confirm"
        await client.post(path, json={"directive_id": str(DIRECTIVE)})
        issued = await client.post(f"/directives/{DIRECTIVE}/issue")
        tasks = await client.get("/tasks?count=true&limit=1")

    assert (answer.status_code, body["kind"], issued.status_code) == (201, kind, 200)
    assert tasks.json()["count"] == 264


@pytest.mark.parametrize(
    ("content", "media", "ending"),
    [
        (AS_DOCX, DOCX, ".docx"),
        (AS_PDF, "application/pdf", ".pdf"),
        (TEXT.encode("utf-16"), "text/plain; charset=utf-16", ".txt"),
    ],
)
async def test_the_file_is_given_back_as_it_came_and_only_to_be_saved(
    assignment: ServiceUnderTest, content: bytes, media: str, ending: str
) -> None:
    proposal = (await upload(assignment, content, media)).json()
    async with assignment.client(UserRole.AUDITOR) as client:
        given = await client.get(f"/intake/{proposal['id']}/original")

    assert given.content == content
    assert hashlib.sha256(content).hexdigest() == proposal["file_sha256"]
    assert given.headers["content-type"] == media == proposal["media_type"]
    assert (
        given.headers["content-disposition"] == f'attachment; filename="{proposal["id"]}{ending}"'
    )
    assert given.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in given.headers["content-security-policy"]


async def test_who_may_not_see_proposals_gets_no_original(assignment: ServiceUnderTest) -> None:
    proposal = (await upload(assignment, AS_DOCX, DOCX)).json()
    async with assignment.client(UserRole.AGENCY, agency="HN-SCT") as client:
        refused = await client.get(f"/intake/{proposal['id']}/original")
    async with assignment.client(UserRole.AUDITOR) as client:
        absent = await client.get(f"/intake/{DIRECTIVE}/original")

    assert (refused.status_code, absent.status_code) == (403, 404)


async def test_the_same_file_again_gives_the_same_proposal(assignment: ServiceUnderTest) -> None:
    first = await upload(assignment, AS_DOCX, DOCX)
    again = await upload(assignment, AS_DOCX, DOCX)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await assignment.count(Original) == 1


async def test_the_same_file_twice_at_once_is_one_proposal(assignment: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(upload(assignment, AS_DOCX, DOCX) for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201]
    assert await assignment.count(Proposal) == await assignment.count(Original) == 1


async def test_the_same_text_in_another_file_gives_the_same_proposal(
    assignment: ServiceUnderTest,
) -> None:
    first = await upload(assignment, LETTER, "text/plain")
    marked = await upload(assignment, b"\xef\xbb\xbf" + LETTER, "text/plain; charset=utf-8")

    assert (marked.status_code, marked.json()["id"]) == (200, first.json()["id"])


async def test_another_file_of_the_same_text_is_kept_beside_the_first(
    assignment: ServiceUnderTest,
) -> None:
    marked = b"\xef\xbb\xbf" + LETTER
    first = await upload(assignment, LETTER, "text/plain")
    for _ in range(2):
        async with assignment.client(UserRole.COORDINATOR, subject="other") as client:
            await client.post("/intake", content=marked, headers={"Content-Type": "text/plain"})
    path = f"/intake/{first.json()['id']}/originals"
    async with assignment.client(UserRole.AUDITOR) as client:
        kept = (await client.get(path)).json()
        given = [await client.get(f"{path}/{one['sha256']}") for one in kept]
        still = await client.get(path.removesuffix("s"))

    assert [one.content for one in given] == [LETTER, marked]
    assert [one["sha256"] for one in kept] == [
        hashlib.sha256(content).hexdigest() for content in (LETTER, marked)
    ]
    assert [one["size"] for one in kept] == [len(LETTER), len(marked)]
    assert [one["sent_by"] for one in kept] == [first.json()["created_by"], "other"]
    assert kept[0]["sent_at"] == first.json()["created_at"] <= kept[1]["sent_at"]
    assert still.content == LETTER
    assert await assignment.count(FurtherOriginal) == 1


async def test_a_file_is_given_back_only_by_the_letter_that_it_is(
    assignment: ServiceUnderTest,
) -> None:
    await upload(assignment, LETTER, "text/plain")
    other = (await upload(assignment, AS_PDF, "application/pdf")).json()
    sha256 = hashlib.sha256(LETTER).hexdigest()
    marked = b"\xef\xbb\xbf" + LETTER
    await upload(assignment, marked, "text/plain")
    async with assignment.client(UserRole.AUDITOR) as client:
        path = f"/intake/{other['id']}/originals"
        answers = [
            (await client.get(f"{path}/{one}")).status_code
            for one in (sha256, hashlib.sha256(marked).hexdigest(), other["file_sha256"], "0x")
        ]

    assert answers == [404, 404, 200, 422]


async def test_the_same_words_in_another_kind_of_file_name_the_earlier_letter(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    first = (await upload(assignment, LETTER, "text/plain")).json()
    async with assignment.client(UserRole.COORDINATOR) as client:
        path = f"/intake/{first['id']}/confirm"
        await client.post(path, json={"directive_id": str(DIRECTIVE)})
    other = await upload(assignment, AS_DOCX, DOCX)

    assert first["known"] == []
    assert other.status_code == 201
    assert other.json()["known"] == [
        {"proposal_id": first["id"], "directive_id": str(DIRECTIVE), "because": "text"}
    ]


async def test_the_same_number_and_date_name_the_earlier_letter(
    assignment: ServiceUnderTest,
) -> None:
    await seed(assignment)
    first = await propose(assignment)
    changed = TEXT.replace("khẩn", "rất").replace("1. Sở Công Thương", "1. Sở Nội vụ")
    other = await upload(assignment, changed.encode(), "text/plain")
    later = changed.replace("ngày 20 tháng 10 năm 2016", "ngày 21 tháng 10 năm 2016")
    another_day = await upload(assignment, later.encode(), "text/plain")

    assert [one["proposal_id"] for one in other.json()["known"]] == [first["id"]]
    assert other.json()["known"][0]["because"] == "number and date"
    assert another_day.json()["known"] == []


async def put_directive(assignment: ServiceUnderTest, number: str) -> None:
    body = {
        "number_symbol": number, "kind": "công văn", "issued_on": "2016-10-20",
        "issuer": "HN-UBND", "subject": "khuyến công",
        "items": [
            {
                "id": str(DIRECTIVE), "path": "1", "start": 0, "end": 9, "text": "Tổ chức",
                "lead": ["HN-SCT"],
            }
        ],
    }  # fmt: skip
    async with assignment.client(UserRole.COORDINATOR) as client:
        assert (await client.put(f"/directives/{DIRECTIVE}", json=body)).status_code == 201


async def test_a_directive_that_came_another_way_is_named_too(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    await put_directive(assignment, "6050/UBND-KT")
    found = (await upload(assignment, LETTER, "text/plain")).json()

    assert found["known"] == [
        {"proposal_id": None, "directive_id": str(DIRECTIVE), "because": "number and date"}
    ]


async def test_a_directive_that_a_letter_amends_is_named(assignment: ServiceUnderTest) -> None:
    await seed(assignment)
    await put_directive(assignment, "12/UBND-KT")
    says = "Công văn này thay thế Công văn số 12/UBND-KT và Công văn số 13/UBND-KT.\n2. Giao"
    found = (await upload(assignment, TEXT.replace("2. Giao", says).encode(), "text/plain")).json()
    silent = (await upload(assignment, LETTER, "text/plain")).json()

    assert found["header"]["amends"] == ["12/UBND-KT"]
    assert found["known"] == [
        {"proposal_id": None, "directive_id": str(DIRECTIVE), "because": "amends 12/UBND-KT"}
    ]
    assert silent["header"]["amends"] == []


@pytest.mark.parametrize(
    ("content", "media", "status", "told"),
    [
        (b"x", "application/msword", 415, "save it as .docx"),
        (b"x", "application/octet-stream", 415, "application/pdf"),
        (b"x", "text/html", 415, "text/plain"),
        (b"x", "", 415, "text/plain"),
        (b"x" * 1_000_001, "text/plain", 413, "1000000 bytes"),
        (b"%PDF-1.7" + b"x" * 10_000_000, "application/pdf", 413, "10000000 bytes"),
        (b"%PDF-1.7", "application/pdf", 422, "damaged"),
        (AS_PDF, DOCX, 422, "declared as"),
        (docx(paragraph(" ")), DOCX, 422, "empty"),
        (docx(parts={"word/media/a": b"0" * 50_000_000}), DOCX, 422, "zip bomb"),
        (b"abc", "text/plain; charset=zlib_codec", 422, "is not read"),
    ],
    ids=range(11),
)
async def test_what_is_no_letter_is_refused_with_what_to_do(
    assignment: ServiceUnderTest, content: bytes, media: str, status: int, told: str
) -> None:
    answer = await upload(assignment, content, media)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]
    assert await assignment.count(Proposal) == 0


async def test_a_role_that_may_not_upload_has_nothing_parsed(assignment: ServiceUnderTest) -> None:
    answer = await upload(assignment, b"\x00 no letter", "text/plain", UserRole.AUDITOR)

    assert answer.status_code == 403


async def test_other_paths_keep_the_small_limit(assignment: ServiceUnderTest) -> None:
    proposal = (await upload(assignment, AS_DOCX, DOCX)).json()
    async with assignment.client(UserRole.COORDINATOR) as client:
        answer = await client.post(f"/intake/{proposal['id']}/confirm", content=b" " * 2_000_001)

    assert answer.status_code == 413


async def test_a_corrected_number_is_what_the_letter_is_known_by(
    assignment: ServiceUnderTest,
) -> None:
    first = await propose(assignment)
    change = {"header": {"number_symbol": "77/UBND-KT"}}
    async with assignment.client(UserRole.COORDINATOR) as client:
        path = f"/intake/{first['id']}"
        await client.patch(path, json=change, headers={"If-Match": '"1"'})
    other = TEXT.replace("~~6050~~ ", "77").replace("2. Giao", "2. Nay giao")
    found = (await upload(assignment, other.encode(), "text/plain")).json()

    assert [one["proposal_id"] for one in found["known"]] == [first["id"]]


async def test_proposals_are_listed_without_their_files(assignment: ServiceUnderTest) -> None:
    await upload(assignment, AS_DOCX, DOCX)
    async with assignment.client(UserRole.AUDITOR) as client:
        listed = (await client.get("/intake")).json()["items"]
    async with assignment.sessions() as session:
        size = await session.scalar(select(func.length(Original.content)))

    assert size == len(AS_DOCX)
    assert "content" not in listed[0]
    assert listed[0]["kind"] == "docx"
