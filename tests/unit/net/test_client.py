"""The client for hosts' APIs: what leaves this machine, what is believed of an answer, and one sentence for a fault."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from changegate.errors import HostError, UsageError
from changegate.net import client as client_module
from changegate.net.address import api_address, same_host
from changegate.net.client import Access, ApiClient, token_of
from support.opa import odd
from support.review_hosts import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.opa import Odd, OddServer


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_PAUSE", 0.01)


def client_of(server: OddServer, seconds: float = 20) -> ApiClient:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return ApiClient(Access("GitHub", server.url, headers, "what it needs", "THE_VARIABLE"), seconds)


def refusal(act: Any, *, seconds: float = 20, pages: bool = False) -> HostError:
    """Why a host is not believed; the token is in no word of it."""
    with odd(act, always=True) as server:
        client = client_of(server, seconds)
        ask = (lambda: list(client.pages("things"))) if pages else (lambda: client.get("thing"))
        with pytest.raises(HostError) as caught:
            ask()
    error = caught.value
    assert error.message
    assert error.hint
    assert TOKEN not in f"{error.message} {error.hint}"
    assert "\n" not in error.message
    return error


def answers(*replies: tuple[int, bytes, dict[str, str]]) -> Any:
    """One answer after the other; the last one for ever."""
    left = list(replies)

    def act(request: Odd) -> None:
        status, body, headers = left.pop(0) if len(left) > 1 else left[0]
        request.reply(body, status, **headers)

    return act


def test_an_answer() -> None:
    with odd(answers((200, b'{"a": 1}', {})), always=True) as server:
        assert client_of(server).get("repos", "a/b", "c?d", q="x y&z") == {"a": 1}
    method, path, headers, _ = server.asked[0]
    assert (method, path) == ("GET", "/repos/a%2Fb/c%3Fd?q=x+y%26z")
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["User-Agent"].startswith("changegate/")


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (401, {}, "does not know the token"),
        (403, {}, "does not let the token do this"),
        (404, {}, "knows no such repository"),
        (410, {}, "status 410"),
        (500, {}, "status 500"),
        (502, {}, "status 502"),
        (204, {}, "status 204"),
        (429, {}, "too many requests"),
        (429, {"Retry_After": "3600"}, "asks to wait 3600 s"),
        (403, {"Retry_After": "3600"}, "asks to wait 3600 s"),
        (403, {"X_RateLimit_Remaining": "0"}, "too many requests"),
        (429, {"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "too many requests"),
    ],
)
def test_an_answer_that_is_none(status: int, headers: dict[str, str], words: str) -> None:
    assert words in refusal(answers((status, b"", headers))).message


def test_what_is_busy_is_asked_again() -> None:
    wait = {"Retry_After": "0"}
    with odd(answers((502, b"", {}), (429, b"", wait), (200, b"[]", {})), always=True) as server:
        assert client_of(server).get("thing") == []
    assert len(server.asked) == 3


def test_what_is_wrong_is_not_asked_again() -> None:
    with odd(answers((401, b"", {})), always=True) as server, pytest.raises(HostError):
        client_of(server).get("thing")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{", b"\xff", b"NaN", b'{"a": Infinity}', b"[" * 100 + b"]" * 100, b"[" * 100_000]
)
def test_what_is_no_json(body: bytes) -> None:
    assert "unexpected" in refusal(answers((200, body, {}))).message


@pytest.mark.parametrize("body", [b"{}", b'"a"', b"1", b"null", b'{"message": "moved"}'])
def test_a_list_that_is_none(body: bytes) -> None:
    assert "a list was expected" in refusal(answers((200, body, {})), pages=True).message


def test_a_huge_page() -> None:
    def huge(request: Odd) -> None:
        request.send_response(200)
        request.end_headers()
        try:
            for _ in range(64):
                request.wfile.write(b" " * (1 << 20))
        except OSError:
            pass

    assert "more than 8 MiB" in refusal(huge).message


def test_many_pages_that_are_too_much_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "LARGEST_TOTAL", 3_000_000)

    def act(request: Odd) -> None:
        body = json.dumps([len(request.server.asked)]).encode() + b" " * 1_000_000
        request.reply(body, 200, Link=f'<{request.server.url}/things?page={len(request.server.asked)}>; rel="next"')

    assert "MiB" in refusal(act, pages=True).message


def test_a_cut_connection() -> None:
    def cut(request: Odd) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100")
        request.end_headers()
        request.wfile.write(b'{"a": 1}')

    assert "ended the connection" in refusal(cut).message


def test_a_cut_chunk() -> None:
    def cut(request: Odd) -> None:
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        request.wfile.write(b"5\r\n[1]")

    assert "ended the connection" in refusal(cut).message


def test_no_answer_at_all() -> None:
    assert "connection" in refusal(lambda _request: None).message


def test_nobody_listens() -> None:
    with odd(lambda _: None, always=True) as server:
        pass
    with pytest.raises(HostError) as caught:
        client_of(server).get("thing")
    assert "cannot be reached: Connection refused" in caught.value.message


@pytest.mark.parametrize("part", ["nothing", "headers", "body"])
def test_a_host_that_trickles_is_left_at_the_deadline(part: str) -> None:
    def slow(request: Odd) -> None:
        if part != "nothing":
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if part == "body":
            request.wfile.write(b"Content-Length: 1000\r\n\r\n")
        drop = {"nothing": b"", "headers": b"A: b\r\n", "body": b" "}[part]
        try:
            while not request.server.over.wait(0.05):
                request.wfile.write(drop)
        except OSError:
            pass

    began = time.monotonic()
    assert "did not answer within 0.5 s" in refusal(slow, seconds=0.5).message
    assert time.monotonic() - began < 5


def test_packed_answers_are_refused() -> None:
    assert "packed" in refusal(answers((200, b"{}", {"Content_Encoding": "gzip"}))).message


# Pages


def test_pages_to_the_last() -> None:
    def act(request: Odd) -> None:
        page = int(request.path.rpartition("page=")[2]) if "&page=" in request.path else 1
        link = {"Link": f'</things?per_page=100&page={page + 1}>; rel="next"'} if page < 4 else {}
        request.reply(json.dumps([page]).encode(), 200, **link)

    with odd(act, always=True) as server:
        assert list(client_of(server).pages("things")) == [1, 2, 3, 4]


def test_a_full_page_without_a_next_one_is_not_the_end() -> None:
    def act(request: Odd) -> None:
        page = int(request.path.rpartition("page=")[2]) if "&page=" in request.path else 1
        items = [page * 1000 + one for one in range(100 if page == 1 else 3)]
        request.reply(json.dumps(items).encode())

    with odd(act, always=True) as server:
        assert len(list(client_of(server).pages("things"))) == 103


def test_a_page_that_comes_again() -> None:
    def act(request: Odd) -> None:
        request.reply(b"[1]", 200, Link=f'<{request.server.url}{request.path}>; rel="next"')

    assert "the same page again" in refusal(act, pages=True).message


def test_pages_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "MOST_PAGES", 5)

    def act(request: Odd) -> None:
        asked = len(request.server.asked)
        request.reply(json.dumps([asked]).encode(), 200, Link=f'<{request.server.url}/things?page={asked}>; rel="next"')

    assert "more than 5 pages" in refusal(act, pages=True).message


# The token goes nowhere else


def elsewhere(make: Callable[[str, Odd], None]) -> list[Any]:
    """What another host is asked, where the first one points to it."""
    with odd(answers((200, b"[]", {})), always=True) as other:
        error = refusal(lambda request: make(other.url, request), pages=True)
        assert "another host" in error.message
        return other.asked


def test_no_redirect_to_another_host_is_followed() -> None:
    assert elsewhere(lambda url, request: request.reply(b"", 302, Location=f"{url}/things")) == []


def test_no_page_of_another_host_is_asked_for() -> None:
    assert elsewhere(lambda url, request: request.reply(b"[1]", 200, Link=f'<{url}/things>; rel="next"')) == []


def test_a_redirect_of_the_host_itself_is_followed() -> None:
    def act(request: Odd) -> None:
        if request.path == "/thing":
            request.reply(b"", 301, Location="/repositories/1/thing")
        else:
            request.reply(b"[2]")

    with odd(act, always=True) as server:
        assert client_of(server).get("thing") == [2]


def test_redirects_without_an_end() -> None:
    assert "without an end" in refusal(answers((307, b"", {"Location": "/thing"}))).message


def test_a_proxy_of_the_environment_sees_nothing_of_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    with odd(lambda _: None, always=True) as proxy, odd(answers((200, b"[]", {})), always=True) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert client_of(server).get("thing") == []
    assert proxy.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.github.com",
        "http://api.github.com",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example/",
        "ftp://api.github.com",
        "file:///etc/passwd",
        "https://user:secret@api.github.com",
        "https://api.github.com?x=1",
        "https://api.github.com#x",
        "https://api.github.com:99999",
        "https://",
        "https://api.git hub.com",
        "https://api.github.com/\nHost: x",
        "https://[::1",
        "https://äpi.github.com",
    ],
)
def test_an_address_that_no_token_is_sent_to(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        api_address(text, "GITHUB_API_URL")
    assert "secret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://api.github.com", "https://api.github.com"),
        ("https://github.acme.example/api/v3/", "https://github.acme.example/api/v3"),
        ("https://gitlab.acme.example:8443/api/v4", "https://gitlab.acme.example:8443/api/v4"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_an_address(text: str, address: str) -> None:
    assert api_address(text, "it") == address


@pytest.mark.parametrize(
    ("other", "whole"),
    [
        ("/b", "https://a.example/b"),
        ("https://a.example:443/b", "https://a.example:443/b"),
        ("https://b.example/b", ""),
        ("http://a.example/b", ""),
        ("//b.example/b", ""),
        ("https://a.example:444/b", ""),
        ("https://a.example@b.example/", ""),
        ("https://x@a.example/", ""),
        ("https://a.example:x/", ""),
    ],
)
def test_the_same_host(other: str, whole: str) -> None:
    assert same_host("https://a.example/a", other) == whole


# Tokens


def test_a_token_is_taken_from_the_first_variable_that_has_one() -> None:
    assert token_of({"A": " ", "B": f" {TOKEN}\n"}, "A", "B") == TOKEN


@pytest.mark.parametrize("text", ["", " ", "a b", "a\nb", "ä", "a\x00", "x" * 5000])
def test_a_token_that_is_none(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        token_of({"A": text}, "A")
    assert "A" in caught.value.message
    assert not text.strip() or text not in caught.value.message
