"""Heads of rules: what Rego v0 wrote there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import CONVERT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Tree
    from changegate.rego.syntax.refusals.program import RulePlace


def old_syntax(where: RulePlace) -> Iterator[PolicyError]:
    """Refuse `deny[message]`, which in Rego v0 was `deny contains message`."""
    rule = where.rule
    head = rule.body.get("head", {}).get("Set")
    if head is not None and not rule.body["bodies"] and not _says_contains(where.module.source, head):
        yield where.refused(rule.line, "`x[y]` alone is no rule", CONVERT.replace("FILE", where.module.file))


def _says_contains(source: bytes, head: Tree) -> bool:
    (body,) = head["refr"].values()
    (key,) = head["key"].values()
    between = source[body["span"]["end"] : key["span"]["start"]]
    return b"contains" in between
