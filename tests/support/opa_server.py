"""A real OPA server on a socket of its own, asked over its REST API; strict about errors of builtins."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


def binary() -> str | None:
    """An `opa` on the PATH, else the one that `.ci/run` builds."""
    cached = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "changegate-tools"
    built = (str(path) for path in sorted(cached.glob("*/opa")) if os.access(path, os.X_OK))
    return shutil.which("opa") or next(built, None)


class OpaError(Exception):
    """What OPA answers instead of a value: a policy that it refuses, or an evaluation that ends in an error."""


class _Socket(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class OpaServer:
    """Holds one set of modules and data at a time."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection = _Socket(path)
        self._loaded: list[str] = []

    def load(self, modules: Mapping[str, str], data: Mapping[str, Any]) -> None:
        """Replace everything that is loaded. Raises `OpaError` where OPA refuses a module."""
        self._each(self._loaded, self._remove)
        self._ask("PUT", "/v1/data", data)
        self._each(list(modules), lambda name: self._add(name, modules[name]))

    def close(self) -> None:
        """Leave the server; it runs on."""
        self._connection.close()

    def _each(self, names: Iterable[str], do: Callable[[str], None]) -> None:
        """One after another; one that needs another, or is needed, is tried again after it."""
        left = list(names)
        while left:
            refused = {}
            for name in left:
                try:
                    do(name)
                except OpaError as error:
                    refused[name] = error
            if len(refused) == len(left):
                raise next(iter(refused.values()))
            left = list(refused)

    def _add(self, name: str, text: str) -> None:
        self._ask("PUT", f"/v1/policies/{quote(name, safe='')}", text.encode())
        self._loaded.append(name)

    def _remove(self, name: str) -> None:
        self._ask("DELETE", f"/v1/policies/{quote(name, safe='')}")
        self._loaded.remove(name)

    def value(self, reference: str, document: Any) -> dict[str, Any]:
        """`{"result": value}`, or nothing where the reference is undefined."""
        path = "/".join(quote(part, safe="") for part in reference.removeprefix("data.").split("."))
        body = {} if document is None else {"input": document}
        answer: dict[str, Any] = self._ask("POST", f"/v1/data/{path}?strict-builtin-errors=true", body)
        return {key: value for key, value in answer.items() if key == "result"}

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        payload = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        self._connection.request(method, path, payload)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise OpaError(text.decode("utf-8", "replace"))
        return json.loads(text) if text else {}


@contextmanager
def opa_server(command: str) -> Iterator[OpaServer]:
    """Start a server, wait until it listens, and end it."""
    with tempfile.TemporaryDirectory(prefix="opa-") as folder:
        path = f"{folder}/opa.sock"
        started = [
            command,
            "run",
            "--server",
            "--addr",
            f"unix://{path}",
            "--log-level",
            "error",
            "--skip-version-check",
        ]
        process = subprocess.Popen(started, env={"PATH": os.environ["PATH"], "HOME": folder}, stderr=subprocess.PIPE)
        try:
            _wait(process, path)
            server = OpaServer(path)
            try:
                yield server
            finally:
                server.close()
        finally:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()


def _wait(process: subprocess.Popen[bytes], path: str) -> None:
    """Until the server accepts a connection; one that ends before is an error."""
    while process.poll() is None:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as attempt:
                attempt.connect(path)
        except OSError:
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise RuntimeError(f"OPA does not start (exit code {process.returncode})")
