"""Whether the bytes of a file may hold a release of a name, told without reading them as YAML or JSON.

Thousands of files may hold a name as a word. Of each this says "surely not", or "maybe", and then the loader decides.
It knows the few forms in which manifests are mostly written, and in which a text is surely something else than the name
of a release: the value of another key, a part of a longer text, the name of an item in a list. All else is "maybe":
flow style, escapes, aliases, a name on a line of its own, a comment beside it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from changegate.names import ENVIRONMENT, VARIANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from changegate.names import Identity

_MOST = 64
"""So many places of a name are looked at, and so many lines above each."""
_ODD = (b"\\", b"\0", b"\t", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
"""Escapes, UTF-16, tabs, and line breaks that not all tools know."""
_INSIDE = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@+=~%-")
"""Beside one of these, a name is a part of a longer word."""


class _Forms:
    """What surely is no name of a release. Compiled when the first file is looked at: few runs look at any."""

    after_a_word = re.compile(rb"(?:.* )?[A-Za-z0-9_./();%+=~-]*[A-Za-z0-9_./();%] +")
    """What stands before a place in the midst of a text."""
    before_a_word = re.compile(rb" +[A-Za-z0-9(]")
    end = re.compile(rb" *")
    key_behind = re.compile(rb" *:(?: .*)?")
    """What stands behind a key; the value of another one cannot be a key itself."""
    key = re.compile(rb" *(?P<dash>(?:- +)*)(?P<quote>[\"']?)(?P<key>[A-Za-z0-9_.-]+)(?P=quote) *: +")
    item = re.compile(rb" *(?:- +)+")
    plain = re.compile(rb"[A-Za-z0-9_.:/@+=~()$ -]*")
    """A line in which no text, flow collection, anchor or comment begins or ends, and no entry of one."""
    block = re.compile(rb" *(?:- +)*(?P<key>[A-Za-z0-9_.-]+): *")
    in_a_list = re.compile(rb" *- .*")


_forms = cache(_Forms)


def may_hold(data: bytes, identities: Iterable[Identity]) -> bool:
    """Whether a file may hold one of some releases. False is sure, for every file that the loader takes."""
    lines = data.replace(b"\r\n", b"\n")
    return _is_odd(lines) or any(_may_hold(lines, identity) for identity in identities)


def holds_word(data: bytes, words: Iterable[str]) -> bool:
    """Whether a file may hold one of some words that are no part of a longer one. False is sure."""
    found = [next(_places(data, word.encode()), None) is not None for word in words]
    return any(found) or (bool(found) and _is_odd(data))


def _is_odd(lines: bytes) -> bool:
    """Whether a text may be written in a way that shows it nowhere."""
    return b"\r" in lines or any(odd in lines for odd in _ODD) or (b"*" in lines and b"&" in lines)


def _may_hold(data: bytes, identity: Identity) -> bool:
    """Names have no space, no quote and no line break, so that they stand in a file as they are."""
    parts = ((identity.environment, ENVIRONMENT), (identity.variant, VARIANT))
    if any(part != usual and part.encode() not in data for part, usual in parts):
        return False
    name = identity.name.encode()
    for number, start in enumerate(_places(data, name)):
        if number == _MOST or _may_be_name(data, start, start + len(name)):
            return True
    return False


def _places(data: bytes, name: bytes) -> Iterator[int]:
    """Where a name stands, and not as a part of a longer word."""
    at = data.find(name)
    while at >= 0:
        end = at + len(name)
        if not ((at and data[at - 1] in _INSIDE) or (end < len(data) and data[end] in _INSIDE)):
            yield at
        at = data.find(name, at + 1)


def _may_be_name(data: bytes, start: int, end: int) -> bool:
    forms = _forms()
    line, after = data.rfind(b"\n", 0, start) + 1, data.find(b"\n", end)
    before, behind = data[line:start], data[end : after if after >= 0 else len(data)]
    if forms.after_a_word.fullmatch(before) or forms.before_a_word.match(behind):
        return False
    quote = before[-1:] if before[-1:] in {b'"', b"'"} else b""
    if not behind.startswith(quote):
        return True
    rest = behind[len(quote) :]
    if not forms.end.fullmatch(rest):
        return not forms.key_behind.fullmatch(rest)
    return _may_be_value(data, line, before[: len(before) - len(quote)])


def _may_be_value(data: bytes, line: int, before: bytes) -> bool:
    """Whether what alone stands behind a text on its line may be the value of a manifest's name."""
    forms = _forms()
    found = forms.key.fullmatch(before)
    if found is None:
        return not forms.item.fullmatch(before)
    if found["key"] != b"name" or found["dash"]:
        return False
    return _may_be_in_metadata(data, line, len(before) - len(before.lstrip(b" ")))


def _may_be_in_metadata(data: bytes, line: int, indent: int) -> bool:
    """Whether a line `name: …` may stand in the metadata of a manifest.

    The first line above it that begins further left opens the block. That is only sure where all lines between are
    plain: what ends in one of them may have begun anywhere, and an entry of a flow collection comes after a comma.
    """
    forms = _forms()
    for _ in range(_MOST):
        if line == 0:
            return True
        above = data.rfind(b"\n", 0, line - 1) + 1
        text = data[above : line - 1]
        if not forms.plain.fullmatch(text):
            return True
        if text.strip() and len(text) - len(text.lstrip(b" ")) < indent:
            opens = forms.block.fullmatch(text)
            return opens["key"] == b"metadata" if opens else not forms.in_a_list.fullmatch(text)
        line = above
    return True
