"""The embedded engine in a process of its own: it loads beside other work, and a crash of it is an answer, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError
from changegate.rego.engines.engine import DECISION, EMBEDDED, LARGEST_ANSWER, Engine
from changegate.worker import Limits, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from changegate.rego.bundle import Bundle
    from changegate.rego.engines import EngineOptions
    from changegate.rego.engines.compiled import Compiled
    from changegate.rego.engines.embedded import Embedded

OWN = Limits(seconds=20, bytes=1 << 30)
"""What policies of a user's own may use for one release: a rule that takes a second is not one for a gate already."""
_BETWEEN = "\t"
"""Between two references: one may have a blank in it, `data.a["b c"]`, and no package has a tab in its name."""
_MOST_DEATHS = 2
"""So often an engine that died is started anew: what ends it at one release need not at the next."""


class EmbeddedHost:
    """Loads bundles, each in a process of its own. Ours is loaded at once, before anybody asks for it."""

    name = EMBEDDED

    def __init__(self, options: EngineOptions) -> None:
        """Start to load our own policies, beside what else there is to do."""
        from changegate.rego.bundle import shipped

        del options
        self._engines = [Forked(shipped(), Limits())]

    @property
    def release(self) -> str:
        """The name and the version of the interpreter; the name alone where nobody can tell."""
        from changegate.rego.program.file import engine_version

        version = engine_version().partition("-")[2].removesuffix(".dist-info")
        return self.name.replace(")", f" {version})") if version else self.name

    def load(self, bundle: Bundle) -> Engine:
        """Load a bundle; see the interface."""
        if bundle is self._engines[0].bundle:
            return self._engines[0]
        self._engines.append(Forked(bundle, bundle.limits or OWN))
        self._engines[-1].query((), {})  # what does not load is told now
        return self._engines[-1]

    def close(self) -> None:
        """End the processes."""
        for engine in self._engines:
            engine.close()


class Forked(Engine):
    """One bundle in a process of its own."""

    def __init__(self, bundle: Bundle, limits: Limits) -> None:
        """Fork, and load there. What does not load is told by the first question."""
        self.name = EMBEDDED
        self.bundle = bundle
        self._limits = limits
        self._worker = self._start()
        self._deaths = 0
        self._here: Compiled | Embedded | None = None

    def query(self, references: Sequence[str], document: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate static references on one input document; see the interface."""
        return self._asked_beside(lambda: None, references, document)

    def _asked_beside(
        self, meanwhile: Callable[[], object], references: Sequence[str], document: Mapping[str, Any]
    ) -> dict[str, Any]:
        from changegate.rego.engines.embedded import Given

        if not self._worker.is_ours and self.bundle.shipped:
            meanwhile()
            return self._local().query(references, document)
        if not self._worker.is_ours or (self._worker.is_gone and self._deaths <= _MOST_DEATHS):
            self._worker = self._start()
        given = Given.of(document, self.bundle)
        try:
            answer = self._worker.call(f"{_BETWEEN.join(references)}\n{given.text}".encode(), meanwhile)
        except WorkerError as error:
            self._deaths += 1
            raise self._died(error, references) from None
        return given.values(answer.decode())

    def close(self) -> None:
        """End the process."""
        self._worker.close()

    def _start(self) -> Worker:
        """A worker of this process. Policies of a user's own have one in each fork, too: bounds hold everywhere."""
        bundle = self.bundle
        return Worker(lambda: _serve(bundle), self._limits)

    def _local(self) -> Compiled | Embedded:
        """The bundle in this process: a fork of the one that has the worker, which answers one process only."""
        from changegate.rego.engines.compiled import engine_for

        if self._here is None:
            self._here = engine_for(self.bundle)
        return self._here

    def _died(self, error: WorkerError, references: Sequence[str]) -> EngineError:
        asked = references[0] if references else "the policies"
        file = self.bundle.file_of(asked.removeprefix("data.").rpartition(".")[0])
        hint = "mend the policy: it is stopped so that it cannot stop the gate"
        if self.bundle.shipped:
            hint = "run again, with more memory; if it stays, report it as a fault of changegate"
        died = EngineError(f"the policy engine could not answer {asked}: {error.message}", hint=hint, file=file)
        died.answers_others = True
        return died


def _serve(bundle: Bundle) -> Callable[[bytes], bytes]:
    """Load a bundle, in the process that will answer for it."""
    from changegate.rego.engines.compiled import engine_for

    engine = engine_for(bundle)
    if bundle.shipped:
        engine.ask(
            (DECISION,), "{}"
        )  # the interpreter compiles at the first question: before the one that is waited for

    def answer(request: bytes) -> bytes:
        references, _, text = request.decode().partition("\n")
        answered = engine.ask(references.split(_BETWEEN) if references else (), text).encode()
        if len(answered) > LARGEST_ANSWER:
            message = f"{references}: the answer is larger than {LARGEST_ANSWER >> 20} MiB"
            raise EngineError(message, hint="let the policy answer less")
        return answered

    return answer
