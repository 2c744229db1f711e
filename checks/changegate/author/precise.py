"""Writes references through an import out in full, so that only what a test refers to is evaluated for it.

With `import data.team`, the embedded engine evaluates every rule of the package for `team.deny`, and only that one for
`data.team.deny`. A test would cover lines that it has nothing to do with, and fail for another rule's fault.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.syntax.ast import LONGEST_LINE, dotted, walk
from changegate.rego.syntax.refusals.program import declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.author.source import SourceFile
    from changegate.rego.bundle import Bundle, Module
    from changegate.rego.syntax.ast import Node


def precise(bundle: Bundle, sources: Mapping[str, SourceFile]) -> Bundle:
    """Write out the references of every module; lines stay what they are.

    Args:
        bundle: The modules.
        sources: The same, parsed, by file.
    """
    return bundle._replace(modules=tuple(_module(module, sources[module.name]) for module in bundle.modules))


def _module(module: Module, source: SourceFile) -> Module:
    names = {name: path for name, path in source.parsed.imports.items() if path[:1] == ("data",) and len(path) > 1}
    places = sorted(
        {(start, end, name) for rule in source.parsed.rules for start, end, name in _roots(rule, names)}, reverse=True
    )
    text = module.text.encode("utf-8", "surrogatepass")
    for start, end, name in places:
        text = text[:start] + dotted(names[name]).encode() + text[end:]
    # NOTE: a line that became too long to be read would be an error of ours.
    if any(len(line) + 3 * line.count(b"\t") > LONGEST_LINE for line in text.split(b"\n")):
        return module
    return module._replace(text=text.decode("utf-8", "surrogatepass"))


def _roots(rule: Node, names: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    """Where an imported package stands at the root of a reference, and no variable of the rule has its name."""
    hidden = set(declared(rule.body))
    for node in walk(rule.body):
        root = node.body.get("refr", {}).get("Var") if node.kind in {"RefDot", "RefBrack"} else None
        if root is not None and root["value"] in names and root["value"] not in hidden:
            yield int(root["span"]["start"]), int(root["span"]["end"]), str(root["value"])
