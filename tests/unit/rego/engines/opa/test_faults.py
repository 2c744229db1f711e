"""What goes wrong with a server, over real sockets: an error with a hint, in bounded time, and never an answer."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from changegate.errors import EngineError, PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions, Secret, open_host
from changegate.rego.engines.engine import DECISION
from support.opa import AUTHZ, TOKEN, free_port, odd, running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.opa import Odd

POLICIES = Bundle((Module("main.rego", "package own\n\nanswer := 1\n"),))
ANSWER = ("data.own.answer",)


def asked(url: str, **options: Any) -> dict[str, Any]:
    given = {"opa_timeout": 1.0, "opa_retries": 1, **options}
    host = open_host(EngineOptions(engine="opa", opa_url=url, **given))
    try:
        return host.load(POLICIES).query(ANSWER, {"x": 1})
    finally:
        host.close()


def raw(data: bytes) -> Callable[[Odd], None]:
    def act(handler: Odd) -> None:
        handler.wfile.write(data)

    return act


def body(data: bytes, status: int = 200, **headers: str) -> Callable[[Odd], None]:
    return lambda handler: handler.reply(data, status, **headers)


def hang(handler: Odd) -> None:
    handler.server.over.wait(60)


def trickle_head(handler: Odd) -> None:
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not handler.server.over.wait(0.05):
            handler.wfile.write(b"x")


def trickle_body(handler: Odd) -> None:
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not handler.server.over.wait(0.05):
            handler.wfile.write(b" ")


def cut(handler: Odd) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    handler.connection.shutdown(socket.SHUT_RDWR)


def reset(handler: Odd) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()


def huge(handler: Odd) -> None:
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not handler.server.over.is_set():
            handler.wfile.write(b" " * 2**20)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DEEP = b'{"result":' + b"[" * 5000 + b"]" * 5000 + b"}"


@pytest.mark.parametrize("always", [False, True], ids=["decision", "everything"])
@pytest.mark.parametrize(
    ("act", "message"),
    [
        (hang, "took longer than 1 s"),
        (trickle_head, "took longer than 1 s|does not speak HTTP|could not be asked"),
        (trickle_body, "took longer than 1 s"),
        (cut, "ended in the middle|cut the connection"),
        (reset, "cut the connection|without an answer|could not be asked"),
        (raw(b""), "without an answer"),
        (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "does not speak HTTP|without an answer"),
        (raw(b"\0\1\2\3" * 100), "does not speak HTTP|without an answer"),
        (raw(CHUNKED + b'5\r\n{"res'), "ended in the middle"),
        (raw(CHUNKED + b"zz\r\n"), "cut up wrongly|ended in the middle"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"), "could not be asked|no JSON"),
        (body(b""), "no JSON"),
        (body(b"<html>a portal</html>"), "no JSON"),
        (body(b"[]"), "no JSON object"),
        (body(b'"result"'), "no JSON object"),
        (body(b'{"result": NaN}'), "no JSON"),
        (body(b'{"result": Infinity}'), "no JSON"),
        (body(b'{"result": "\xff"}'), "no JSON"),
        (body(b'{"result": ' + b"9" * 5000 + b"}"), "no JSON"),
        (body(DEEP), "nested too deeply"),
        (body(b"{}", Content_Encoding="gzip"), "packed"),
        (body(b"", 204), "no JSON"),
        (body(b"Internal Server Error", 500), "HTTP 500: Internal Server Error"),
        (body(DEEP, 500), "HTTP 500"),
        (body(b"bad gateway", 502), "HTTP 502: bad gateway"),
        (body(b"{}", 503), "HTTP 503"),
        (body(b'{"code":"unauthorized","message":"no"}', 401), "HTTP 401: no"),
        (body(b"not here", 404), "HTTP 404"),
        (body(b"too large", 413), "HTTP 413"),
        (body(b"", 302, Location="http://127.0.0.1:1/v1"), "HTTP 302"),
        (body(b"", 307, Location="http://evil.example.com/"), "HTTP 307"),
        (huge, "larger than 64 MiB|took longer"),
    ],
    ids=lambda given: getattr(given, "__name__", str(given))[:40],
)
def test_a_sick_server_is_an_error(act: Callable[[Odd], None], message: str, always: bool) -> None:
    with odd(act, always=always) as server, pytest.raises(EngineError, match=message) as caught:
        asked(server.url)
    assert caught.value.hint
    assert "Traceback" not in caught.value.message
    assert len(caught.value.message) < 400


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the connection was refused") as caught:
        asked(f"http://127.0.0.1:{free_port()}")
    assert "--opa-url" in caught.value.hint
    with pytest.raises(EngineError, match="its name is not known"):
        asked("http://no-such-host.invalid")


def test_a_redirect_gets_no_token() -> None:
    with odd(body(b"{}"), always=True) as elsewhere:
        target = elsewhere.url.replace("127.0.0.1", "localhost") + "/v1/x"
        with (
            odd(body(b"", 307, Location=target), always=True) as server,
            pytest.raises(EngineError, match="HTTP 307") as caught,
        ):
            asked(server.url, opa_token=Secret("hunter2"))
        assert server.asked[0][2]["Authorization"] == "Bearer hunter2"
        assert elsewhere.asked == []
    assert "localhost" in caught.value.hint
    assert "hunter2" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(("retries", "failures", "works"), [(2, 2, True), (1, 2, False), (0, 1, False)])
@pytest.mark.parametrize("how", [cut, body(b"busy", 503)], ids=["cut", "busy"])
def test_what_passes_is_tried_again(how: Callable[[Odd], None], retries: int, failures: int, works: bool) -> None:
    def act(handler: Odd) -> None:
        posts = [one for one in handler.server.asked if one[0] == "POST"]
        if len(posts) <= failures:
            how(handler)
        else:
            handler.reply(b'{"result": 7}')

    with odd(act) as server:
        if works:
            assert asked(server.url, opa_retries=retries, opa_timeout=10) == {ANSWER[0]: 7}
        else:
            with pytest.raises(EngineError):
                asked(server.url, opa_retries=retries, opa_timeout=10)


def test_a_policys_own_failure_is_not_tried_again() -> None:
    with odd(body(b'{"code":"internal_error","message":"no"}', 500)) as server:
        with pytest.raises(EngineError):
            asked(server.url, opa_retries=5)
        assert len([one for one in server.asked if one[0] == "POST"]) == 1


def test_policies_that_are_refused_v1_syntax_are_not_rewritten(tmp_path: Path) -> None:
    """The library's default would turn `deny[x] {` into something else by a regular expression, and load that."""
    old = Bundle((Module("old.rego", "package old\n\nanswer = x {\n\tx := 1\n}\n"),))
    with running(tmp_path) as server:
        host = open_host(EngineOptions(engine="opa", opa_url=server.url))
        try:
            with pytest.raises(PolicyError) as caught:
                host.load(old)
        finally:
            host.close()
        assert caught.value.file == "old.rego"
        assert server.left() == []


