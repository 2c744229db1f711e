"""Evaluating own policies apart from ours, within bounds, so that the rule that takes too much is named."""

from __future__ import annotations

import pickle
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

from changegate.errors import OTHER_ENGINE, EngineError, PolicyError, UnparsedError
from changegate.own_policies.discover import discover
from changegate.records import NamedTuple
from changegate.rego.engines import Engine
from changegate.rego.engines.engine import EMBEDDED
from changegate.worker import Limits, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.own_policies.discover import Discovered
    from changegate.rego.bundle import Bundle, Module
    from changegate.rego.engines import Host

_LESS = "make the policy do less for one release"
HINT = f"{_LESS}; `policies.limits` in .changegate/config.yaml sets the bounds"


class RuleStart(NamedTuple):
    """Where a rule begins."""

    file: str
    line: int | None = None


class Apart(Engine):
    """The own policies, loaded in an engine of their own."""

    def __init__(self, host: Host, bundle: Bundle, places: Mapping[str, RuleStart] | None = None) -> None:
        """Load them.

        Args:
            host: Where.
            bundle: All of them.
            places: Where each rule begins, by the reference to it, as far as that is known.

        Raises:
            PolicyError: A policy does not compile, or has a form that is refused.
            EngineError: Loading them takes too long or too much, or the engine could not be reached.
        """
        self.name = host.name
        self.bundle = bundle
        self._places = places or {}
        self._host = host
        self._engine = host.load(bundle)

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate references; where the engine fails, evaluate one by one, so that the culprit is named.

        Raises:
            PolicyError: A policy met a value of a wrong type.
            EngineError: A policy takes too long or too much, or makes the engine crash; names the rule's file and
                line. Or none does alone, but all of them together.
        """
        try:
            return self._engine.query(references, document)
        except EngineError as error:
            if len(references) == 1:
                raise self._named(references[0], error) from None
            return self._one_by_one(references, document, error)

    def _one_by_one(self, references: Sequence[str], document: Mapping[str, Any], error: EngineError) -> dict[str, Any]:
        """Ask rule by rule until one fails; all of them together may take no more than they might at once."""
        # NOTE: an engine that has died stays so; the next one has the same policies, and the same bounds.
        self._engine = self._host.load(self.bundle)
        most = self.bundle.limits.seconds if self.bundle.limits is not None else Limits().seconds
        spent: dict[str, float] = {}
        answer: dict[str, Any] = {}
        for asked in references:
            began = time.monotonic()
            try:
                answer.update(self._engine.query((asked,), document))
            except EngineError as alone:
                raise self._named(asked, alone) from None
            spent[asked] = time.monotonic() - began
            if sum(spent.values()) > most:
                raise self._together(max(spent, key=lambda one: spent[one]), error)
        return answer

    def _together(self, slowest: str, error: EngineError) -> EngineError:
        message = f"the own policies, none alone but all together: {_why(error)}"
        return self._told(slowest, error, message, f"begin with {_rule(slowest)}; {self._hint(error)}")

    def _named(self, asked: str, error: EngineError) -> EngineError:
        return self._told(asked, error, f"{_rule(asked)}: {_why(error)}", self._hint(error))

    def _told(self, asked: str, error: EngineError, message: str, hint: str) -> EngineError:
        package = asked.removeprefix("data.").rpartition(".")[0]
        place = self._places.get(asked) or RuleStart(self.bundle.file_of(package))
        told = EngineError(message, hint=hint, file=place.file, line=place.line)
        told.answers_others = error.answers_others
        return told

    def _hint(self, error: EngineError) -> str:
        """What sets the bounds: of a server other options do."""
        return HINT if self.name == EMBEDDED else f"{_LESS}; {error.hint}"


def _why(error: EngineError) -> str:
    return error.message.partition(": ")[2] or error.message


def _rule(asked: str) -> str:
    package, _, rule = asked.removeprefix("data.").rpartition(".")
    return f"{rule} of the policy package {package}"


NO_BINARY = (
    "or put an `opa` program on the PATH, which reads what changegate's own parser does not: "
    "a server that --opa-url names cannot be asked how it reads a policy"
)
"""What is missing where an OPA decides that is only reached over the network."""


def discovered(modules: Sequence[Module], limits: Limits, *, is_embedded: bool = True) -> tuple[Discovered, ...]:
    """Find the rules in a worker: a text may be made to take the parser very long, or to crash it.

    Args:
        modules: The policies.
        limits: The worker's bounds.
        is_embedded: Whether the embedded engine is to evaluate them.

    Raises:
        PolicyError: A module does not parse, or has a rule in a form that could only be misunderstood.
        EngineError: Parsing takes too long or too much; names the module.
    """
    try:
        return _discovered(modules, limits)
    except UnparsedError as error:
        if not is_embedded:
            hint = f"{error.hint.removesuffix(OTHER_ENGINE).rstrip('; ')}; {NO_BINARY}".removeprefix("; ")
            raise PolicyError(error.message, hint=hint, file=error.file, line=error.line, column=error.column) from None
        raise
    except WorkerError as error:
        culprit = next((one for one in modules if len(modules) > 1 and _kills(one, limits)), modules[0])
        raise EngineError(f"the policy cannot be parsed: {error.message}", hint=HINT, file=culprit.name) from None


def _discovered(modules: Sequence[Module], limits: Limits) -> tuple[Discovered, ...]:
    with closing(Worker(lambda: lambda _request: pickle.dumps(discover(modules)), limits)) as worker:
        found: tuple[Discovered, ...] = pickle.loads(worker.call(b""))  # noqa: S301  (from our own fork)
    return found


def _kills(module: Module, limits: Limits) -> bool:
    """Whether one module alone ends the worker that parses it."""
    try:
        _discovered((module,), limits)
    except WorkerError:
        return True
    return False
