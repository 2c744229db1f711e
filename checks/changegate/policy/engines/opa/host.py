"""The host of one run: a server, what was loaded there, and the end of both."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError, UsageError
from changegate.policy.engines.engine import Engine
from changegate.policy.engines.opa.address import address_of
from changegate.policy.engines.opa.client import Client, Way
from changegate.policy.engines.opa.ending import Ending
from changegate.policy.engines.opa.binary import is_recent
from changegate.policy.engines.opa.certificates import certificate_of
from changegate.policy.engines.opa.faults import DOCS, Refused
from changegate.policy.engines.opa.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.policy.bundle import Bundle
    from changegate.policy.engines import EngineOptions
    from changegate.policy.engines.embedded import Given
    from changegate.policy.engines.opa.present import Present
    from changegate.policy.engines.opa.server import Server


class OpaHost:
    """An OPA for one run: the user's, or one that is started for it."""

    def __init__(self, options: EngineOptions) -> None:
        """Reach the server, or start one.

        Raises:
            UsageError: The options do not go together, or name what is not there.
            EngineError: There is no server to be had, or it is too old.
        """
        self._owner = os.getpid()
        self._uploads: list[Upload] = []
        self._server: Server | None = None
        self._revision = options.opa_bundle_revision
        self._ending = Ending(self.close)
        try:
            self._open(options)
        except BaseException:
            self.close()
            raise

    def _open(self, options: EngineOptions) -> None:
        if options.opa_url:
            way = way_of(options)
            self._client, shown = Client(way), str(way.address)
        else:
            from changegate.policy.engines.opa.server import Server

            _only_with_url(options)
            self._server = Server(options)
            self._client, shown = self._server.client, "started by changegate"
        version = self._client.version()
        if not is_recent(version):
            message = f"the OPA server at {shown} is version {version}, which reads an older Rego"
            raise EngineError(message, hint="use OPA 1.0 or later")
        self.name = f"opa {version} ({shown})" if version else f"opa ({shown})"

    def load(self, bundle: Bundle) -> Engine:
        """Load a bundle; see the interface."""
        if not bundle.shipped:
            from changegate.policy.syntax.refuse import refuse

            refuse(bundle)
        elif self._revision:
            from changegate.policy.engines.opa.present import Present

            return Opa(self.name, bundle, self._client, Present(self._client, bundle, self._revision))
        upload = Upload(self._client, bundle)
        if self._server is not None:
            self._server.check(upload)
        self._uploads.append(upload)
        upload.send()
        return Opa(self.name, bundle, self._client, upload)

    def close(self) -> None:
        """Take away what was loaded, and end a server that was started; in the process that did it, once."""
        if os.getpid() != self._owner or self._ending.is_over:
            return
        with self._ending:
            if self._server is not None:
                self._server.close()  # which forgets everything
                return
            for upload in reversed(self._uploads):
                try:
                    upload.remove()
                except EngineError as error:
                    _tell(self._client.where, upload.root, error)
            if hasattr(self, "_client"):
                self._client.close()


class Opa(Engine):
    """One bundle on a server."""

    def __init__(self, name: str, bundle: Bundle, client: Client, place: Upload | Present) -> None:
        """Ask for what is loaded already.

        Args:
            name: What reports call the engine.
            bundle: What was loaded.
            client: Asks the server.
            place: Where on the server the bundle is.
        """
        self.name, self.bundle = name, bundle
        self._client, self._place = client, place

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        from changegate.policy.engines.embedded import Given

        given = Given.of(document, self.bundle)
        values = {}
        for reference in references:
            answer = self._ask(reference, given)
            self._place.check(answer)
            if "result" in answer:
                values[reference] = answer["result"]
        if len(values) < len(references):
            self._place.must_be_there()
        return values

    def _ask(self, reference: str, given: Given) -> dict[str, Any]:
        try:
            return self._client.ask(self._place.path(_parts(reference)), given)
        except Refused as refused:
            file = self.bundle.file_of(reference.removeprefix("data.").rpartition(".")[0])
            raise self._place.translated(refused, file) from None


_PART = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_]*)|\["([^"\\]+)"\]')


def _parts(reference: str) -> tuple[str, ...]:
    """The names in a static reference, `data.a["b-c"].d`, without `data`."""
    found, at = [], len("data")
    while at < len(reference):
        part = _PART.match(reference, at)
        if part is None:
            raise EngineError(f"{reference} is no static reference", hint="name packages and rules plainly")
        found.append(part[1] or part[2])
        at = part.end()
    return tuple(found)


def way_of(options: EngineOptions) -> Way:
    """How the user's server is reached.

    Raises:
        UsageError: The options do not go together, or name files that are not there or not what they should be.
    """
    address = address_of(options.opa_url)
    if not address.secure:
        _only_with_tls(options)
    if options.opa_token and not (address.secure or address.is_loopback):
        hint = "use https://, or let the server listen on loopback"
        raise UsageError("a token would be sent over the network as it is, for anybody to read", hint=hint)
    return Way(
        address=address,
        timeout=options.opa_timeout,
        retries=options.opa_retries,
        token=options.opa_token,
        ca=options.opa_ca,
        certificate=certificate_of(options),
    )


def _only_with_url(options: EngineOptions) -> None:
    for name in ("ca", "cert", "key", "bundle_revision"):
        if getattr(options, f"opa_{name}"):
            option = f"--opa-{name.replace('_', '-')}"
            raise UsageError(f"{option} is for a server of your own", hint="give --opa-url, or leave it out")


def _only_with_tls(options: EngineOptions) -> None:
    for name in ("ca", "cert", "key"):
        if getattr(options, f"opa_{name}"):
            raise UsageError(f"--opa-{name} is for TLS", hint="write https:// in --opa-url, or leave it out")


def _tell(where: str, root: str, error: EngineError) -> None:
    """Say on stderr what stays behind: the verdict is made, and does not hang on it."""
    from changegate.report.escape import terminal

    message = f"policies of this run may be left on the OPA server at {where}, below {root}: {error.message}"
    sys.stderr.write(f"changegate: {terminal(message)}\n  try: {DOCS}, and how to remove them\n")