def test_an_upload_that_is_not_allowed(tmp_path: Path) -> None:
    text = AUTHZ.replace(f'"{TOKEN}"', f'"{TOKEN}"\n\nallow if input.path[1] == "config"').replace(
        "allow if input.identity ==", 'allow if input.method != "PUT"\n\nallow if "x" =='
    )
    (tmp_path / "authz.rego").write_text(text)
    with running(tmp_path, "--authentication", "token", "--authorization", "basic", "authz.rego") as server:
        with pytest.raises(EngineError, match="refused to load a policy: HTTP 401: request rejected") as caught:
            asked(server.url, opa_token=Secret(TOKEN))
        assert "CHANGEGATE_OPA_TOKEN" in caught.value.hint
        assert TOKEN not in caught.value.message + caught.value.hint


def test_a_bundle_that_owns_everything(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "x.rego").write_text("package x\n\ny := 1\n")
    with running(tmp_path, "--bundle", "bundle") as server:
        with pytest.raises(EngineError, match=r"owned by bundle|path") as caught:
            asked(server.url)
        assert "roots" in caught.value.hint


def test_a_server_that_was_restarted_decides_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        host = open_host(EngineOptions(engine="opa", opa_url=server.url))
        try:
            engine = host.load(POLICIES)
            assert engine.query(ANSWER, {}) == {ANSWER[0]: 1}
            server.stop()
            server.start()
            with pytest.raises(EngineError, match="no longer has the policies of this run") as caught:
                engine.query(ANSWER, {})
            assert "restarted" in caught.value.hint
            with pytest.raises(EngineError, match="no longer has"):
                engine.decide({})
        finally:
            host.close()


def test_an_answer_without_a_result_is_no_decision() -> None:
    with odd(body(b"{}")) as server:
        host = open_host(EngineOptions(engine="opa", opa_url=server.url))
        try:
            with pytest.raises(PolicyError, match="is undefined"):
                host.load(POLICIES).decide({})
        finally:
            host.close()


def test_what_stays_behind_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with running(tmp_path) as server:
        host = open_host(EngineOptions(engine="opa", opa_url=server.url, opa_retries=0))
        assert host.load(POLICIES).query(ANSWER, {}) == {ANSWER[0]: 1}
        server.stop()
        host.close()
        told = capsys.readouterr().err
        assert "may be left on the OPA server" in told
        assert "changegate_run_" in told
        server.start()


def test_the_decision_is_asked_strictly_and_as_written() -> None:
    with odd(body(b'{"result": {"a": 1}}')) as server:
        host = open_host(EngineOptions(engine="opa", opa_url=server.url))
        try:
            assert host.load(POLICIES).query((DECISION,), {"n": 2**70, "f": 0.1}) == {DECISION: {"a": 1}}
        finally:
            host.close()
        (post,) = [one for one in server.asked if one[0] == "POST"]
        assert "strict-builtin-errors=true" in post[1]
        assert json.loads(post[3]) == {"input": {"n": 2**70, "f": 0.1}}
        assert post[2]["Accept-Encoding"] == "identity"
