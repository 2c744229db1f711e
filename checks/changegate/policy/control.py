"""Reads the control files of a repository: settings, teams, waivers. A fault in one is an error, not a finding.

They are read at the base. A control file that a change edits is judged as a change, by `control/…` rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from changegate.manifest import Document
    from changegate.names import KeyPath
    from changegate.workspace.tree import Tree

FOLDER = ".changegate/"


def read_control_file(
    tree: Tree | None,
    name: str,
    schema: str,
    wrong: Callable[[dict[str, Any]], tuple[KeyPath, str, str] | None] | None = None,
    samples: Mapping[str, Any] | None = None,
    *,
    may_be_empty: bool = False,
) -> dict[str, Any] | None:
    """Read one control file.

    Args:
        tree: The base, or None where there is none.
        name: The file's name in `.changegate/`.
        schema: The name of its schema.
        wrong: Finds the first thing that a schema cannot see, as its path, what is wrong, and a hint.
        samples: A value that fits, as far as there is one: what to write is shown with what stands there.
        may_be_empty: Whether a file of comments alone is as good as none: a template that nobody filled in.

    Returns:
        The document, or None where the file does not exist.

    Raises:
        ConfigurationError: It is a link, unreadable, or breaks its schema; names the line.
    """
    from changegate.manifest import parse
    from changegate.manifest.bounds import MAXIMUM_BYTES
    from changegate.manifest.schema import compiled, validate

    path = FOLDER + name
    content = tree.read(path, MAXIMUM_BYTES) if tree is not None else None
    if content is None or content.problem == "missing":
        return None
    if content.data is None:
        raise ConfigurationError(content.reason or "it cannot be read", hint="make it a regular file", file=path)
    parsed = parse(content.data, path)
    if may_be_empty and [fault.code for fault in parsed.faults] == ["empty"]:
        return None
    for fault in parsed.faults:
        raise ConfigurationError(
            fault.message, hint=fault.hint, file=path, line=fault.line, column=fault.column, end_column=fault.end_column
        )
    document = parsed.documents[0]
    if len(parsed.documents) > 1:
        raise _at(parsed.documents[1], (), "the file has several documents", "write one")
    if not compiled(schema).is_valid(document.value):
        first = validate(document.value, schema, document, samples)[0]
        raise _at(document, first.path, first.message, first.hint, is_name=first.code == "unknown-field")
    value: dict[str, Any] = document.value
    found = wrong(value) if wrong is not None else None
    if found is not None:
        raise _at(document, *found)
    return value


def locate(tree: Tree | None, name: str, path: KeyPath) -> tuple[int, int] | None:
    """The line and the column of a path in a control file, or of what is above it; None where there is no such file."""
    from changegate.manifest import parse
    from changegate.manifest.bounds import MAXIMUM_BYTES

    content = tree.read(FOLDER + name, MAXIMUM_BYTES) if tree is not None else None
    if content is None or content.data is None:
        return None
    documents = parse(content.data, FOLDER + name).documents
    return documents[0].locate(path)[:2] if documents else (1, 1)


def digest_of(read: Any) -> str:
    """`sha256:<hex>` of what was read of a control file, so that two runs can be told to have had the same."""
    import hashlib
    import json

    text = json.dumps(read, sort_keys=True, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _at(document: Document, where: KeyPath, message: str, hint: str, *, is_name: bool = False) -> ConfigurationError:
    line, column, end, _ = document.locate_key(where) if is_name else document.locate(where)
    return ConfigurationError(message, hint=hint, file=document.file, line=line, column=column, end_column=end)
