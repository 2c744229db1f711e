"""Imports: of keywords that one engine has not, and names that are imported twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.errors import NoFormError
from changegate.rego.syntax.refusals.program import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.errors import PolicyError
    from changegate.rego.syntax.ast import ParsedModule
    from changegate.rego.syntax.refusals.program import Name, Program

_KEYWORDS = frozenset({("if",), ("in",), ("every",), ("contains",), ("not",), ()})


def refused_imports(program: Program, module: ParsedModule) -> Iterator[PolicyError]:
    """Refuse what cannot be imported on both engines, and two imports of one name."""
    del program
    seen: set[str] = set()
    for name, path, line in module.statements:
        if _of_keywords(path):
            if path[:2] == ("future", "keywords") and path[2:] not in _KEYWORDS:
                hint = "leave it out, and give a body a rule of its own"
                yield _has_not(module, line, path, hint)
            elif path[0] == "rego" and path != ("rego", "v1"):
                yield _has_not(module, line, path, "leave the import out")
        elif path[:1] not in {("data",), ("input",)}:
            yield refused(module, line, f"{'.'.join(path) or 'that'} cannot be imported", "import from data or input")
        elif name in seen | {"input", "data"} and path != (name,):
            message = f"`{name}` is imported twice, and stands for two things"
            if name in {"input", "data"}:
                message = f"an import is called `{name}`"
            yield refused(module, line, message, f"write `import {'.'.join(path)} as other_name`")
        if not _of_keywords(path):
            seen.add(name)


_ONLY_OPA = frozenset({("future", "keywords", "and"), ("future", "keywords", "or"), ("rego", "v2")})


def _has_not(module: ParsedModule, line: int, path: Name, hint: str) -> PolicyError:
    message = f"the embedded engine has no {'.'.join(path)}"
    if path in _ONLY_OPA:
        return NoFormError(message, hint=hint, file=module.file, line=line)
    return refused(module, line, message, hint)


def _of_keywords(path: Name) -> bool:
    return path[:1] in {("future",), ("rego",)}
