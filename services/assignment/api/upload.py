"""How a file comes in over HTTP: its kind and size, one parse at a time, outside a transaction."""

import asyncio
from email.message import Message

from fastapi import HTTPException, Request

from services.assignment.commands.intake import reviewable
from services.assignment.commands.uploads import Upload, proposal_of_file, read_upload
from services.assignment.intake.files.recognise import MEDIA, OLD_WORD
from services.assignment.intake.files.result import MAX_FILE, MAX_TEXT, Kind, UnreadableLetter
from shared.auth import UserRole
from shared.errors import Malformed

UPLOAD_SECONDS = 60


class LetterUnreadable(Malformed):
    """The file is no letter that can be read."""


class Desk:
    """One to a process: what is under way with files has bounded memory, whoever sends."""

    def __init__(self) -> None:
        self.bodies = asyncio.Semaphore(4)
        self.parsing = asyncio.Semaphore(1)


async def take_in(request: Request) -> None:
    """``request.state.upload`` and, unless that file is known, ``request.state.read``."""
    if not request.state.caller.may(UserRole.COORDINATOR):
        return  # the route's own check says so
    media_type, charset = _declared(request)
    desk: Desk = request.app.state.desk
    async with desk.bodies:
        content = await _body(request)
        if len(content) > (limit := MAX_TEXT if MEDIA[media_type] is Kind.TEXT else MAX_FILE):
            raise HTTPException(413, f"A letter of this kind may have at most {limit} bytes.")
        upload = request.state.upload = Upload(content, media_type, charset)
        request.state.read = None
        async with request.app.state.sessions() as session:
            if await proposal_of_file(session, upload.sha256) is not None:
                return
        async with desk.parsing:
            try:
                read = await read_upload(upload)
            except UnreadableLetter as error:
                raise LetterUnreadable(str(error)) from error
            request.state.read = await reviewable(request.app.state.sessions, read)


def _declared(request: Request) -> tuple[str, str | None]:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    media_type = header.get_content_type()
    if not request.headers.get("content-type") or media_type not in MEDIA:
        told = OLD_WORD[0].upper() + OLD_WORD[1:] if media_type == "application/msword" else ""
        raise HTTPException(415, told or f"Send the letter as one of {', '.join(sorted(MEDIA))}.")
    charset = header.get_content_charset()
    return media_type, charset[:40] if charset and media_type == "text/plain" else None


async def _body(request: Request) -> bytes:
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await request.body()
    except TimeoutError:
        raise HTTPException(408, f"The file did not come in {UPLOAD_SECONDS} seconds.") from None
