"""Literals: how deep, which numbers, which order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node
    from changegate.rego.syntax.refusals.program import RulePlace

DEEPEST_LITERAL = 3
_PLAIN_NUMBER = re.compile(rb"-?(0|[1-9]\d*)(\.\d*[1-9])?")
_MOST_DIGITS = 15
"""So many decimal digits every double keeps."""


def deep(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse deep literals: for each level the embedded engine needs twice the time to parse."""
    if node.depth > DEEPEST_LITERAL:
        hint = "give the inner part a name of its own, in a rule or a variable"
        yield where.refused(node.line, f"a literal is nested deeper than {DEEPEST_LITERAL}", hint)


def mixed(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse a collection of sets and objects: they sort differently."""
    kinds = {kind for item in node.body.get("items", ()) for kind in item}
    if kinds & {"Set", "SetCompr"} and kinds & {"Object", "ObjectCompr"}:
        message = "a collection holds sets and objects, which the engines sort differently"
        yield where.refused(node.line, message, "hold arrays instead of sets: `[x | some x in set]`")


def number(where: RulePlace, node: Node) -> Iterator[PolicyError]:
    """Refuse numbers that one engine shortens: `1.0`, `1e3`, more digits than a double keeps."""
    span = node.body["span"]
    text = where.module.source[span["start"] : span["end"]]
    value = node.body["value"]
    exact = isinstance(value, int) and abs(value) < 2**63
    digits = len(text.replace(b"-", b"").replace(b".", b"").lstrip(b"0"))
    if not _PLAIN_NUMBER.fullmatch(text) or not (exact or (b"." in text and digits <= _MOST_DIGITS)):
        hint = f"write it with plain digits, without a last 0 behind the point, and with up to {_MOST_DIGITS} digits"
        message = f"the number {text.decode('utf-8', 'replace')} is written or kept differently by the engines"
        yield where.refused(node.line, message, hint)
