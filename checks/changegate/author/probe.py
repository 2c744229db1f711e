"""Asks the embedded engine what parts of a rule come to, by rules of its own put beside it in the same package.

A probe is a comprehension over the statements before a place: it holds every set of values with which they hold. What
cannot be asked alone (a statement that needs a variable of a later one) is answered by an error, never by a guess.
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple
from changegate.rego.faults import policy_error
from changegate.rego.syntax.ast import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.author.source import Branch, SourceFile, Statement
    from changegate.rego.bundle import Bundle

_PREFIX = "changegate_probe_"
_MOST = 50
"""So many sets of values are told of one place."""


class Answer(NamedTuple):
    """What a probe came to."""

    value: Any = None
    """Plain JSON; a set is a list."""
    error: str = ""
    """Why there is no value: the engine's words."""


class Prober:
    """Asks about one bundle and one input document."""

    def __init__(self, bundle: Bundle, document: Mapping[str, Any] | None = None) -> None:
        """Load the modules.

        Args:
            bundle: Modules that were refused nothing.
            document: The input; None for none, as tests bring their own.

        Raises:
            PolicyError: A module does not parse.
        """
        from changegate.author.worker import interpreter

        self._loaded = interpreter(bundle)
        self._loaded.set_gather_prints(True)
        for module in bundle.modules:
            try:
                self._loaded.add_policy(module.name, module.text)
            except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
                raise policy_error(error, module.name) from None
        if bundle.data:
            self._loaded.add_data_json(json.dumps(bundle.data))
        if document is not None:
            self._loaded.set_input_json(json.dumps(document))

    def ask(self, source: SourceFile, questions: Sequence[str]) -> list[Answer]:
        """Evaluate expressions as if they stood in a module: its imports and the rules of its package are theirs.

        NOTE: all are put into one module, which is quick. Where one of them does not compile, each gets its own.
        """
        if not questions:
            return []
        together = self._ask(source, questions)
        if any(answer.error for answer in together):
            return [self._ask(source, [question])[0] for question in questions]
        return together

    def _ask(self, source: SourceFile, questions: Sequence[str]) -> list[Answer]:
        engine = self._loaded.clone()
        rules = (f"{_PREFIX}{number} := {question}\n" for number, question in enumerate(questions))
        text = "\n".join([f"package {source.package}", *source.imports, *rules])
        try:
            # NOTE: the files that a test reads are looked for from the folder of its module.
            engine.add_policy(posixpath.join(posixpath.dirname(source.file), "probe.rego"), text)
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            return [Answer(error=_told(error))] * len(questions)
        package = dotted(source.parsed.package)
        return [_answer(engine, f"{package}.{_PREFIX}{number}") for number in range(len(questions))]


def _answer(engine: Any, reference: str) -> Answer:
    try:
        return Answer(json.loads(engine.eval_rule_as_json(reference)))
    except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
        return Answer(error=_told(error))


def _told(error: Exception) -> str:
    return policy_error(error, "").message.removeprefix("the policy cannot be evaluated: ")


def values(statements: Sequence[Statement], of: str, given: Sequence[str] = ()) -> str:
    """A question: what is an expression, wherever these statements hold?

    Args:
        statements: Those before the place, in order.
        of: The expression, such as `{"x": x}`.
        given: Statements in front, as text.
    """
    body = "\n".join([*given, *(statement.text for statement in statements)]) or "true"
    return f"[changegate_value |\n{body}\nchangegate_value := {of}\n]"


def bound(statements: Sequence[Statement], given: Sequence[str] = ()) -> str:
    """A question: with which values of their variables do these statements hold? An empty answer: with none."""
    names = dict.fromkeys(name for statement in statements for name in statement.declares)
    return values(statements, "{" + ", ".join(f'"{name}": {name}' for name in names) + "}", given)


class Stop(NamedTuple):
    """Where a body stops to hold."""

    at: int | None
    """The index of the first statement that does not hold with all before it; None where all hold."""
    bindings: tuple[Mapping[str, Any], ...] = ()
    """The values of the variables at that place, or at the end; each set once, the first of many."""
    sets: int = 0
    """How many sets of values there were."""
    unknown: tuple[int, ...] = ()
    """The statements that could not be asked for alone."""
    error: str = ""
    """What went wrong in the statement that stops, where it did not just not hold."""


def stop(prober: Prober, source: SourceFile, branch: Branch, given: Sequence[str] = ()) -> Stop:
    """Find where a body stops, by asking for the first statement, the first two, and so on."""
    told = branch.statements
    answers = prober.ask(source, [bound(told[:number], given) for number in range(len(told) + 1)])
    last, unknown = answers[0], []
    for index, answer in enumerate(answers[1:]):
        if answer.error and _is_unsafe(answer.error):
            unknown.append(index)
        elif answer.error:
            return _stopped(index, last, unknown, answer.error)
        elif not answer.value:
            return _stopped(index, last, unknown)
        else:
            last = answer
    return _stopped(None, last, unknown)


def _stopped(at: int | None, last: Answer, unknown: Sequence[int], error: str = "") -> Stop:
    found = list({json.dumps(one, sort_keys=True): one for one in last.value or ()}.values())
    return Stop(at, tuple(found[:_MOST]), len(found), tuple(unknown), error)


_UNSAFE = re.compile(r"unsafe|undefined variable|not (?:yet )?(?:defined|bound)")


def _is_unsafe(error: str) -> bool:
    """Whether a statement could not be asked for without a later one."""
    return _UNSAFE.search(error) is not None
