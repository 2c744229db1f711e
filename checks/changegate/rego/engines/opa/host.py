"""The host of one run: a server, what was loaded there, and the end of both."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any, Protocol

from changegate.errors import EngineError
from changegate.rego.engines.engine import Engine
from changegate.rego.engines.opa.ending import Ending
from changegate.rego.engines.opa.faults import RefusedError
from changegate.rego.engines.opa.remote import RemoteServer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.rego.bundle import Bundle
    from changegate.rego.engines import EngineOptions
    from changegate.rego.engines.embedded import Given
    from changegate.rego.engines.opa.client import Client
    from changegate.rego.engines.opa.namespaced import Namespaced
    from changegate.rego.engines.opa.served_bundle import ServedBundle

    Held = Namespaced | ServedBundle
    """How a server has a bundle."""


class OpaHost:
    """An OPA for one run: the user's, or one that is started for it."""

    def __init__(self, options: EngineOptions) -> None:
        """Reach the server, or find the program.

        Raises:
            UsageError: The options do not go together, or name what is not there.
            EngineError: There is no OPA to be had, or it is too old.
        """
        self._owner = os.getpid()
        self._place: ServerPlace | None = None
        self._ending = Ending(self.close)
        try:
            self._place = RemoteServer(options) if options.opa_url else _started(options)
        except BaseException:
            self.close()
            raise
        self.name = self._place.name

    @property
    def release(self) -> str:
        """The name, which has the version that the server tells."""
        return self.name

    def load(self, bundle: Bundle) -> Engine:
        """Load a bundle; see the interface."""
        if not bundle.shipped:
            from changegate.rego.syntax.refuse import refuse

            refuse(bundle, embedded=False)
        assert self._place is not None  # noqa: S101  (it was made, or the constructor raised)
        client, held = self._place.load(bundle)
        return Opa(self.name, bundle, client, held)

    def close(self) -> None:
        """Take away what was loaded, and end what was started; in the process that did it, once."""
        if os.getpid() != self._owner or self._ending.is_over:
            return
        with self._ending:
            if self._place is not None:
                self._place.close()


class ServerPlace(Protocol):
    """Where bundles go."""

    name: str

    def load(self, bundle: Bundle) -> tuple[Client, Held]:
        """Load one; answers whom to ask for it, and how."""
        ...

    def close(self) -> None:
        """Take everything back."""
        ...


def _started(options: EngineOptions) -> ServerPlace:
    from changegate.rego.engines.opa.server import StartedServers

    return StartedServers(options)


class Opa(Engine):
    """One bundle on a server."""

    def __init__(self, name: str, bundle: Bundle, client: Client, held: Held) -> None:
        """Ask for what is loaded already.

        Args:
            name: What reports call the engine.
            bundle: What was loaded.
            client: Asks the server.
            held: How the server has the bundle.
        """
        self.name, self.bundle = name, bundle
        self._client, self._held = client, held

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        from changegate.rego.engines.embedded import Given

        given = Given.of(document, self.bundle)
        self._held.send()
        paths = {reference: _parts(reference) for reference in references}
        several = self._held.several(list(paths.values()), given)
        if several is None:
            values = {reference: self._ask(self._held.path(path), given, path) for reference, path in paths.items()}
        else:
            together = self._ask(*several, next(iter(paths.values())))
            answers = together if isinstance(together, dict) else {}
            values = {reference: answers.get(json.dumps(path), _UNDEFINED) for reference, path in paths.items()}
        found = {reference: value for reference, value in values.items() if value is not _UNDEFINED}
        if len(found) < len(paths):
            self._held.must_be_there()
        return found

    def _ask(self, path: tuple[str, ...], given: Given, rule: tuple[str, ...]) -> Any:
        """Ask for what is at a path of the server; `rule` is what the user knows it by."""
        try:
            answer = self._client.ask(path, given)
        except RefusedError as refused:
            raise self._held.translated(refused, self.bundle.file_of(".".join(rule[:-1]))) from None
        self._held.check(answer)
        return answer.get("result", _UNDEFINED)


_UNDEFINED = object()
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
