"""Conftest's `parse_config` and its kin in tests that an OPA runs, which has no such builtins.

What such a call reads is written in the test itself: a text, or the path of a file beside the policies. So it is read
before the tests are loaded, and a value of a module of ours stands in the place of the call. Lines stay what they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.rego.bundle import is_test
from changegate.rego.normal.builtins import CONFIGS, BuiltinFault, UnsureFault
from changegate.rego.normal.values import to_json
from changegate.rego.syntax.ast import walk
from changegate.rego.syntax.refusals.outward import builtins_named
from changegate.rego.syntax.refusals.program import line_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from changegate.rego.bundle import Module
    from changegate.rego.syntax.ast import ParsedModule, Tree
    from changegate.rego.syntax.clock import Edits


class Configurations:
    """The values that calls of a bundle's tests come to."""

    def __init__(self, package: str, files: Mapping[str, str]) -> None:
        """Begin with none.

        Args:
            package: Of the module that will hold them, by its whole path.
            files: What tests may read.
        """
        self._package, self._files = package, files
        self._values: dict[str, str] = {}

    def edits(self, module: Module, parsed: ParsedModule, modules: Sequence[ParsedModule]) -> Edits:
        """What puts values in the place of the calls of a module; nothing where it is no test.

        Raises:
            PolicyError: Nobody can tell what a call reads before it is evaluated.
        """
        if not is_test(module.name) or not any(name in module.text for name in CONFIGS):
            return {}
        calls = {
            id(node.body["fcn"]): node.body for rule in parsed.rules for node in walk(rule.body) if node.kind == "Call"
        }
        source = module.text.encode("utf-8", "surrogatepass")
        edits: Edits = {}
        for name, found in builtins_named(parsed, modules, CONFIGS):
            call = calls.get(id(found))
            if call is None:
                raise _refused(module, line_of(found), f"an OPA knows no {name} that something could stand in for")
            start, end = int(call["span"]["start"]), int(call["span"]["end"])
            key = self._key(module, line_of(found), name, call["params"])
            lines = "\n" * source[start:end].count(b"\n")
            edits[start] = (end, f"data.{self._package}[{json.dumps(key)}{lines}]".encode())
        return edits

    def text(self) -> str:
        """The module that holds the values; empty where there are none.

        NOTE: OPA's compiler refuses a reference into a value in which it sees no such key. Conftest's is of any type.
        """
        rules = [f'{key} := object.get({{}}, "", {value})' for value, key in self._values.items()]
        return "\n\n".join([f"package {self._package}", *rules, ""]) if rules else ""

    def _key(self, module: Module, line: int, name: str, params: Sequence[Tree]) -> str:
        count, read = CONFIGS[name]
        given = [_literal(one) for one in params]
        if len(given) != count or None in given:
            raise _refused(module, line, f"an OPA has no {name}, and what this one reads is not written in the call")
        try:
            value = to_json(read(self._files, module.name, *given))
        except (BuiltinFault, UnsureFault) as fault:
            value = _failing(f"{name}: {fault}")
        return self._values.setdefault(value, f"c{len(self._values)}")


def _failing(reason: str) -> str:
    """An expression that is an error, with this reason, of a test that comes to it: no words are a number."""
    return f"to_number({json.dumps(reason)})"


def _literal(tree: Tree) -> Any:
    """A text, or an array of texts, as it is written; None for all else."""
    ((kind, body),) = tree.items()
    if kind in {"String", "RawString"}:
        return body["value"]
    if kind != "Array":
        return None
    items = [_literal(one) for one in body["items"]]
    return None if any(not isinstance(one, str) for one in items) else tuple(items)


def _refused(module: Module, line: int, message: str) -> PolicyError:
    hint = "write the text, or the path, into the call itself; or run the tests on the embedded engine"
    return PolicyError(message, hint=hint, file=module.name, line=line)
