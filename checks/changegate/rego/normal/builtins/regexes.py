"""The builtins `regex.*`."""

from __future__ import annotations

import re
from typing import Any

from changegate.rego.normal.builtins.patterns import pattern
from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, builtin, small, text
from changegate.rego.normal.values import boolean

PATTERN_AT = {
    "regex.match": 0,
    "regex.find_n": 0,
    "regex.find_all_string_submatch_n": 0,
    "regex.split": 0,
    "regex.replace": 1,
}
"""Builtin -> which of its operands is a pattern."""


@builtin("regex.match", 2)
def match(written: Any, value: Any) -> Any:
    """Whether a pattern is anywhere in a text."""
    form, subject = text(written, 1), text(value, 2)
    return boolean(pattern(form).matches(subject))


@builtin("regex.is_valid", 1)
def is_valid(written: Any) -> Any:
    """Whether a text is a pattern."""
    if type(written) is not str:
        return boolean(False)
    try:
        pattern(written)
    except UnsureFault:
        raise
    except BuiltinFault:
        return boolean(False)
    return boolean(True)


@builtin("regex.find_n", 3)
def find_n(written: Any, value: Any, most: Any) -> Any:
    """The first places of a pattern."""
    form, subject, wanted = text(written, 1), text(value, 2), small(most, 3)
    return tuple(found[0] for found in pattern(form).found(subject, wanted))


@builtin("regex.find_all_string_submatch_n", 3)
def find_groups(written: Any, value: Any, most: Any) -> Any:
    """The first places of a pattern, each with its groups."""
    form, subject, wanted = text(written, 1), text(value, 2), small(most, 3)
    return tuple((found[0], *(one or "" for one in found.groups())) for found in pattern(form).found(subject, wanted))


@builtin("regex.split", 2)
def split(written: Any, value: Any) -> Any:
    """The parts of a text between the places of a pattern."""
    form, subject = text(written, 1), text(value, 2)
    if form and not subject:
        pattern(form)
        return ("",)
    parts, begin, end = [], 0, 0
    for found in pattern(form).found(subject, -1):
        end = found.start()
        if found.end():
            parts.append(subject[begin:end])
        begin = found.end()
    if end != len(subject):
        parts.append(subject[begin:])
    return tuple(parts)


_TEMPLATE = re.compile(r"\$(?:\$|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})")


@builtin("regex.replace", 3)
def replace(value: Any, written: Any, by: Any) -> Any:
    """A text with each place of a pattern replaced."""
    subject, form, template = text(value, 1), text(written, 2), text(by, 3)
    ready, made, at = pattern(form), [], 0
    for found in ready.found(subject, -1):
        made.append(subject[at : found.start()])
        made.append(_expanded(template, found, ready.names))
        at = found.end()
    return "".join([*made, subject[at:]])


def _expanded(template: str, found: re.Match[str], names: list[str]) -> str:
    def part(one: re.Match[str]) -> str:
        if one[0] == "$$":
            return "$"
        name = one[1] or one[2]
        if name.isdecimal():
            number = int(name)
            if len(name) > 1 and name[0] == "0":
                raise UnsureFault("a group's number begins with 0")
        else:
            number = names.index(name) if name in names[1:] else len(names)
        return (found[number] or "") if number < len(names) else ""

    return _TEMPLATE.sub(part, template)


@builtin("regex.template_match", 4)
def template_match(form: Any, value: Any, start: Any, end: Any) -> Any:
    """Whether a text is as a template says, with patterns between two characters."""
    template, subject, opens, closes = text(form, 1), text(value, 2), text(start, 3), text(end, 4)
    if len(opens.encode()) != 1 or len(closes.encode()) != 1:
        raise BuiltinFault("start delimiter has to be exactly one character long")
    made, at = [], 0
    while (begin := template.find(opens, at)) >= 0:
        stop = template.find(closes, begin + 1)
        inner = template[begin + 1 : stop]
        if stop < 0 or opens in inner or "(" in inner:
            raise UnsureFault("the template is nested")
        made += [_quote(template[at:begin]), f"({inner})"]
        at = stop + 1
    if closes in template[at:]:
        raise BuiltinFault("unbalanced braces")
    return boolean(pattern(f"^{''.join(made)}{_quote(template[at:])}$").matches(subject))


def _quote(value: str) -> str:
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", value)
