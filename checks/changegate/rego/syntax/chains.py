"""`rego.metadata.chain()` on an OPA: it tells the path of each package, and a run moves packages below its own root.

So what it says goes through a function of a module of ours, which takes the root away: the answer is OPA's, about the
policy as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import walk
from changegate.rego.syntax.refusals.outward import builtins_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.rego.syntax.ast import ParsedModule
    from changegate.rego.syntax.clock import Edits

_CHAIN = "rego.metadata.chain"


def chain_edits(module: ParsedModule, modules: Sequence[ParsedModule], function: str) -> Edits:
    """What puts a function around the calls; lines stay what they are.

    Args:
        module: One module.
        modules: All of them.
        function: The whole path of the function.
    """
    calls = {
        id(node.body["fcn"]): node.body for rule in module.rules for node in walk(rule.body) if node.kind == "Call"
    }
    edits: Edits = {}
    for _, found in builtins_named(module, modules, {_CHAIN}):
        if (call := calls.get(id(found))) is not None:
            start, end = int(call["span"]["start"]), int(call["span"]["end"])
            edits[start] = (start, f"{function}(".encode())
            edits[end] = (end, b")")
    return edits


def chain_module(package: str) -> str:
    """The text of the module with that function, `plain`."""
    return (
        f"package {package}\n\nplain(chain) := [object.union(one, {{"
        '"path": array.slice(one.path, 1, count(one.path))}) |\n\tsome one in chain\n]\n'
    )
