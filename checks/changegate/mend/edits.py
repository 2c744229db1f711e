"""Changes single values of a YAML or JSON text at their places, and leaves every other byte as it is.

What comes of it is read again and has to hold exactly what was meant, or nothing is changed: aliases, tags, byte order
marks and whatever else stands in the way end here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from changegate.manifest import parse
from changegate.manifest.libyaml import yaml
from changegate.mend.nodes import WrittenNode, at, root
from changegate.mend.splice import insert_lines, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from changegate.manifest import Document
    from changegate.verdict import Edit

_MARKS = ("&", "*", "!", "|", ">")
"""What a value may begin with that is more than a value: an anchor, an alias, a tag, a text of several lines."""
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./:@+-]*")


def edited(data: bytes, edits: Iterable[Edit], file: str) -> bytes | None:
    """Give values other contents, or add fields.

    Args:
        data: A whole file.
        edits: Of that file: which values, and what stands there from now on. A field that is not there is added to its
            mapping, which is there.
        file: Its path; `.json` is read as JSON.

    Returns:
        The file with the edits, or None where its form does not let them be made.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    made = text
    wanted = sorted({(one.document, one.path): one for one in edits}.values(), key=_place_in(text), reverse=True)
    for one in wanted:
        changed = _changed(made, one, is_json=file.endswith(".json"))
        if changed is None:
            return None
        made = changed
    return made.encode() if _holds(data, made.encode(), wanted, file) else None


def _place_in(text: str) -> Any:
    """What is changed last in the text is changed first: places before it stay."""

    def place(one: Edit) -> int:
        parent = at(root(text, one.document), one.path[:-1])
        node = at(root(text, one.document), one.path)
        return node.start if node is not None else parent.end if parent is not None else 0

    return place


def _changed(text: str, one: Edit, *, is_json: bool) -> str | None:
    top = root(text, one.document)
    node = at(top, one.path)
    if node is not None:
        written = text[node.start : node.end]
        if node.kind != "scalar" or not written or written.startswith(_MARKS) or "\n" in written:
            return None
        return text[: node.start] + _styled(one.value, written, is_json=is_json) + text[node.end :]
    parent, key = at(top, one.path[:-1]), one.path[-1]
    if parent is None or parent.kind != "mapping" or not parent.value or not isinstance(key, str):
        return None
    return _added(text, parent, key, one.value, is_json=is_json)


def _added(text: str, parent: WrittenNode, key: str, value: Any, *, is_json: bool) -> str | None:
    """A field more at the end of a mapping, in its style."""
    written = _styled(value, "", is_json=is_json)
    if not parent.is_flow:
        newline = "\r\n" if "\r\n" in text else "\n"
        return insert_lines(text, parent.end, [" " * parent.column + f"{key}: {written}"], newline)
    last: WrittenNode = parent.value[-1][1]
    name = quoted(key) if is_json else key
    if text[last.end : parent.end - 1].strip(" "):  # a comma, a comment, lines: written by hand
        return None if not is_json else _added_line(text, last, f"{name}: {written}")
    return f"{text[: last.end]}, {name}: {written}{text[last.end :]}"


def _added_line(text: str, last: WrittenNode, field: str) -> str:
    """A line more below the last field of an object of lines, in its column."""
    begin = text.rfind("\n", 0, last.start) + 1
    line = text[begin : last.start]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    return f"{text[: last.end]},\n{indent}{field}{text[last.end :]}"


def _styled(value: Any, before: str, *, is_json: bool) -> str:
    """A value as it is written: a text in the quotes of the one before."""
    if not isinstance(value, str):
        return json.dumps(value)
    if is_json or before.startswith('"'):
        return quoted(value)
    if before.startswith("'"):
        return "'" + value.replace("'", "''") + "'"
    return value if is_plain(value) else quoted(value)


def is_plain(value: str) -> bool:
    """Whether a text needs no quotes, for us and for other readers of YAML."""
    if not _PLAIN.fullmatch(value) or value.endswith(":"):
        return False
    ours = parse(value.encode(), "text.yaml")
    return (
        [one.value for one in ours.documents] == [value]
        and not ours.warnings
        and bool(yaml.load(value, Loader=yaml.SafeLoader) == value)
    )


def _holds(before: bytes, after: bytes, edits: Iterable[Edit], file: str) -> bool:
    """Whether what was made says what was meant, and nothing else."""
    old, new = parse(before, file), parse(after, file)
    if len(old.documents) != len(new.documents) or len(new.faults) > len(old.faults):
        return False
    values = [_copy(one) for one in old.documents]
    for one in edits:
        _set(values[one.document], one.path, one.value)
    return [one.value for one in new.documents] == values and all(
        _same_types(one.value, value) for one, value in zip(new.documents, values, strict=True)
    )


def _copy(document: Document) -> Any:
    return json.loads(json.dumps(document.value))


def _set(value: Any, path: tuple[str | int, ...], new: Any) -> None:
    for part in path[:-1]:
        value = value[part]
    value[path[-1]] = new


def _same_types(one: Any, other: Any) -> bool:
    """Whether equal values are equal in their types too: 1 equals 1.0 and true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def with_value(value: Mapping[str, Any], path: tuple[str | int, ...], new: Any) -> Any:
    """A copy of a document with another value at a path.

    Args:
        value: Plain JSON.
        path: Of something that is there.
        new: What is to stand there.
    """
    copied = json.loads(json.dumps(value))
    _set(copied, path, new)
    return copied
