"""An OPA that is started for one run: on loopback, with a secret, without an environment; and that ends with the run.

A shell stands between: it holds the end of a pipe whose other end only this process has, and kills OPA when the pipe
closes. So OPA ends with this process however that ends, also by SIGKILL, on every system with a POSIX shell.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError, InternalError
from changegate.policy.engines.opa import binary
from changegate.policy.engines.opa.address import Address
from changegate.policy.engines.opa.client import Client, Way
from changegate.policy.engines.opa.faults import Fault, Refused, Unreachable

if TYPE_CHECKING:
    from changegate.policy.engines import EngineOptions
    from changegate.policy.engines.opa.upload import Upload

_ATTEMPTS = 5
"""A port that is free now may be taken a moment later."""
_READY = 20.0
"""Seconds for a start."""
_PROOF = "changegate_server"
_POLICIES = """\
package system.authz

default allow := false

allow if input.identity == "{token}"
"""
_SHELL = """\
exec 3<&0 </dev/null
"$@" 3<&- & opa=$!
{ read -r _ <&3; kill -KILL "$opa"; } & watch=$!
wait "$opa"; code=$?
kill "$watch"
rm -rf "$0"
exit "$code"
"""
"""The program and its arguments follow; `$0` is the private folder."""

_servers: weakref.WeakSet[Server] = weakref.WeakSet()


class Server:
    """One OPA, started and ready."""

    client: Client

    def __init__(self, options: EngineOptions) -> None:
        """Start it, and wait until it answers.

        Raises:
            EngineError: There is no OPA, it is too old, or it does not start.
        """
        self._program = binary.find()
        self._folder = Path(tempfile.mkdtemp(prefix="changegate-opa-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._options = options
        self._token, self._secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        _servers.add(self)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        binary.version_of(self._program, self._folder)
        self._capabilities = binary.write_capabilities(self._program, self._folder)
        policies = self._folder / "policies"
        policies.mkdir()
        (policies / "authz.rego").write_text(_POLICIES.format(token=self._token))
        # NOTE: whoever listens on our port instead of OPA does not know this, and so cannot pass for it.
        (policies / "proof.rego").write_text(f'package {_PROOF}\n\nproof := "{self._secret}"\n')
        end = time.monotonic() + _READY
        for _ in range(_ATTEMPTS):
            address = Address(secure=False, host="127.0.0.1", port=_free_port())
            with tempfile.TemporaryFile(dir=self._folder) as log:
                self._process = self._run(address, policies, log)
                told = self._wait(address, end, log)
            if not told:
                self.client = Client(self._way(address, self._options.opa_timeout, self._options.opa_retries))
                return
            self._stop()
            if "address already in use" not in told:
                break
        raise EngineError(f"{self._program} does not start: {told}", hint=f"try it by `{self._program} run --server`")

    def _run(self, address: Address, policies: Path, log: Any) -> subprocess.Popen[bytes]:
        arguments = [
            *("run", "--server", "--addr", f"{address.host}:{address.port}", "--skip-version-check"),
            *("--authentication", "token", "--authorization", "basic", "--log-level", "error", str(policies)),
        ]
        return subprocess.Popen(
            ["/bin/sh", "-c", _SHELL, str(self._folder), self._program, *arguments],
            cwd=self._folder,
            env={},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us, who end it when nothing is asked any more
        )

    def _wait(self, address: Address, end: float, log: Any) -> str:
        """Wait until it answers; says what it said where it does not."""
        client = Client(self._way(address, 2.0, 0))
        try:
            while time.monotonic() < end:
                assert self._process is not None  # noqa: S101  (it was started)
                if self._process.poll() is not None:
                    log.seek(0)
                    return " ".join(log.read(2000).decode("utf-8", "replace").split()) or "it ends at once"
                with suppress(Unreachable):
                    if client.data(f"{_PROOF}/proof", "start") == self._secret:
                        return ""
                    return "another program took its port: address already in use"
                time.sleep(0.01)
        except EngineError:
            return "another program took its port: address already in use"
        finally:
            client.close()
        return f"it does not answer within {_READY:g} s"

    def _way(self, address: Address, timeout: float, retries: int) -> Way:
        return Way(address=address, timeout=timeout, retries=retries, token=self._token)

    def check(self, upload: Upload) -> None:
        """Let OPA's own compiler refuse what the server must not be given: `opa run` takes no capabilities.

        Raises:
            PolicyError: A module does not compile with the builtins that policies may use; names its file and line.
        """
        folder = self._folder / upload.root
        folder.mkdir()
        for at, piece in enumerate(upload.pieces):
            (folder / f"{at}.rego").write_text(piece.text, encoding="utf-8")
        arguments = ("--capabilities", str(self._capabilities), "--format", "json", str(folder))
        done = binary.run(self._program, "check", *arguments, folder=self._folder)
        if done.returncode:
            raise upload.translated(_found(done, folder, upload))

    def close(self) -> None:
        """End it; may be called twice."""
        _servers.discard(self)
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)

    def let_go(self) -> None:
        """Close the pipe in a fork, which would keep OPA alive when its parent is killed."""
        if self._process is not None and self._process.stdin is not None:
            os.close(self._process.stdin.fileno())


def _in_a_fork() -> None:
    for server in list(_servers):
        server.let_go()
    _servers.clear()


os.register_at_fork(after_in_child=_in_a_fork)


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


def _found(done: subprocess.CompletedProcess[bytes], folder: Path, upload: Upload) -> Refused:
    """What `opa check` found, as the server would say it."""
    refused = Refused("the policies do not compile", hint="mend the policy")
    try:
        errors = json.loads(done.stderr or done.stdout)["errors"]
        found = [
            Fault(
                one["code"],
                one["message"],
                one["location"]["file"].replace(f"{folder}/", f"{upload.root}/"),
                one["location"]["row"],
            )
            for one in errors
        ]
    except (ValueError, KeyError, TypeError):
        raise InternalError(
            f"`opa check` says {done.stderr[:300]!r}", hint="report this as a fault of changegate"
        ) from None
    refused.faults = tuple(found)
    return refused
