"""Patterns: regular expressions and globs that both engines read alike are a part of both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.rego.syntax.ast import reference
from changegate.rego.syntax.refusals.program import function_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import Node, Tree
    from changegate.rego.syntax.refusals.program import RulePlace

_PATTERN_AT = {"regex.match": 0, "regex.replace": 1, "regex.find_n": 0, "glob.match": 0}
_LARGEST_COUNT = 1000

_ESCAPE = r"\\[ -/:;=?@\[-`{-~ntr]"
_IN_CLASS = rf"(?:{_ESCAPE}|[^\\\[\]&~\-])"
_TOKEN = re.compile(
    rf"""(?P<escape>{_ESCAPE})
    |(?P<set>\[\^?-?(?:{_IN_CLASS}(?:-{_IN_CLASS})?)+-?\])
    |(?P<open>\((?:\?:|\?P<[A-Za-z]\w*>)?)|(?P<close>\))
    |(?P<flags>\(\?[ims]+\))
    |(?P<count>\{{\d{{1,4}}(?:,\d{{0,4}})?\}}\??)
    |(?P<repeat>[*+?]\??)
    |(?P<plain>[^\\\[\](){{}}*+?])""",
    re.VERBOSE | re.ASCII,
)
_INSTEAD = {
    r"\d": "write [0-9]",
    r"\w": "write [0-9A-Za-z_]",
    r"\s": r"write [ \t\n]",
    r"\b": "write the characters that may stand there",
}


def patterns(where: RulePlace, call: Node) -> Iterator[PolicyError]:
    """Refuse patterns that are no literals, or have more in them than the engines read alike."""
    name = ".".join(reference(call.body["fcn"]) or ())
    params = call.body["params"]
    at = _PATTERN_AT.get(name, len(params))
    if at >= len(params) or function_of(where.module, call) in where.program.known:
        return
    text = _literal(where, params[at])
    if text is None:
        hint = "write the pattern as a literal, or as a rule that is one literal: it is checked when it is loaded"
        yield where.refused(call.line, f"{name} is given a pattern that is no literal", hint)
    elif name == "glob.match":
        yield from _glob(where, call, text)
    elif problem := regex_problem(text):
        yield where.refused(call.line, f"{name}: {problem[0]}", problem[1])


def _literal(where: RulePlace, tree: Tree) -> str | None:
    constant = where.program.constants.get(where.resolved(reference(tree) or ()), tree)
    body = constant.get("String") or constant.get("RawString")
    return None if body is None else str(body["value"])


def regex_problem(pattern: str) -> tuple[str, str] | None:
    """What of a pattern the engines would not read alike, and what to write instead."""
    at, repeatable, counts = 0, False, [0]
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        if found is None:
            part = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
            key = part.lower()
            return f"the engines read `{part}` in a pattern differently", _INSTEAD.get(key, "write it in plain forms")
        kind = str(found.lastgroup)
        problem = _step(kind, found[0], repeatable, counts)
        if problem:
            return problem
        repeatable = kind in {"escape", "set", "close", "plain"} and found[0] not in {"|", "^", "$"}
        at = found.end()
    return None if len(counts) == 1 else ("a bracket is not closed", "close it")


def _step(kind: str, token: str, repeatable: bool, counts: list[int]) -> tuple[str, str] | None:
    """Look at one token; `counts` says for each open bracket whether something in it is counted."""
    if kind == "open":
        counts.append(0)
    elif kind == "close":
        if len(counts) == 1:
            return "a bracket is closed that was not opened", "write `\\)`"
        counts[-2:] = [counts[-2] + counts[-1]]
    elif kind in {"count", "repeat"} and not repeatable:
        return f"`{token}` repeats nothing, or a repetition", "write a group: `(?:…)*`"
    elif kind == "count":
        low, _, high = token.strip("{}?").partition(",")
        if max(int(low), int(high or 0)) > _LARGEST_COUNT or (high and int(high) < int(low)):
            return f"`{token}` is out of bounds", f"count from low to high, up to {_LARGEST_COUNT}"
        if counts[-1]:
            return "a second counted repetition in one group is bounded differently", "write `*` or `+`"
        counts[-1] = 1
    return None


def _glob(where: RulePlace, call: Node, pattern: str) -> Iterator[PolicyError]:
    if re.search(r"[\\\[\]{}?]|\*\*", pattern):
        hint = "write `*` and plain characters only, or `regex.match`"
        yield where.refused(call.line, "glob.match: the engines read more than `*` differently", hint)
    delimiters = call.body["params"][1]
    items = delimiters.get("Array", {}).get("items")
    single = items is not None and len(items) <= 1 and all(_one_character(item) for item in items)
    if "Null" not in delimiters and not single:
        hint = 'write [], or one character: ["/"]'
        yield where.refused(call.line, "glob.match: the engines read several delimiters differently", hint)


def _one_character(item: Tree) -> bool:
    text = (item.get("String") or {}).get("value", "")
    return len(text) == 1 and text.isascii()
