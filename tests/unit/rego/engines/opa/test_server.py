"""The OPA that is started for a run: what it is given, what it may do, and that it ends with the run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from changegate.errors import EngineError, PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions, open_host
from changegate.rego.engines.opa import server as module
from changegate.rego.engines.opa.binary import write_capabilities
from changegate.rego.engines.opa.host import OpaHost
from changegate.rego.engines.opa.namespaced import Namespaced
from changegate.rego.engines.opa.server import OpaProgram
from support.opa import path_with, program

POLICIES = Bundle((Module("own.rego", "package own\n\nanswer := 1\n"),))
ANSWER = ("data.own.answer",)

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are looked at in /proc")


@pytest.fixture(autouse=True)
def on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", path_with(program().parent))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def servers(folder: Path) -> list[int]:
    """The processes that run with this folder on their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def fake(folder: Path, text: str) -> None:
    """Put another program in OPA's place."""
    path = folder / "bin" / "opa"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    os.environ["PATH"] = path_with(path.parent)


def test_it_gets_no_environment_and_no_token_on_its_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANGEGATE_OPA_TOKEN", "hunter2")
    monkeypatch.setenv("OPA_ADDR", "0.0.0.0:1")
    host = open_host(EngineOptions(engine="opa"))
    try:
        assert host.load(POLICIES).query(ANSWER, {}) == {ANSWER[0]: 1}
        started = [pid for pid in servers(tmp_path) if Path(f"/proc/{pid}/exe").resolve().name == "opa"]
        (pid,) = started
        assert Path(f"/proc/{pid}/environ").read_bytes() == b""
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
        for secret in (tmp_path.glob("*/*/authz.rego"), tmp_path.glob("*/*/proof.rego")):
            word = next(secret).read_text().split('"')[-2 if "proof" in str(secret) else 1].encode()
            assert len(word) > 4
            assert word not in arguments
        assert Path(f"/proc/{pid}/cwd").resolve().is_relative_to(tmp_path)
    finally:
        host.close()
    assert servers(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_its_folder_is_private_and_others_are_turned_away(tmp_path: Path) -> None:
    host = open_host(EngineOptions(engine="opa"))
    assert isinstance(host, OpaHost)
    try:
        host.load(POLICIES)
        (folder,) = tmp_path.iterdir()
        assert folder.stat().st_mode & 0o077 == 0
        (server,) = host._place._servers  # type: ignore[union-attr]
        address = server.client._way.address
        with socket.create_connection((address.host, address.port)) as stranger:
            stranger.sendall(b"GET /v1/policies HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert stranger.recv(100).startswith(b"HTTP/1.1 401")
    finally:
        host.close()


@pytest.mark.parametrize(
    "call",
    [
        'http.send({"method": "get", "url": "http://localhost"})',
        "opa.runtime()",
        "time.now_ns()",
        'net.lookup_ip_addr("x")',
    ],
)
def test_what_reaches_out_is_refused_by_opas_own_compiler(tmp_path: Path, call: str) -> None:
    """Our own refusal stands before it, so this asks the second one by itself."""
    opa = OpaProgram()
    moved = Namespaced(Bundle((Module("own.rego", f"package own\n\n\nanswer := {call}\n"),)))
    try:
        with pytest.raises(PolicyError, match=f"undefined function {call.partition('(')[0]}") as caught:
            opa.check(moved)
        assert (caught.value.file, caught.value.line) == ("own.rego", 4)
        text = write_capabilities(opa.path, tmp_path).read_text()
        assert "http.send" not in text
        assert '"allow_net": []' in text
    finally:
        opa.close()


def test_a_port_that_is_taken_is_tried_again_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module._free_port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = iter([taken.getsockname()[1], taken.getsockname()[1]])
        monkeypatch.setattr(module, "_free_port", lambda: next(ports, None) or real())
        host = open_host(EngineOptions(engine="opa"))
        try:
            assert host.load(POLICIES).query(ANSWER, {}) == {ANSWER[0]: 1}
        finally:
            host.close()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo 'Version: 0.70.0'", "is OPA 0.70.0, which reads an older Rego"),
        ("echo something else", "is no OPA"),
        ("exit 3", "is no OPA"),
        ("[ $1 = version ] && echo 'Version: 1.2.3' || echo x", "does not tell what it can do"),
    ],
)
def test_a_program_that_is_no_recent_opa(tmp_path: Path, text: str, message: str) -> None:
    fake(tmp_path, text)
    with pytest.raises(EngineError, match=message) as caught:
        open_host(EngineOptions(engine="opa"))
    assert "--opa-url" in caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def test_an_opa_that_does_not_start_says_why(tmp_path: Path) -> None:
    fake(tmp_path, f'[ "$1" = run ] && echo "out of luck" >&2 && exit 1\nexec {program()} "$@"')
    host = open_host(EngineOptions(engine="opa"))
    try:
        with pytest.raises(EngineError, match=r"does not start: .*out of luck"):
            host.load(POLICIES)
    finally:
        host.close()


def test_no_opa_and_no_url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "opa").write_text("#!/bin/sh\necho never run\n")
    (tmp_path / "opa").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ":.:bin")  # relative folders lead into what is judged
    with pytest.raises(EngineError, match="there is no `opa` on the PATH") as caught:
        open_host(EngineOptions(engine="opa"))
    assert "--opa-url" in caught.value.hint


# Every way to end


SCRIPT = """
import os, signal, sys, tempfile, time
tempfile.tempdir = sys.argv[1]
from changegate.rego.bundle import Bundle, Module
from changegate.rego.engines import EngineOptions, open_host
host = open_host(EngineOptions(engine="opa"))
engine = host.load(Bundle((Module("own.rego", "package own\\n\\nanswer := 1\\n"),)))
assert engine.query(("data.own.answer",), {}) == {"data.own.answer": 1}
if sys.argv[2] == "fork" and not os.fork():
    time.sleep(60)
print("ready", flush=True)
if sys.argv[2] == "error":
    raise SystemExit("an error")
if sys.argv[2] != "return":
    time.sleep(60)
"""


def program_of(pid: int) -> str:
    """The name of a process's program; empty where it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/exe").readlink().name
    except OSError:
        return ""


def gone(folder: Path) -> bool:
    """Whether every server of a folder ends soon, and the folder with it."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        running = [pid for pid in servers(folder) if program_of(pid) == "opa"]
        if not running and not list(folder.iterdir()):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("how", "number"),
    [
        ("return", 0),
        ("error", 0),
        ("signal", signal.SIGINT),
        ("signal", signal.SIGTERM),
        ("signal", signal.SIGHUP),
        ("signal", signal.SIGKILL),
        ("fork", signal.SIGKILL),
        ("fork", signal.SIGTERM),
    ],
)
def test_it_ends_with_the_run(tmp_path: Path, how: str, number: int) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert run.stdout is not None
    with run.stdout:
        assert run.stdout.readline() == "ready\n"
        if number:
            run.send_signal(number)
        run.wait(30)
        assert gone(tmp_path)
        if how == "fork":
            os.killpg(run.pid, signal.SIGKILL)
