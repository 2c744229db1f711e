"""The style that keeps our own policies portable, on the syntax tree: rules compare, count and select, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import Node, ParsedModule, parse_modules, reference, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.rego.bundle import Bundle

_CALCULATES = frozenset(
    {
        "sprintf",
        "format_int",
        "to_number",
        "abs",
        "ceil",
        "floor",
        "round",
        "sum",
        "product",
        "regex.match",
        "glob.match",
    }
)


def lint(bundle: Bundle) -> list[str]:
    """Everything in a bundle that is against the style, each as `file:line: what`."""
    return sorted(
        f"{module.file}:{line}: {what}"
        for module in parse_modules(bundle)
        for rule in module.rules
        for line, what in (*_arithmetic(rule), *_calls(rule), *_references(module, rule), *_denials(rule))
    )


def _arithmetic(rule: Node) -> Iterator[tuple[int, str]]:
    for node in walk(rule.body):
        if node.kind in {"ArithExpr", "UnaryExpr"}:
            yield node.line, "arithmetic: the engines differ in it; let a collector calculate"


def _calls(rule: Node) -> Iterator[tuple[int, str]]:
    for node in walk(rule.body):
        name = ".".join(reference(node.body["fcn"]) or ()) if node.kind == "Call" else ""
        if name in _CALCULATES:
            yield node.line, f"{name}: the engines differ in it; let a collector calculate, parse and format"


def _references(module: ParsedModule, rule: Node) -> Iterator[tuple[int, str]]:
    for node in walk(rule.body):
        tree = {node.kind: node.body}
        path = reference(tree) or ("",)
        rooted = path[0] == "data" or module.imports.get(path[0], ("",))[0] == "data"
        if node.kind == "RefBrack" and rooted and not {"String", "Number"} & node.body["index"].keys():
            yield node.line, "a data reference with a variable evaluates everything below it; refer statically"


def _denials(rule: Node) -> Iterator[tuple[int, str]]:
    """Find `not` where a rule says that it is not applicable: something undefined would switch the rule off."""
    head = rule.body.get("head", {}).get("Compr", {})
    bodies = rule.body.get("bodies", [])
    values = [head.get("assign"), *(body.get("assign") for body in bodies[1:])]
    for body, value in zip(bodies, values, strict=False):
        if not _says_not_applicable(value):
            continue
        for node in walk(body["query"]):
            if node.kind == "NotExpr":
                yield node.line, "`not` in a not-applicable body: what is undefined would switch the rule off"


def _says_not_applicable(value: object) -> bool:
    calls = (node for node in walk(value) if node.kind == "Call")
    return any((reference(node.body["fcn"]) or ("",))[-1] == "not_applicable" for node in calls)
