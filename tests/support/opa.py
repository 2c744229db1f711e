"""Real OPA servers for tests, the certificates that they need, and servers that are none."""

from __future__ import annotations

import datetime
import http.server
import ipaddress
import json
import os
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from support import tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "a-token-for-tests"
AUTHZ = """\
package system.authz

default allow := false

allow if input.identity == "a-token-for-tests"
"""


def program() -> Path:
    """The real `opa`."""
    return Path(tools.opa())


def path_with(*folders: Path) -> str:
    """A PATH for the command: what is needed to run git, with these folders first."""
    return os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
        return port


class Running:
    """A real OPA that somebody runs."""

    def __init__(self, folder: Path, *arguments: str, port: int = 0, host: str = "127.0.0.1") -> None:
        self.folder, self.arguments = folder, arguments
        self.port, self.host = port or free_port(), host
        self.scheme = "https" if "--tls-cert-file" in arguments else "http"
        self.url = f"{self.scheme}://{host}:{self.port}"
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        command = [str(program()), "run", "--server", "--addr", f"127.0.0.1:{self.port}", "--skip-version-check"]
        self.log = (self.folder / f"opa-{self.port}.log").open("wb")
        self.process = subprocess.Popen(
            [*command, "--log-level", "info", *self.arguments],
            cwd=self.folder,
            env={},
            stdout=self.log,
            stderr=self.log,
        )
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert self.process.poll() is None, "OPA does not start"
                assert time.monotonic() < end, "OPA does not answer"
                time.sleep(0.01)
            else:
                return

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def asked(self) -> list[tuple[str, str]]:
        """Every request so far, by method and path, as OPA logged it."""
        rows = [json.loads(line) for line in (self.folder / f"opa-{self.port}.log").read_text().splitlines()]
        return [(row["req_method"], row["req_path"]) for row in rows if row.get("msg") == "Received request."]

    def get(self, path: str, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(self.url + path, headers=headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return json.load(answer)

    def left(self, token: str = "") -> list[str]:
        """What is left of runs: ids of policies, and roots of data."""
        policies = [one["id"] for one in self.get("/v1/policies", token)["result"]]
        roots = self.get("/v1/data", token)["result"]
        return [name for name in (*policies, *roots) if name.startswith("changegate_run")]


@contextmanager
def running(folder: Path, *arguments: str, **how: Any) -> Iterator[Running]:
    server = Running(folder, *arguments, **how)
    try:
        yield server
    finally:
        server.stop()


# Certificates


class Pair(NamedTuple):
    """A certificate with its key, and who signed it."""

    certificate: Path
    key: Path


class Authority:
    """Somebody who signs certificates."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec

        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"test {name}")])
        self.file = folder / f"{name}.pem"
        self._write(self.file, self._sign(self._name, self._key.public_key(), is_authority=True))

    def _sign(self, subject: Any, key: Any, names: tuple[Any, ...] = (), *, is_authority: bool = False) -> Any:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if is_authority:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            made = made.add_extension(usage, critical=True)
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return made.sign(self._key, hashes.SHA256())

    def pair(self, name: str, *hosts: str) -> Pair:
        """Sign a certificate for hosts; for none, one of a client."""
        from cryptography import x509
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        names = tuple(
            x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host) for host in hosts
        )
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        made = Pair(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        self._write(made.certificate, self._sign(subject, key.public_key(), names))
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        made.key.write_bytes(text)
        return made

    def _write(self, path: Path, certificate: Any) -> None:
        from cryptography.hazmat.primitives import serialization

        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def tls(pair: Pair, *more: str) -> tuple[str, ...]:
    """The arguments of an OPA that speaks TLS."""
    return ("--tls-cert-file", str(pair.certificate), "--tls-private-key-file", str(pair.key), *more)


# Servers that are no OPA, or a sick one


class Odd(http.server.BaseHTTPRequestHandler):
    """Answers what every OPA answers, up to the decision; what it does then, a test says."""

    protocol_version = "HTTP/1.1"
    server: OddServer

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        if self.command == "POST" or self.server.always:
            self.close_connection = True
            self.server.act(self)
        elif self.path.startswith("/v1/config"):
            self.reply(b'{"result":{"labels":{"version":"1.22.2"}}}')
        elif self.command in {"PUT", "DELETE"} and self.path.startswith("/v1/data"):
            self.reply(b"", 204)
        else:
            self.reply(b"{}")

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_any  # noqa: N815  (names that the base class looks for)

    def reply(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class OddServer(http.server.ThreadingHTTPServer):
    """Serves one oddity on loopback."""

    def __init__(self, act: Callable[[Odd], None], *, always: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Odd)
        self.act, self.always = act, always
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.over = threading.Event()
        """Set at the end of the test: what hangs, hangs so long."""
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: Any) -> None:
        """The client may go away at any time."""


@contextmanager
def odd(act: Callable[[Odd], None], *, always: bool = False) -> Iterator[OddServer]:
    server = OddServer(act, always=always)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
