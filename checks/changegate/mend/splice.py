"""Adds an entry to a list of a YAML file, or changes texts in it, and leaves every other byte as it is.

The place is found by the parser's events; what comes of it is read again, and has to hold exactly what was meant, or
nothing is written.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.manifest import parse
from changegate.manifest.libyaml import yaml
from changegate.mend.nodes import WrittenNode, at_key, fields, root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./ ()-]*[A-Za-z0-9_./()-])?")
"""Texts that need no quotes in a block or a flow; `resolved` ones get them all the same."""


def add_entry(text: str, key: str, entry: Mapping[str, Any], file: str) -> str:
    """Add an entry at the end of a list.

    Args:
        text: A whole YAML file that was read without a fault; its root is a mapping that has the key.
        key: Of the list, at the root.
        entry: Texts, or mappings of texts, by key.
        file: What errors call it.

    Raises:
        UsageError: The file is written in a form in which nothing can be added.
    """
    top = root(text)
    node = at_key(top, key)
    if node is None or node.kind != "list":
        raise _by_hand(file, f"there is no list {key}")
    newline = "\r\n" if "\r\n" in text else "\n"
    if node.is_flow:
        made = _into_flow(text, node, entry, newline, is_json=top is not None and top.is_flow)
    else:
        made = _into_block(text, node, entry, newline)
    return _checked(text, made, file, lambda value: value[key].append(_plain(entry)))


def change_entry(text: str, key: str, index: int, texts: Mapping[str, str], file: str) -> str:
    """Give keys of an entry other texts.

    Args:
        text: As for `add_entry`.
        key: Of the list.
        index: Which of its entries.
        texts: The keys, which the entry has, and what they say from now on.
        file: What errors call it.

    Raises:
        UsageError: The entry is written in a form in which it cannot be changed.
    """
    node = at_key(root(text), key)
    entry = node.value[index] if node is not None and node.kind == "list" else None
    made = text
    for name, node in sorted(fields(entry), key=lambda one: -one[1].start):
        if name in texts:
            made = made[: node.start] + scalar(texts[name]) + made[node.end :]
    return _checked(text, made, file, lambda value: value[key][index].update(texts))


def _checked(before: str, after: str, file: str, meant: Any) -> str:
    """Read what was made, and hold it against what was meant."""
    old, new = (parse(one.encode(), file) for one in (before, after))
    if new.faults or old.faults or len(new.documents) != 1:
        raise _by_hand(file, "its form is not one that can be added to")
    value = old.documents[0].value
    meant(value)
    if new.documents[0].value != value:
        raise _by_hand(file, "its form is not one that can be added to")
    return after


def _by_hand(file: str, why: str) -> UsageError:
    return UsageError(f"{file}: {why}, so nothing was written", hint="write the entry by hand, one field a line")


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) if hasattr(value, "items") else value for key, value in entry.items()}


# Writing


def _into_block(text: str, node: WrittenNode, entry: Mapping[str, Any], newline: str) -> str:
    """A new item below the last one, in the columns of that one and in its style."""
    last: WrittenNode = node.value[-1]
    inner = max(last.column - node.column, 2) if not last.is_flow else 2
    if last.is_flow:
        lines = ["- " + _flow(entry, is_json=False)]
    else:
        first, *more = _block(entry, 2)
        lines = ["-" + " " * (inner - 1) + first, *(" " * inner + line for line in more)]
    return insert_lines(text, last.end, [" " * node.column + line for line in lines], newline)


def insert_lines(text: str, at: int, lines: Sequence[str], newline: str) -> str:
    """Put lines behind the one on which a place is.

    Args:
        text: The file.
        at: The place, in characters.
        lines: Without their ends.
        newline: How lines end here.
    """
    end = at if at and text[at - 1] == "\n" else text.find("\n", at) + 1
    block = newline.join(lines) + newline
    if not end:
        return text + newline + block
    return text[:end] + block + text[end:]


def _into_flow(text: str, node: WrittenNode, entry: Mapping[str, Any], newline: str, *, is_json: bool) -> str:
    """A new item between the brackets; an empty list becomes one of lines where nothing is between them."""
    closing = node.end - 1
    if not node.value:
        if is_json or text[node.start + 1 : closing].strip():
            return text[:closing] + _flow(entry, is_json=is_json) + text[closing:]
        first, *more = _block(entry, 2)
        lines = ["  - " + first, *("    " + line for line in more)]
        return insert_lines(text[: node.start].rstrip(" ") + text[node.end :], node.start - 1, lines, newline)
    last: WrittenNode = node.value[-1]
    written = _flow(entry, is_json=is_json)
    between = text[last.end : closing]
    comma = re.match(r"\s*,", between)
    end = last.end + (comma.end() if comma else 0)
    head = text[: last.end] + ("" if comma else ",") + (between[: comma.end()] if comma else "")
    if "\n" not in text[end:closing]:
        return head + " " + written + ("," if comma else "") + text[end:]
    rest = text.find("\n", end)
    line = " " * last.column + written + ("," if comma else "")
    return head + text[end:rest].removesuffix("\r") + newline + line + ("\r" if newline == "\r\n" else "") + text[rest:]


def _block(entry: Mapping[str, Any], inner: int) -> Iterator[str]:
    for key, value in entry.items():
        if hasattr(value, "items"):
            yield f"{key}:"
            yield from (" " * inner + line for line in _block(value, inner))
        else:
            yield f"{key}: {scalar(value)}"


def _flow(entry: Mapping[str, Any], *, is_json: bool) -> str:
    if is_json:
        return "{" + ", ".join(f"{quoted(key)}: {_json(value)}" for key, value in entry.items()) + "}"
    parts = (
        f"{key}: {_flow(one, is_json=False) if hasattr(one, 'items') else scalar(one)}" for key, one in entry.items()
    )
    return "{" + ", ".join(parts) + "}"


def _json(value: Any) -> str:
    return _flow(value, is_json=True) if hasattr(value, "items") else quoted(value)


def scalar(value: str) -> str:
    """A text as YAML reads it back: in double quotes, unless it is plain and stays a text in every reader."""
    if _DAY.fullmatch(value):  # a text in YAML 1.2, and so it is written in every example
        return value
    readers = (lambda text: yaml.load(text, Loader=yaml.SafeLoader), _read)
    if _PLAIN.fullmatch(value) and all(reader(value) == value for reader in readers):
        return value
    return quoted(value)


def _read(text: str) -> Any:
    """What our own reader makes of a text."""
    documents = parse(text.encode(), "text.yaml").documents
    return documents[0].value if documents else None


def quoted(value: str) -> str:
    """A text in double quotes, with escapes for what cannot be seen."""
    written = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in written)
