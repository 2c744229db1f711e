"""Policies of one's own as an engine that is asked one question after another: for tests, coverage and traces.

It has the methods of the embedded library's engine that those use, and evaluates the normal form as the gate does.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.bundle import Bundle, Module
from changegate.rego.normal.evaluation import Run
from changegate.rego.normal.forms import Compr, Every, Form, Not, NotBody, closures
from changegate.rego.normal.program import NormalProgram, path_of
from changegate.rego.normal.values import UNDEFINED, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.rego.normal.forms import LoweredRule
    from changegate.rego.syntax.ast import ParsedModule

_UNDEFINED = '"<undefined>"'


class ToldError(Exception):
    """What went wrong, with its place, in the library's form."""

    def __init__(self, error: PolicyError) -> None:
        """Take over an error."""
        message = error.message.removeprefix("the policy cannot be evaluated: ")
        super().__init__(f"--> {error.file}:{error.line or 1}:1\nerror: {message}")


class Interpreter:
    """Modules, data and an input."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self.files: Mapping[str, str] = {}
        """What tests may read."""
        self._modules: list[ParsedModule] = []
        self._data: dict[str, Any] = {}
        self._input: Any = UNDEFINED
        self._program: NormalProgram | None = None
        self._before: NormalProgram | None = None
        self._prints: list[str] = []
        self._lines: dict[str, set[int]] | None = None
        self.now: int | None = None
        """What `time.now_ns()` answers, where no test puts another time in its place."""

    def clone(self) -> Interpreter:
        """The same, to which more may be added."""
        made = Interpreter()
        made._modules, made._data, made._input = list(self._modules), self._data, self._input
        made.files = self.files
        made.now = self.now
        made._before = self._loaded()
        return made

    def add_policy(self, name: str, text: str) -> None:
        """Add a module.

        Raises:
            ToldError: It does not parse.
        """
        from changegate.rego.syntax.ast import parse_modules

        try:
            self._modules += parse_modules(Bundle((Module(name, text),)))
        except PolicyError as error:
            raise ToldError(error) from None
        self._program = None

    def add_data_json(self, text: str) -> None:
        """Give the data."""
        self._data = json.loads(text)
        self._program = self._before = None

    def set_input_json(self, text: str) -> None:
        """Give the input."""
        self._input = from_json(text)

    def set_gather_prints(self, on: bool) -> None:
        """Prints are always kept."""

    def set_enable_coverage(self, on: bool) -> None:
        """Note which lines are evaluated."""
        self._lines = {} if on else None
        self._program = None if on else self._program

    def take_prints(self) -> list[str]:
        """What was printed since the last time."""
        prints, self._prints = self._prints, []
        return prints

    def check(self) -> None:
        """Look through all modules.

        Raises:
            ToldError: They cannot be evaluated.
        """
        try:
            self._loaded().check()
        except PolicyError as error:
            raise ToldError(error) from None

    def _loaded(self) -> NormalProgram:
        if self._program is None:
            self._program = NormalProgram(self._modules, self._data, self._before)
            self._program.machine.notes_lines = self._lines is not None
        return self._program

    def _asked(self, reference: str) -> Any:
        run = Run()
        run.lines, run.files, run.now = self._lines, self.files, self.now
        try:
            program = self._loaded()
            for fault in program.lowering_faults:
                raise fault
            value = program.ask(path_of(reference), self._input, run)
            for fault in run.faults:
                raise fault
        except PolicyError as error:
            raise ToldError(error) from None
        finally:
            self._prints += run.prints
        return value

    def eval_rule_as_json(self, reference: str) -> str:
        """The value of a rule as JSON text."""
        value = self._asked(reference)
        return _UNDEFINED if value is UNDEFINED else to_json(value)

    def eval_query_as_json(self, query: str) -> str:
        """The value of a reference, in the form of the library's answers; `true` looks through the modules."""
        if query == "true":
            self.check()
            return "{}"
        value = self._asked(query)
        return "{}" if value is UNDEFINED else f'{{"result":[{{"expressions":[{{"value":{to_json(value)}}}]}}]}}'

    def get_coverage_report_as_json(self) -> str:
        """Of each file the lines that were evaluated, and those that were not."""
        every: dict[str, set[int]] = {}
        for compiled in self._loaded().machine.compiled:
            every.setdefault(compiled.rule.file, set()).update(_lines(compiled.rule))
        seen = self._lines or {}
        files = [
            {
                "path": file,
                "covered": sorted(seen.get(file, set()) & lines),
                "not_covered": sorted(lines - seen.get(file, set())),
            }
            for file, lines in every.items()
        ]
        return json.dumps({"files": files})


def _lines(rule: LoweredRule) -> Iterable[int]:
    for branch in rule.branches:
        yield branch.line
        yield from _of_body(branch.body)


def _of_body(body: list[Form]) -> Iterable[int]:
    for statement in body:
        yield statement.line
        inner = statement.inner if isinstance(statement, Not) else statement
        if isinstance(inner, (Every, NotBody)):
            yield from _of_body(inner.body)
        for one in closures(statement):
            if isinstance(one, Compr):
                yield from _of_body(one.body)
