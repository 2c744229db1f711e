"""The syntax tree of policies, as the embedded engine parses them: nodes, references, the names of rules.

Source of the form: `Engine.get_ast_as_json` of `gordon-to-regorus` 0.13. A node is `{Kind: {span, …}}`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from changegate.policy.embedded import policy_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.policy.bundle import Bundle

Tree = dict[str, Any]


class Node(NamedTuple):
    """One node of a tree."""

    kind: str
    """`Call`, `RefDot`, `Var`, `Every`, …"""
    body: Tree
    depth: int
    """How many array, object and set literals it stands in."""

    @property
    def line(self) -> int:
        """1-based."""
        return int(self.body["span"]["line"])


class Parsed(NamedTuple):
    """One module."""

    file: str
    package: tuple[str, ...]
    """Such as `("data", "changegate", "lib")`."""
    imports: dict[str, tuple[str, ...]]
    """Name in this module -> what it stands for."""
    rules: tuple[Node, ...]
    """`Spec` and `Default` nodes."""


def parse(bundle: Bundle) -> tuple[Parsed, ...]:
    """Parse the modules of a bundle, without evaluating any.

    Raises:
        PolicyError: A module does not parse; names its file and line.
    """
    import regorus

    engine = regorus.Engine()
    for module in bundle.modules:
        try:
            engine.add_policy(module.name, module.text)
        except Exception as error:  # noqa: BLE001  (the engine raises its own bare exceptions)
            raise policy_error(error, module.name) from None
    return tuple(_module(one) for one in json.loads(engine.get_ast_as_json()))


def _module(tree: Tree) -> Parsed:
    ast = tree["ast"]
    imports = {}
    for one in ast["imports"]:
        path = reference(one["refr"]) or ()
        name = one.get("as")
        imports[_text(name) if name else path[-1] if path else ""] = path
    package = ("data", *(reference(ast["package"]["refr"]) or ()))
    rules = tuple(Node(kind, body, 0) for rule in ast["rules"] for kind, body in rule.items())
    return Parsed(tree["source"]["file"], package, imports, rules)


def _text(name: Any) -> str:
    return str(name[1]) if isinstance(name, list) else str(name)


_LITERALS = frozenset({"Array", "Object", "Set"})


def walk(tree: Any, depth: int = 0) -> Iterator[Node]:
    """Every node below a tree, in no particular order, by an explicit stack."""
    stack = [(tree, depth)]
    while stack:
        node, level = stack.pop()
        if isinstance(node, list):
            stack.extend((child, level) for child in node)
        elif isinstance(node, dict):
            for kind, body in node.items():
                inner = level
                if kind[:1].isupper() and isinstance(body, dict):
                    inner = level + (kind in _LITERALS)
                    yield Node(kind, body, inner)
                stack.append((body, inner))


def reference(tree: Any) -> tuple[str, ...] | None:
    """A static reference as its parts; what follows the first part that is not static is left out.

    Returns:
        None where the tree is no reference.
    """
    parts: list[str] = []
    while isinstance(tree, dict):
        (kind, body), *_ = tree.items()
        if kind == "Var":
            return (str(body["value"]), *reversed(parts))
        if kind == "RefDot":
            parts.append(_text(body["field"]))
        elif kind == "RefBrack":
            index = body["index"]
            if "String" in index:
                parts.append(str(index["String"]["value"]))
            else:
                parts.clear()
        else:
            return None
        tree = body["refr"]
    return None


def references(tree: Any) -> Iterator[Tree]:
    """Every reference below a tree, each as a whole: of `data.a.b` not also `data.a`."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(node)
        elif isinstance(node, dict):
            if _REFERENCES & node.keys():
                yield node
                node = {"index": list(indexes(node))}
            stack.extend(node.values())


_REFERENCES = frozenset({"Var", "RefDot", "RefBrack"})


def indexes(tree: Any) -> Iterator[Any]:
    """What stands in the brackets of a reference."""
    while isinstance(tree, dict) and not {"Var"} & tree.keys():
        (kind, body), *_ = tree.items()
        if kind == "RefBrack":
            yield body["index"]
        if kind not in _REFERENCES:
            yield tree
            return
        tree = body["refr"]


def is_dynamic(tree: Any) -> bool:
    """Whether a reference has a part that is only known when it is evaluated."""
    while isinstance(tree, dict):
        (kind, body), *_ = tree.items()
        if kind == "RefBrack" and not {"String", "Number"} & body["index"].keys():
            return True
        if kind not in {"RefDot", "RefBrack"}:
            return False
        tree = body["refr"]
    return False


def name_of(rule: Node) -> str:
    """The name of a rule or function: the first part of its head."""
    head = rule.body.get("head", {"Default": rule.body})
    (body,) = head.values()
    return (reference(body["refr"]) or ("",))[0]
