"""Policies on a server for the time of one run, under a root of its own that nobody else can guess."""

from __future__ import annotations

import secrets
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from changegate.errors import ChangegateError, EngineError, PolicyError
from changegate.policy.engines.opa.faults import Refused, Unreachable
from changegate.policy.engines.opa.order import ordered, pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from changegate.policy.bundle import Bundle
    from changegate.policy.engines.opa.client import Client
    from changegate.policy.engines.opa.faults import Fault

PREFIX = "changegate_run"
"""What the root of every run begins with, so that what a killed run left behind is found. After it stands the time."""

REMOVAL = 20.0
"""Seconds for taking everything away: whoever waits for the end of a run is not kept longer."""


class Upload:
    """One bundle below a root of its own."""

    def __init__(self, client: Client, bundle: Bundle) -> None:
        """Move the bundle; nothing is sent yet.

        Raises:
            PolicyError: A module does not parse, or cannot be moved; names its file and line.
        """
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self.root = f"{PREFIX}_{stamp}_{secrets.token_hex(16)}"
        self.pieces = pieces(bundle, self.root)
        self._client = client
        self._bundle = bundle
        self._order, self._circle = ordered(self.pieces)
        self._sent: list[int] = []

    def send(self) -> None:
        """Load data and modules.

        Raises:
            PolicyError: OPA does not compile a module; names its file and line.
            EngineError: The server could not be reached, or refused.
        """
        if self._bundle.data:
            self._client.put_data(self.root, self._bundle.data)
        for at in self._circle:
            self._put(at, self.pieces[at].stand_in)
        for at in self._order:
            self._put(at, self.pieces[at].text)

    def _put(self, at: int, text: str) -> None:
        if at not in self._sent:
            self._sent.append(at)  # before it is sent: it may arrive although no answer does
        try:
            self._client.put_policy(self._name(at), text)
        except Refused as refused:
            raise self.translated(refused, self.pieces[at].file) from None

    def _name(self, at: int) -> str:
        """The id of a module: names of files may hold anything, and stay here."""
        return f"{self.root}/{at}.rego"

    def path(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Where a rule is on the server: its names below `data`."""
        return (self.root, *parts)

    def check(self, answer: dict[str, Any]) -> None:
        """An answer is ours: nobody else knows the root."""

    def must_be_there(self) -> None:
        """Make sure that what has no value has none: that the server still has every module.

        Raises:
            EngineError: It has not.
        """
        if not all(self._client.has_policy(self._name(at)) for at in self._order):
            message = f"the OPA server at {self._client.where} no longer has the policies of this run"
            raise EngineError(message, hint="it was restarted, or somebody removed them: run again when it is well")

    def remove(self) -> None:
        """Take everything away again, however much of it was sent: each module before those that it uses.

        Raises:
            EngineError: Something may be left.
        """
        end = time.monotonic() + REMOVAL
        problem: EngineError | None = None
        for step in self._steps_back():
            if isinstance(problem, Unreachable) or time.monotonic() > end:
                break
            try:
                step()
            except EngineError as error:
                problem = error
        else:
            self._sent = []
        if self._sent or problem:
            raise problem or Unreachable("removing them took too long")

    def _steps_back(self) -> Iterator[Callable[[], None]]:
        sent = [at for at in self._order if at in self._sent]
        for at in self._circle:
            if at in sent:
                yield partial(self._client.put_policy, self._name(at), self.pieces[at].stand_in)
        for at in reversed(sent):
            yield partial(self._client.delete_policy, self._name(at))
        if self._bundle.data:
            yield partial(self._client.delete_data, self.root)

    # Errors

    def translated(self, refused: Refused, file: str = "") -> ChangegateError:
        """Say in the user's own terms what OPA found in a policy: the file, the line, and no root of ours.

        Args:
            refused: What OPA answered.
            file: The file that it is about, where OPA names none.
        """
        if not refused.faults:
            return refused
        fault = refused.faults[0]
        named = self._file(fault)
        message = f"the policy cannot be evaluated: {self.plain(fault.message)[:300]}"
        return PolicyError(message, hint=_hint(fault), file=named or file, line=fault.line if named else None)

    def plain(self, text: str) -> str:
        """A text of OPA's without our root."""
        for at, piece in enumerate(self.pieces):
            text = text.replace(self._name(at), piece.file)
        return text.replace(f"{self.root}.", "").replace(self.root, "data")

    def _file(self, fault: Fault) -> str:
        for at, piece in enumerate(self.pieces):
            if fault.file == self._name(at):
                return piece.file
        return ""


def _hint(fault: Fault) -> str:
    if fault.code == "rego_parse_error":
        return "mend the policy; `opa fmt --rego-v1 FILE` rewrites the Rego of older versions"
    return "mend the policy"
