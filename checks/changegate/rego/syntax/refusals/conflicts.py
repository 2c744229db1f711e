"""Rules that stand in each other's way: the embedded engine takes one of them in silence, OPA refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.syntax.refusals.program import args, path_of, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, ParsedModule
    from changegate.rego.syntax.refusals.program import Name, Program, RulePlace

_OTHER = "give one of them another name"


def _kind(rule: Node) -> str:
    given = args(rule)
    if given:
        return f"function of {len(given)} arguments"
    heads = rule.body.get("head", {})
    if rule.kind == "Default" or "Set" not in heads:
        return "rule with one value"
    return "rule with several values"


def _all(places: Sequence[RulePlace]) -> Iterator[tuple[Name, ParsedModule, Node]]:
    for where in places:
        yield (*where.module.package, *path_of(where.rule)), where.module, where.rule


def kinds(program: Program, places: Sequence[RulePlace]) -> Iterator[PolicyError]:
    """Refuse one name for a function and a rule, for two arities, for one and several values, and two defaults."""
    del program
    seen: dict[Name, str] = {}
    defaults: set[Name] = set()
    whole = {name for name, _, rule in _all(places) if not _dynamic(rule)}
    for name, module, rule in _all(places):
        kind = _kind(rule)
        shown = ".".join(name[1:])
        if seen.setdefault(name, kind) != kind and not _dynamic(rule):
            yield refused(module, rule.line, f"{shown} is a {seen[name]}, and a {kind}", _OTHER)
        above = next((name[:size] for size in range(len(module.package) + 1, len(name)) if name[:size] in whole), None)
        if above is not None:
            yield refused(module, rule.line, f"{shown} is below the rule {'.'.join(above[1:])}", _OTHER)
        if rule.kind == "Default":
            if name in defaults:
                yield refused(module, rule.line, f"{shown} has two defaults", "keep one")
            defaults.add(name)


def _dynamic(rule: Node) -> bool:
    """Whether a head goes on behind its static part: `x[k] := …` is no rule of the whole `x`."""
    (head,) = rule.body.get("head", {"Default": rule.body}).values()
    tree = head["refr"]
    while "Var" not in tree:
        (body,) = tree.values()
        if "index" in body and "String" not in body["index"]:
            return True
        tree = body["refr"]
    return False


def paths(program: Program, places: Sequence[RulePlace]) -> Iterator[PolicyError]:
    """Refuse a package below a rule: `package own.x` beside the rule `x` of `own`."""
    packages = {module.package for module in program.modules}
    for name, module, rule in _all(places):
        below = next((one for one in packages if one[: len(name)] == name), None)
        if below is not None:
            shown = ".".join(below[1:])
            yield refused(module, rule.line, f"the rule {'.'.join(name[1:])} is also the package {shown}", _OTHER)


def data(program: Program, places: Sequence[RulePlace]) -> Iterator[PolicyError]:
    """Refuse data at the place of a rule, which it would mask."""
    if not program.bundle.data:
        return
    for name, module, rule in _all(places):
        if _reaches(program.bundle.data, name[1:], len(module.package) - 1):
            message = f"the data of the bundle has a value at {'.'.join(name[1:])}, where this rule is"
            yield refused(module, rule.line, message, "move the data to another place")


def _reaches(values: Mapping[str, Any], path: Name, package: int) -> bool:
    """Whether data stands at a path, or something that is no object on the way to the package."""
    node: Any = values
    for number, key in enumerate(path):
        if not isinstance(node, dict):
            return number <= package or number == len(path)
        if key not in node:
            return False
        node = node[key]
    return True
