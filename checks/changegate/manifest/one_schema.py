"""A shipped schema with all that it refers to, in one file: for editors and validators that fetch nothing."""

from __future__ import annotations

from typing import Any

from changegate.manifest.schema import ORIGIN, load_schema
from changegate.resources import SCHEMAS

Schema = dict[str, Any]


def schema_names() -> list[str]:
    """The names of the schemas that describe whole files, such as `manifest` or `config`, sorted."""
    return sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))


def whole_schema(name: str) -> Schema:
    """One schema without a reference to another file.

    What it refers to stands in its `$defs`, under the name of the file, with the references in it rewritten.

    Args:
        name: One of `schema_names()`.

    Returns:
        A JSON Schema 2020-12.
    """
    taken: dict[str, Schema] = {}
    whole: Schema = _inlined(load_schema(name), "", taken)
    if taken:
        whole["$defs"] = {**whole.get("$defs", {}), **dict(sorted(taken.items()))}
    return whole


def _inlined(node: Any, home: str, taken: dict[str, Schema]) -> Any:
    """A part of a schema with its references pointing into the one file.

    Args:
        node: The part.
        home: The file that it stands in; empty for the first one.
        taken: File -> what stands in `$defs` for it; more is added here.
    """
    if isinstance(node, list):
        return [_inlined(one, home, taken) for one in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _inlined(value, home, taken) for key, value in node.items() if key != "$ref"}
    reference = node.get("$ref")
    return copy if not isinstance(reference, str) else {"$ref": _pointed(reference, home, taken), **copy}


def _pointed(reference: str, home: str, taken: dict[str, Schema]) -> str:
    file, _, pointer = reference.removeprefix(ORIGIN).partition("#")
    file = file or home
    if not file:
        return reference
    if file not in taken:
        taken[file] = {}  # a circle of files ends here
        schema = load_schema(file.removesuffix(".schema.json").removesuffix(".json"))
        taken[file] = {
            key: value for key, value in _inlined(schema, file, taken).items() if key not in {"$id", "$schema"}
        }
    return f"#/$defs/{file.replace('~', '~0').replace('/', '~1')}{pointer}"
