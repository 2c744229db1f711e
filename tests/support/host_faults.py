"""What may go wrong with a host's answer, and words of the one sentence that is said then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.opa import Odd


def _cut(request: Odd) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "100")
    request.end_headers()
    request.wfile.write(b"[")


def _replied(status: int, body: bytes = b"", **headers: str) -> Callable[[Odd], None]:
    return lambda request: request.reply(body, status, **headers)


FAULTS: dict[str, tuple[Callable[[Odd], None], str]] = {
    "rate limit": (_replied(429, Retry_After="3600"), "too many requests"),
    "secondary rate limit": (_replied(403, Retry_After="3600"), "too many requests"),
    "unknown token": (_replied(401), "does not know the token"),
    "forbidden": (_replied(403), "does not let the token do this"),
    "not found": (_replied(404), "knows no such repository"),
    "bad gateway": (_replied(502), "status 502"),
    "cut": (_cut, "ended the connection"),
    "no JSON": (_replied(200, b"<html>"), "no JSON"),
    "no list": (_replied(200, b"{}"), "a list was expected"),
    "items that are none": (_replied(200, b"[1, null, []]"), "unexpected"),
    "wrong types": (
        _replied(200, b'[{"state": 1, "user": "x", "commit_id": 5, "commit": 7, "sha": []}]'),
        "unexpected",
    ),
    "huge": (_replied(200, b"[" + b" " * (9 << 20) + b"]"), "MiB"),
    "elsewhere": (_replied(302, Location="https://evil.example/"), "another host"),
    "next page elsewhere": (_replied(200, b"[]", Link='<https://evil.example/>; rel="next"'), "another host"),
}
