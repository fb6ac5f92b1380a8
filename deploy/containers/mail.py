"""A mail catcher for trying out: takes every mail by SMTP and shows them; forwards none.

SMTP on port 1025; a page on port 8025, and the same as JSON on /mails. It forgets the oldest
beyond 10,000, and all when it ends.
"""

import json
from collections import deque
from email import message_from_bytes, policy
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

MAILS: deque[dict[str, str]] = deque(maxlen=10_000)


class Catcher:
    """aiosmtpd's handler: keep the mail."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        body = mail.get_body(("plain", "html"))
        MAILS.append(
            {
                "to": ", ".join(envelope.rcpt_tos),
                "subject": str(mail["subject"]),
                "text": body.get_content() if body else "",
            }
        )
        return "250 kept"


class Page(BaseHTTPRequestHandler):
    """The mails, newest first."""

    def do_GET(self) -> None:
        if self.path == "/mails":
            self._answer("application/json", json.dumps(list(MAILS)))
        else:
            rows = (
                f"<details><summary>{escape(mail['to'])}: {escape(mail['subject'])}</summary>"
                f"<pre>{escape(mail['text'])}</pre></details>"
                for mail in reversed(MAILS)
            )
            self._answer("text/html", f"<!doctype html><title>Thư</title>{''.join(rows)}")

    def _answer(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what is asked here is not worth a line."""


if __name__ == "__main__":
    Controller(Catcher(), hostname="0.0.0.0", port=1025).start()
    ThreadingHTTPServer(("0.0.0.0", 8025), Page).serve_forever()
