"""The style that keeps our own policies portable, on the syntax tree: rules compare, count and select, no more."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import Node, ParsedModule, name_of, parse_modules, reference, references, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

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
    modules = parse_modules(bundle)
    several = {package for package, files in Counter(one.package for one in modules).items() if files > 1}
    found = [(module, *one) for module in modules for one in (*_packages(module, several), *_names(module, modules))]
    found += [
        (module, *one)
        for module in modules
        for rule in module.rules
        for one in (*_arithmetic(rule), *_calls(rule), *_references(module, rule), *_denials(rule))
    ]
    return sorted(f"{module.file}:{line}: {what}" for module, line, what in found)


def _packages(module: ParsedModule, several: Collection[tuple[str, ...]]) -> Iterator[tuple[int, str]]:
    """Find packages of several files that are taken as a whole.

    NOTE: the embedded engine evaluates the first of the files, and takes the package for evaluated then: what a rule of
    a later file needs may be undefined. A reference to one rule evaluates that rule, wherever its parts stand.
    """
    taken = [(line, path) for _, path, line in module.statements]
    taken += [
        (next(iter(one.values()))["span"]["line"], reference(one) or ())
        for rule in module.rules
        for one in references(rule.body)
    ]
    for line, path in taken:
        if path in several:
            yield line, f"{'.'.join(path)} has several files; import or name the rule that you need"


def _names(module: ParsedModule, modules: Iterable[ParsedModule]) -> Iterator[tuple[int, str]]:
    """Find imports that stand for something else in another file of the package.

    NOTE: to the embedded engine an import is one of the package, not of the file.
    """
    beside = [one for one in modules if one.package == module.package and one.file != module.file]
    for name, path, line in module.statements:
        for other in beside:
            if other.imports.get(name, path) != path or name in map(name_of, other.rules):
                yield line, f"`{name}` stands for something else in {other.file}; give one of them another name"


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
