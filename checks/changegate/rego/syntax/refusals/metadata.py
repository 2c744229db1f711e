"""METADATA that OPA would not load: the embedded engine takes it for a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.rego.syntax.annotation import load_annotation
from changegate.rego.syntax.refusals.program import refused
from changegate.resources import DOCS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import ParsedModule
    from changegate.rego.syntax.refusals.program import Program

_BLOCK = re.compile(r"^# METADATA[ \t]*\n((?:#[^\n]*\n?)*)(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*(\w*)", re.MULTILINE)
_SCOPES = frozenset({"rule", "document", "package", "subpackages"})
_LISTS = ("authors", "organizations", "related_resources", "schemas")
_HINT = f"{DOCS}/own-policies.md shows the form"


def unreadable(program: Program, module: ParsedModule) -> Iterator[PolicyError]:
    """Refuse METADATA that is no YAML, or has fields of other types than OPA reads."""
    del program
    text = module.source.decode("utf-8", "replace").replace("\r\n", "\n")
    if "# METADATA" not in text:
        return
    for found in _BLOCK.finditer(text):
        fault = _fault(_read(found[1]), found[2])
        if fault:
            line = text.count("\n", 0, found.start()) + 1
            yield refused(module, line, f"the METADATA {fault}", _HINT)


def _read(block: str) -> Any:
    import yaml

    lines = "\n".join(line[1:] for line in block.splitlines())
    try:
        return load_annotation(lines)
    except (yaml.YAMLError, ValueError):
        return _NO_YAML


_NO_YAML = object()


def _fault(values: Any, following: str) -> str:
    if values is _NO_YAML or not following:
        return "is no YAML" if following else "stands before nothing"
    if not isinstance(values, dict):
        return "" if values is None else "is no mapping"
    scope = values.get("scope", "rule")
    if not isinstance(scope, str) or scope not in _SCOPES:
        return f"has the scope {values['scope']!r}, and is none of {', '.join(sorted(_SCOPES))}"
    of_package = values.get("scope") in {"package", "subpackages"}
    if of_package != (following == "package") and (of_package or "scope" in values):
        return "has a scope that is not what follows it"
    if not isinstance(values.get("custom") or {}, dict):
        return "has a `custom` that is no mapping"
    wrong = [key for key in _LISTS if not isinstance(values.get(key) or [], list)]
    wrong += [key for key in ("title", "description") if not isinstance(values.get(key, ""), str)]
    return f"has a `{wrong[0]}` of another type" if wrong else ""
