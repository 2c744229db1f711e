"""The user's own server: reached as the options say, and left as it was found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from changegate.errors import EngineError, UsageError
from changegate.rego.engines.opa.address import address_of
from changegate.rego.engines.opa.binary import is_recent
from changegate.rego.engines.opa.certificates import certificate_of
from changegate.rego.engines.opa.client import Client, Way
from changegate.rego.engines.opa.faults import HOW
from changegate.rego.engines.opa.upload import Upload

if TYPE_CHECKING:
    from changegate.rego.bundle import Bundle
    from changegate.rego.engines import EngineOptions
    from changegate.rego.engines.opa.served_bundle import ServedBundle


class RemoteServer:
    """A server that was there before the run."""

    def __init__(self, options: EngineOptions) -> None:
        """Reach it.

        Raises:
            UsageError: The options do not go together, or name what is not there.
            EngineError: It cannot be reached, or is too old.
        """
        self._client = Client(way_of(options))
        self._revision, self._beside = options.opa_bundle_revision, options.beside
        self._uploads: list[Upload] = []
        version = self._client.version()
        if not is_recent(version):
            message = f"the OPA server at {self._client.where} is version {version}, which reads an older Rego"
            raise EngineError(message, hint="use OPA 1.0 or later")
        self.name = " ".join(part for part in ("opa", version, f"({self._client.where})") if part)

    def load(self, bundle: Bundle) -> tuple[Client, Upload | ServedBundle]:
        """Upload a bundle, or find it there.

        Raises:
            PolicyError: A module does not compile; names its file and line.
            EngineError: The server refused, or has not what it should have.
        """
        if bundle.shipped and self._revision:
            from changegate.rego.engines.opa.served_bundle import ServedBundle

            return self._client, ServedBundle(self._client, bundle, self._revision, self._beside(bundle))
        upload = Upload(bundle, self._client)
        self._uploads.append(upload)
        # NOTE: OPA compiles all that it has for each module that is uploaded. Ours are large, and known to compile:
        # they are sent when they are asked, after those of the user's own, of which there may be many.
        if not bundle.shipped:
            upload.send()
        return self._client, upload

    def close(self) -> None:
        """Remove what was uploaded. Says on stderr what stays behind: the verdict does not hang on it."""
        for upload in sorted(self._uploads, key=lambda one: -one.size):  # what is large makes each removal slow
            try:
                upload.remove()
            except EngineError as error:
                _tell(self._client.where, upload.root, error)
        self._client.close()


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


def _only_with_tls(options: EngineOptions) -> None:
    for name in ("ca", "cert", "key"):
        if getattr(options, f"opa_{name}"):
            raise UsageError(f"--opa-{name} is for TLS", hint="write https:// in --opa-url, or leave it out")


def _tell(where: str, root: str, error: EngineError) -> None:
    """Say on stderr what stays behind: the verdict is made, and does not hang on it."""
    from changegate.escape import terminal

    message = f"policies of this run may be left on the OPA server at {where}, below {root}: {error.message}"
    sys.stderr.write(f"changegate: {terminal(message)}\n  try: {HOW}, and how to remove them\n")
