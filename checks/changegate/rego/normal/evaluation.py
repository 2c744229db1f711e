"""What one question is asked of, and what it leaves behind; and what stands in the place of what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.values import UNDEFINED, Obj

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.errors import PolicyError


Path = tuple[str, ...]
Env = list[Any]
"""The variables of one evaluation of a body, after what the functions need beside them."""
CONTEXT, RESULT, FIRST = 0, 1, 2
"""Where in an `Env` the evaluation stands, what is done with a value, and the first variable."""


class Run:
    """What one question leaves behind beside its answer."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.now: int | None = None
        """The time that `time.now_ns()` answers."""
        self.files: Mapping[str, str] = {}
        """What tests may read: the path of each file, as modules are called, and its text."""
        self.faults: list[PolicyError] = []
        """What builtins could not make of their operands."""
        self.prints: list[str] = []
        self.lines: dict[str, set[int]] | None = None
        """File -> the lines that were evaluated, where they are asked for."""


class Evaluation:
    """The documents that a question is about, and what is known of the rules."""

    __slots__ = ("cache", "data", "hidden", "input", "mocks", "run")

    def __init__(self, given: Any, data: Any, run: Run) -> None:
        """Take the input, or `UNDEFINED`, and the data."""
        self.input = given
        self.data = data
        self.run = run
        self.hidden: frozenset[Path] = frozenset()
        """The paths of rules in whose place `with` put values, which are in the data."""
        self.mocks: dict[Path, Any] = {}
        """The functions in whose place `with` put others, or values."""
        self.cache: dict[Any, Any] = {}

    def replaced(self, pairs: Iterable[tuple[Path, Any]]) -> Evaluation:
        """The same with values in the place of others."""
        made = Evaluation(self.input, self.data, self.run)
        made.hidden, made.mocks = self.hidden, self.mocks
        for target, value in pairs:
            if target[0] == "input":
                made.input = _put(made.input, target[1:], value)
            elif target[0] == "data" and not isinstance(value, Mock):
                made.data = _put(made.data, target[1:], value)
                made.hidden = made.hidden | {target[1:]}
            else:
                made.mocks = {**made.mocks, target: value}
        return made


class Mock:
    """What stands in the place of a function: another one, or a value."""

    __slots__ = ("name", "value")

    def __init__(self, name: Path | None, value: Any = None) -> None:
        """Take the name of a function, or a value."""
        self.name, self.value = name, value


def _put(document: Any, path: Path, value: Any) -> Any:
    """A document with a value at a path; what is no object on the way makes place."""
    if not path:
        return value
    inner = document.get(path[0], UNDEFINED) if isinstance(document, Obj) else UNDEFINED
    made = Obj(document) if isinstance(document, Obj) else Obj()
    made[path[0]] = _put(inner, path[1:], value)
    return made


def at(document: Any, path: Path) -> Any:
    """What is at a path of a document."""
    for name in path:
        if not isinstance(document, Obj):
            return UNDEFINED
        document = document.get(name, UNDEFINED)
    return document
