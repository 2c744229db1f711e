"""Policies on a server for the time of one run, under a root of its own that nobody else can guess."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from changegate.errors import EngineError
from changegate.rego.engines.opa.faults import RefusedError, UnreachableError
from changegate.rego.engines.opa.namespaced import Namespaced
from changegate.rego.engines.opa.order import ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from changegate.rego.bundle import Bundle
    from changegate.rego.engines.opa.client import Client

REMOVAL = 20.0
"""Seconds for taking everything away: whoever waits for the end of a run is not kept longer."""


class Upload(Namespaced):
    """One bundle, uploaded."""

    def __init__(self, bundle: Bundle, client: Client) -> None:
        """Move the bundle; nothing is sent yet.

        Raises:
            PolicyError: A module does not parse, or cannot be moved; names its file and line.
        """
        super().__init__(bundle)
        self._client = client
        self._order, self._circle = ordered(self.pieces)
        self._ready = False

    def send(self) -> None:
        """Load data and modules, unless this process has done so.

        Raises:
            PolicyError: OPA does not compile a module; names its file and line.
            EngineError: The server could not be reached, or refused.
        """
        if self._ready:
            return
        if self.data:
            self._client.put_data(self.root, self.data)
        for at in self._circle:
            self._put(at, self.pieces[at].stand_in)
        for at in self._order:
            self._put(at, self.pieces[at].text)
        self._ready = True

    def _put(self, at: int, text: str) -> None:
        try:
            self._client.put_policy(self.id_of(at), text)
        except RefusedError as refused:
            raise self.translated(refused, self.pieces[at].file) from None

    def must_be_there(self) -> None:
        """See the base; a server that was restarted has none of them."""
        if not all(self._client.has_policy(self.id_of(at)) for at in self._order):
            message = f"the OPA server at {self._client.where} no longer has the policies of this run"
            raise EngineError(message, hint="it was restarted, or somebody removed them: run again when it is well")

    def remove(self) -> None:
        """Take everything away again: each module before those that it uses.

        NOTE: how much of it was sent, nobody knows: what got no answer may have arrived, and a fork may have sent it.

        Raises:
            EngineError: Something may be left.
        """
        end = time.monotonic() + REMOVAL
        problem: EngineError | None = None
        for step in self._steps_back():
            if isinstance(problem, UnreachableError) or time.monotonic() > end:
                raise problem or UnreachableError("removing them took too long")
            try:
                step()
            except EngineError as error:
                problem = error
        if problem:
            raise problem

    def _steps_back(self) -> Iterator[Callable[[], None]]:
        for at in self._circle:
            yield partial(self._client.put_policy, self.id_of(at), self.pieces[at].stand_in)
        for at in reversed(self._order):
            yield partial(self._client.delete_policy, self.id_of(at))
        if self.data:
            yield partial(self._client.delete_data, self.root)

    @property
    def size(self) -> int:
        """How much there is to compile, in characters."""
        return sum(len(piece.text) for piece in self.pieces)
