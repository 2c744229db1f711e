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

from changegate.errors import EngineError, InternalError, PolicyError, UsageError
from changegate.rego.engines.opa import binary
from changegate.rego.engines.opa.address import Address
from changegate.rego.engines.opa.client import Client, Way, library
from changegate.rego.engines.opa.faults import OpaFault, RefusedError, UnreachableError
from changegate.rego.engines.opa.namespaced import Namespaced

if TYPE_CHECKING:
    from changegate.rego.bundle import Bundle
    from changegate.rego.engines import EngineOptions
    from changegate.worker import Limits

_ATTEMPTS = 5
"""A port that is free now may be taken a moment later."""
_READY = 20.0
"""Seconds for a start."""
_PROOF = "changegate_server"
_POLICIES = """\
package system.authz

default allow := false

allow if {{
	input.identity == "{token}"
	input.method in {{"GET", "POST"}}
	input.path[1] == "data"
}}
"""
_SHELL = """\
exec 3<&0 </dev/null
bound="$1"; shift
( [ -z "$bound" ] || ulimit -d "$bound" 2>/dev/null; exec /usr/bin/env -i "$@" 3<&- ) & opa=$!
{ read -r _ <&3 || rm -rf "$0"; kill -KILL "$opa"; } & watch=$!
wait "$opa"; code=$?
kill "$watch"
exit "$code"
"""
"""The program and its arguments follow; `$0` is the private folder, which we remove ourselves where we can: a line says
so. A shell gives what it starts a variable or two; `env -i` gives none."""

_servers: weakref.WeakSet[Server] = weakref.WeakSet()


class StartedServers:
    """Servers that are there for the run only, one for each bundle."""

    def __init__(self, options: EngineOptions) -> None:
        """Find the program.

        Raises:
            UsageError: An option is for a server of the user's.
            EngineError: There is no OPA, or it is too old; or `opa-python-client` is not installed.
        """
        for name in ("ca", "cert", "key", "bundle_revision"):
            if getattr(options, f"opa_{name}"):
                option = f"--opa-{name.replace('_', '-')}"
                raise UsageError(f"{option} is for a server of your own", hint="give --opa-url, or leave it out")
        library()
        self._options = options
        self._program = OpaProgram()
        self._servers: list[Server] = []
        self.name = f"opa {self._program.version} (started by changegate)"

    def load(self, bundle: Bundle) -> tuple[Client, Namespaced]:
        """Start a server with a bundle.

        Raises:
            PolicyError: A module does not compile; names its file and line.
            EngineError: The server does not start.
        """
        moved = Namespaced(bundle)
        seconds = self._options.opa_timeout if bundle.limits is None else bundle.limits.seconds
        options = self._options._replace(opa_timeout=seconds)
        self._servers.append(Server(self._program, moved, options, bundle.limits))
        return self._servers[-1].client, moved

    def close(self) -> None:
        """End them."""
        for server in self._servers:
            server.close()
        self._program.close()


