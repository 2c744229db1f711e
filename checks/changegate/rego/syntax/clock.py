"""`time.now_ns()` on an OPA: the recorded time of the run stands in its place, so that no policy reads a clock.

It becomes a function of a module of ours, which answers that time. `with time.now_ns as …` puts something in the place
of that function, as it would in the place of the builtin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import walk
from changegate.rego.syntax.builtins import CLOCK
from changegate.rego.syntax.refusals.outward import builtins_named
from changegate.rego.syntax.refusals.program import line_of, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.bundle import Bundle
    from changegate.rego.syntax.ast import ParsedModule

Edits = dict[int, tuple[int, bytes]]
"""Where bytes of a text begin -> where they end, and what stands in their place."""


def clock_edits(module: ParsedModule, modules: Sequence[ParsedModule], function: str) -> Edits:
    """What puts a function in the place of the clock; lines stay what they are.

    Args:
        module: One module.
        modules: All of them.
        function: The whole path of a function with one argument.
    """
    calls = {
        id(node.body["fcn"]): node.body for rule in module.rules for node in walk(rule.body) if node.kind == "Call"
    }
    edits: Edits = {}
    for _, found in builtins_named(module, modules, {CLOCK}):
        (body,) = found.values()
        start, end = int(body["span"]["start"]), int(body["span"]["end"])
        call = calls.get(id(found))
        if call is None:
            edits[start] = (end, function.encode())
        else:
            edits[start] = (end + 1, f"{function}(0{', ' if call['params'] else ''}".encode())
    return edits


def clock_module(package: str, now: int) -> str:
    """The text of the module with that function, `ns`."""
    return f"package {package}\n\nns(_) := {now}\n"


def clocks(bundle: Bundle, modules: Sequence[ParsedModule]) -> Iterator[PolicyError]:
    """Refuse what would read an OPA's clock, where there is no recorded time."""
    if bundle.now is not None:
        return
    for module in modules:
        for _, found in builtins_named(module, modules, {CLOCK}):
            hint = "let the embedded engine evaluate it, or give the time in the input"
            yield refused(module, line_of(found), f"an OPA would read its clock for {CLOCK}", hint)
