"""Conftest's own builtins, for tests of policies: they read configurations as conftest does, where that is certain.

Not among those that policies may call: a decision reads no file. Source: conftest 0.71, `builtins/parse_config.go` and
`parser/`; its YAML is that of version 1.1, which OPA's `yaml.unmarshal` is not.
"""

from __future__ import annotations

import json
import posixpath
import re
from math import isinf
from typing import TYPE_CHECKING, Any

from changegate.rego.normal.builtins.encodings import TAGGED, plain_scalar
from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, array, text
from changegate.rego.normal.values import Obj, from_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def parse_config(files: Mapping[str, str], module: str, kind: Any, given: Any) -> Any:
    """`parse_config("yaml", text)`: the value that a text is."""
    del files, module
    return _parsed(text(kind), text(given, 2))


def parse_config_file(files: Mapping[str, str], module: str, path: Any) -> Any:
    """`parse_config_file(path)`: the value that a file is, by its path from the folder of the policy."""
    return _read(files, _joined(module, text(path)))


def parse_combined_config_files(files: Mapping[str, str], module: str, paths: Any) -> Any:
    """`parse_combined_config_files(paths)`: all files as one array, each with its path."""
    found: list[Any] = []
    for path in sorted({_joined(module, text(one)) for one in array(paths)}):
        value = _read(files, path)
        parts = value if isinstance(value, tuple) else (value,)
        found += (Obj({"path": path, "contents": part}) for part in parts)
    return tuple(found)


CONFIGS: dict[str, tuple[int, Callable[..., Any]]] = {
    "parse_config": (2, parse_config),
    "parse_config_file": (1, parse_config_file),
    "parse_combined_config_files": (1, parse_combined_config_files),
}
"""Name -> how many operands it takes, and what it does with the files that tests may read, its module, and them."""


def _joined(module: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), path))


def _read(files: Mapping[str, str], path: str) -> Any:
    content = files.get(path)
    if content is None:
        raise BuiltinFault(f"there is no file {path} in the folders of the policies, which are all that tests read")
    kind = posixpath.basename(path).rpartition(".")[2].lower()
    return _parsed("yaml" if kind == "yml" else kind, content)


def _parsed(kind: str, content: str) -> Any:
    parse = _PARSERS.get(kind)
    if parse is None:
        raise UnsureFault(f"changegate has no parser for {kind}; it has {', '.join(_PARSERS)}")
    return from_plain(parse(content))


# JSON


def _json(content: str) -> Any:
    if re.search(r"\\u[dD][89a-fA-F]", content):
        raise UnsureFault("the text has characters in halves")
    try:
        return json.loads(
            content.removeprefix("\ufeff"), parse_int=_integer, parse_float=_decimal, parse_constant=_no_number
        )
    except (ValueError, RecursionError):
        raise BuiltinFault("the text is no JSON") from None


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS:
        raise UnsureFault("conftest rounds a number of the text")
    return int(digits)


_MOST_DIGITS = 15


def _decimal(digits: str) -> float:
    if isinf(found := float(digits)):
        raise BuiltinFault("the text has a number that is too large")
    return found


def _no_number(_: str) -> Any:
    raise BuiltinFault("the text is no JSON")


# TOML


def _toml(content: str) -> Any:
    import tomllib

    try:
        read = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise BuiltinFault("the text is no TOML") from None
    return _certain(read)


def _certain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _certain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_certain(one) for one in value]
    is_large = type(value) is int and len(str(abs(value))) > _MOST_DIGITS
    if is_large or not isinstance(value, (str, int, float, bool)) or value in {float("inf"), float("-inf")}:
        raise UnsureFault("the TOML holds a time, or a number that conftest rounds")
    return value


# YAML 1.1

_SEPARATOR = "\n---\n"
_WORDS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"), False),
    **dict.fromkeys(("Null", "NULL"), None),
}


def _yaml(content: str) -> Any:
    if content.startswith("%") or "\r" in content or TAGGED.search(content):
        raise UnsureFault("the YAML has a directive, a tag or line ends of Windows")
    parts = content.split(_SEPARATOR)
    return [_document(part) for part in parts] if len(parts) > 1 else _document(content)


def _document(content: str) -> Any:
    import yaml

    try:
        nodes = [node for node in yaml.compose_all(content, Loader=yaml.SafeLoader) if node is not None]
    except (yaml.YAMLError, RecursionError):
        raise UnsureFault("the text is no YAML that all readers read alike") from None
    if len(nodes) > 1:
        raise UnsureFault("documents of the YAML are not parted by a line of `---` alone")
    return _value(nodes[0], frozenset()) if nodes else None


def _value(node: Any, above: frozenset[int]) -> Any:
    if id(node) in above:
        raise UnsureFault("the YAML has a circle")
    inner = above | {id(node)}
    if node.id == "sequence":
        return [_value(one, inner) for one in node.value]
    if node.id == "scalar":
        is_word = node.style is None and node.value in _WORDS
        return _WORDS[node.value] if is_word else plain_scalar(node)
    found: dict[str, Any] = {}
    for key, one in node.value:
        name = _value(key, inner)
        name = str(name).lower() if isinstance(name, bool) else name
        if not isinstance(name, str) or name in found or name == "<<":
            raise UnsureFault("a key of the YAML is no text, or stands twice")
        found[name] = _value(one, inner)
    return found


_PARSERS: dict[str, Callable[[str], Any]] = {"json": _json, "toml": _toml, "yaml": _yaml}
"""Name of a parser of conftest's -> the same here."""