class OpaProgram:
    """The `opa` on this machine, and what it may do for us."""

    def __init__(self) -> None:
        """Find it.

        Raises:
            EngineError: There is no OPA, or it is too old.
        """
        self.path = binary.find_opa()
        self.folder = Path(tempfile.mkdtemp(prefix="changegate-opa-"))
        try:
            self.version = binary.version_of(self.path, self.folder)
            self._capabilities = binary.write_capabilities(self.path, self.folder)
        except BaseException:
            self.close()
            raise

    def check(self, moved: Namespaced, limits: Limits | None = None) -> Path:
        """Let OPA's own compiler refuse what the server must not be given: `opa run` takes no capabilities.

        Returns:
            The folder with the modules.

        Raises:
            PolicyError: A module does not compile with the builtins that policies may use; names its file and line.
        """
        folder, refused = self._compiled(moved, limits)
        if refused is not None:
            raise moved.translated(refused)
        return folder

    def faults(self, moved: Namespaced, limits: Limits | None = None) -> list[PolicyError]:
        """Everything for which the compiler refuses policies."""
        _, refused = self._compiled(moved, limits)
        return [] if refused is None else list(moved.all_translated(refused))

    def _compiled(self, moved: Namespaced, limits: Limits | None) -> tuple[Path, RefusedError | None]:
        folder = self.folder / moved.root
        folder.mkdir()
        for at, piece in enumerate(moved.pieces):
            (folder / f"{at}.rego").write_bytes(piece.text.encode("utf-8", "surrogatepass"))
        arguments = ("--capabilities", str(self._capabilities), "--format", "json", str(folder))
        done = binary.run_opa(self.path, "check", *arguments, folder=self.folder, limits=limits)
        return folder, _found(done) if done.returncode else None

    def close(self) -> None:
        """Remove what was written down; may be called twice."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """One OPA with one bundle, started and ready."""

    client: Client

    def __init__(
        self, program: OpaProgram, moved: Namespaced, options: EngineOptions, limits: Limits | None = None
    ) -> None:
        """Start it, and wait until it answers.

        NOTE: OPA compiles everything anew for each module that is uploaded: a start with all of them is done once.

        Raises:
            PolicyError: A module does not compile; names its file and line.
            EngineError: It does not start.
        """
        self._program, self._options, self._limits = program, options, limits
        self._log: Any = None
        self._process: subprocess.Popen[bytes] | None = None
        self._token, self._secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._folder = program.check(moved, limits)
        if moved.data:
            (self._folder / "data.json").write_text(json.dumps({moved.root: moved.data}), encoding="utf-8")
        (self._folder / "authz.rego").write_text(_POLICIES.format(token=self._token))
        # NOTE: whoever listens on our port instead of OPA does not know this, and so cannot pass for it.
        (self._folder / "proof.rego").write_text(f'package {_PROOF}\n\nproof := "{self._secret}"\n')
        _servers.add(self)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        told, end = "", time.monotonic() + _READY
        for _ in range(_ATTEMPTS):
            address = Address(secure=False, host="127.0.0.1", port=_free_port())
            self._log = tempfile.TemporaryFile(dir=self._program.folder)  # noqa: SIM115  (it is read to the end)
            self._process = self._run(address, self._log)
            told = self._wait(address, end, self._log)
            if not told:
                self.client = Client(self._way(address, self._options.opa_timeout, self._options.opa_retries))
                self.client.explained = self._explained
                return
            self._stop()
            if "address already in use" not in told:
                break
        raise EngineError(f"{self._program.path} does not start: {told}", hint="try it by `opa run --server`")

    def _run(self, address: Address, log: Any) -> subprocess.Popen[bytes]:
        arguments = [
            *("run", "--server", "--addr", f"{address.host}:{address.port}", "--skip-version-check"),
            *("--authentication", "token", "--authorization", "basic", "--log-level", "error", str(self._folder)),
        ]
        bound = binary.bound_of(self._limits)
        told = [f"{name}={value}" for name, value in binary.soft_bound(self._limits).items()]
        return subprocess.Popen(
            ["/bin/sh", "-c", _SHELL, str(self._program.folder), bound, *told, self._program.path, *arguments],
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
                with suppress(UnreachableError):
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

    def _explained(self, error: UnreachableError) -> EngineError:
        """Say of policies of a user's own why they were not answered: the bounds are theirs."""
        if self._limits is None:
            return error
        has_ended = self._has_ended()
        self._log.seek(0)
        if binary.needed_memory(self._log.read(1 << 16)):
            message = "OPA could not decide: it needed more memory than it may have, and was stopped"
            return UnreachableError(message, hint=binary.LESS)
        if has_ended:
            message = "OPA could not decide: it ended, most likely because it needed more memory than it may have"
            return UnreachableError(message, hint=binary.LESS)
        return UnreachableError(error.message, hint=binary.LESS)

    def _has_ended(self) -> bool:
        """Whether it is there no more. A connection breaks a moment before the end, and before what is said of it."""
        if self._process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._process.poll() is not None

    def close(self) -> None:
        """End it; may be called twice."""
        _servers.discard(self)
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)  # its token is in there

    def _stop(self) -> None:
        process, self._process = self._process, None
        if self._log is not None:
            self._log.close()
        if process is None or process.stdin is None:
            return
        with suppress(BrokenPipeError):
            process.stdin.write(b"\n")
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


def _found(done: subprocess.CompletedProcess[bytes]) -> RefusedError:
    """What `opa check` found, as the server would say it."""
    refused = RefusedError("the policies do not compile", hint="mend the policy")
    try:
        errors = json.loads(done.stderr or done.stdout)["errors"]
        refused.faults = tuple(
            OpaFault(one["code"], one["message"], one["location"]["file"], one["location"]["row"]) for one in errors
        )
    except (ValueError, KeyError, TypeError):
        raise InternalError(
            f"`opa check` says {done.stderr[:300]!r}", hint="report this as a fault of changegate"
        ) from None
    return refused
