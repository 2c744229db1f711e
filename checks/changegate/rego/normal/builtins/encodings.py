"""Encodings, digests, and texts of documents."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from typing import Any

from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, builtin, obj, text
from changegate.rego.normal.values import (
    Boolean,
    Obj,
    Real,
    boolean,
    from_json,
    from_plain,
    in_order,
    key_text,
)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UnsureFault("what is encoded is no text") from None


def _base64(value: str, *, url: bool) -> bytes:
    plain = value.replace("\n", "").replace("\r", "")
    letters = r"[A-Za-z0-9_-]*" if url else r"[A-Za-z0-9+/]*"
    if len(plain) % 4 or not re.fullmatch(letters + "={0,2}", plain):
        raise BuiltinFault("illegal base64 data")
    try:
        return base64.urlsafe_b64decode(plain) if url else base64.b64decode(plain)
    except binascii.Error:
        raise BuiltinFault("illegal base64 data") from None


@builtin("base64.encode", 1)
def base64_encode(value: Any) -> Any:
    """With padding."""
    return base64.b64encode(text(value).encode()).decode()


@builtin("base64.decode", 1)
def base64_decode(value: Any) -> Any:
    """With padding."""
    return _decoded(_base64(text(value), url=False))


@builtin("base64.is_valid", 1)
def base64_is_valid(value: Any) -> Any:
    """Whether it could be decoded."""
    try:
        _base64(text(value), url=False)
    except BuiltinFault:
        return boolean(False)
    return boolean(True)


@builtin("base64url.encode", 1)
def base64url_encode(value: Any) -> Any:
    """For addresses, with padding."""
    return base64.urlsafe_b64encode(text(value).encode()).decode()


@builtin("base64url.encode_no_pad", 1)
def base64url_encode_no_pad(value: Any) -> Any:
    """For addresses, without padding."""
    return base64url_encode(value).rstrip("=")


@builtin("base64url.decode", 1)
def base64url_decode(value: Any) -> Any:
    """For addresses, with or without padding."""
    given = text(value)
    return _decoded(_base64(given if given.endswith("=") else given + "=" * (-len(given) % 4), url=True))


@builtin("hex.encode", 1)
def hex_encode(value: Any) -> Any:
    """Bytes as digits."""
    return text(value).encode().hex()


@builtin("hex.decode", 1)
def hex_decode(value: Any) -> Any:
    """Digits as bytes."""
    if not re.fullmatch(r"([0-9A-Fa-f]{2})*", text(value)):
        raise BuiltinFault("encoding/hex: invalid byte")
    return _decoded(bytes.fromhex(value))


def _digest(name: str) -> Any:
    def digest(value: Any) -> Any:
        return hashlib.new(name, text(value).encode(), usedforsecurity=False).hexdigest()

    return digest


def _keyed(name: str) -> Any:
    def keyed(value: Any, key: Any) -> Any:
        return hmac.new(text(key, 2).encode(), text(value, 1).encode(), name).hexdigest()

    return keyed


for _name in ("md5", "sha1", "sha256"):
    builtin(f"crypto.{_name}", 1)(_digest(_name))
for _name in ("md5", "sha1", "sha256", "sha512"):
    builtin(f"crypto.hmac.{_name}", 2)(_keyed(_name))


@builtin("crypto.hmac.equal", 2)
def hmac_equal(one: Any, other: Any) -> Any:
    """Whether two texts are the same."""
    return boolean(text(one, 1) == text(other, 2))


# JSON


def marshalled(value: Any) -> str:
    """A value as Go writes it as JSON."""
    parts: list[str] = []
    _marshal(value, parts)
    return "".join(parts)


def _marshal(value: Any, parts: list[str]) -> None:
    if type(value) is str:
        parts.append(_quoted(value))
    elif value is None:
        parts.append("null")
    elif type(value) is Boolean:
        parts.append("true" if value.truth else "false")
    elif type(value) is int:
        parts.append(str(value))
    elif type(value) is Real:
        parts.append(value.text)
    elif type(value) is Obj:
        for number, (name, one) in enumerate(_fields(value)):
            parts.append(",{"[number == 0])
            parts.append(_quoted(name) + ":")
            _marshal(one, parts)
        parts.append("}" if value else "{}")
    else:
        parts.append("[")
        for number, one in enumerate(value if type(value) is tuple else in_order(value)):
            parts.append("," if number else "")
            _marshal(one, parts)
        parts.append("]")


def _fields(value: Obj) -> list[tuple[str, Any]]:
    return sorted(((key_text(key), one) for key, one in value.items()), key=lambda field: field[0])


_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def _quoted(value: str) -> str:
    return re.sub("[<>&\u2028\u2029]", lambda found: _UNSAFE[found[0]], json.dumps(value, ensure_ascii=False))


@builtin("json.marshal", 1)
def json_marshal(value: Any) -> Any:
    """A value as JSON."""
    return marshalled(value)


@builtin("json.marshal_with_options", 2)
def json_marshal_with_options(value: Any, options: Any) -> Any:
    """A value as JSON, over several lines."""
    given = obj(options, 2)
    if not set(given) <= {"pretty", "indent", "prefix"}:
        raise BuiltinFault("object contained unknown key")
    pretty = given.get("pretty", boolean(bool({"indent", "prefix"} & set(given))))
    indent, prefix = given.get("indent", "\t"), given.get("prefix", "")
    if type(pretty) is not Boolean or type(indent) is not str or type(prefix) is not str:
        raise BuiltinFault("an option is of another type")
    if not pretty:
        return marshalled(value)
    return prefix + _indented(value, indent, "\n" + prefix)


def _indented(value: Any, indent: str, line: str) -> str:
    if type(value) is Obj and value:
        inner = [
            f"{line}{indent}{_quoted(name)}: {_indented(one, indent, line + indent)}" for name, one in _fields(value)
        ]
        return "{" + ",".join(inner) + line + "}"
    if isinstance(value, (tuple, frozenset)) and value:
        found = value if type(value) is tuple else in_order(value)
        return "[" + ",".join(f"{line}{indent}{_indented(one, indent, line + indent)}" for one in found) + line + "]"
    return marshalled(value)


def _from_json(value: str) -> Any:
    if re.search(r"\\u[dD][89a-fA-F]", value):
        raise UnsureFault("the text has characters in halves")
    try:
        return from_json(value)
    except RecursionError:
        raise UnsureFault("the text is nested too deeply") from None


@builtin("json.unmarshal", 1)
def json_unmarshal(value: Any) -> Any:
    """The value that JSON is."""
    try:
        return _from_json(text(value))
    except ValueError as error:
        raise BuiltinFault(f"the text is no JSON: {error}") from None


@builtin("json.is_valid", 1)
def json_is_valid(value: Any) -> Any:
    """Whether a text is JSON."""
    if type(value) is not str:
        return boolean(False)
    try:
        _from_json(value)
    except ValueError:
        return boolean(False)
    return boolean(True)


# YAML


@builtin("yaml.is_valid", 1)
def yaml_is_valid(value: Any) -> Any:
    """Whether a text is YAML."""
    if type(value) is not str:
        return boolean(False)
    yaml_unmarshal(value)
    return boolean(True)


@builtin("yaml.unmarshal", 1)
def yaml_unmarshal(value: Any) -> Any:
    """The value that YAML is, where all readers read it alike."""
    import yaml

    if TAGGED.search(text(value)):
        raise UnsureFault("the YAML has tags")
    try:
        events = list(yaml.compose_all(text(value), Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        raise UnsureFault("the text is no YAML that all readers read alike") from None
    if len(events) != 1 or events[0] is None:
        raise UnsureFault("the text is not one YAML document")
    return from_plain(_plain(events[0], set()))


TAGGED = re.compile(r"(^|[\s,:\[{-])!")
"""Where YAML may have a tag."""
_PLAIN_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_PLAIN_DECIMAL = re.compile(r"(?!-0*\.0*$)-?(0|[1-9][0-9]{0,6})\.[0-9]{1,8}")
"""Small enough that every reader writes the number down alike; with nothing behind its point it is an integer."""
_PLAIN_TEXT = re.compile(r"(?!(?i:y|n|yes|no|on|off|true|false|null|nan|inf)$)[A-Za-z_/$][^\n]*", re.DOTALL)


def _plain(node: Any, above: set[int]) -> Any:
    if id(node) in above:
        raise UnsureFault("the YAML has a circle")
    if node.id == "scalar":
        return plain_scalar(node)
    inner = above | {id(node)}
    if node.id == "sequence":
        return [_plain(one, inner) for one in node.value]
    found: dict[str, Any] = {}
    for key, one in node.value:
        name = _plain(key, inner)
        if not isinstance(name, str) or name in found or name == "<<":
            raise UnsureFault("a key of the YAML is no text, or stands twice")
        found[name] = _plain(one, inner)
    return found


def plain_scalar(node: Any) -> Any:
    """The value of a scalar, where all readers of YAML take it alike."""
    value: str = node.value
    if node.style is not None:
        return value
    if value in {"", "~", "null"}:
        return None
    if value in {"true", "false"}:
        return value == "true"
    if _PLAIN_INTEGER.fullmatch(value) and value != "-0":
        return int(value)
    if _PLAIN_DECIMAL.fullmatch(value):
        number = float(value)
        return int(number) if number.is_integer() else number
    if _PLAIN_TEXT.fullmatch(value) and not node.tag.endswith((":timestamp", ":merge")):
        return value
    raise UnsureFault(f"{value[:40]!r} is read by one reader of YAML as this, by another as that")


# Queries of addresses


@builtin("urlquery.encode", 1)
def query_encode(value: Any) -> Any:
    """For a query."""
    from urllib.parse import quote_plus

    return quote_plus(text(value), safe="")


@builtin("urlquery.decode", 1)
def query_decode(value: Any) -> Any:
    """From a query."""
    from urllib.parse import unquote_to_bytes

    given = text(value)
    if re.search(r"%(?![0-9A-Fa-f]{2})", given):
        raise BuiltinFault("invalid URL escape")
    return _decoded(unquote_to_bytes(given.replace("+", " ")))


@builtin("urlquery.encode_object", 1)
def query_encode_object(value: Any) -> Any:
    """A query of an object."""
    parts = []
    for name, one in _fields(obj(value)):
        several = [one] if type(one) is str else one
        if not isinstance(several, (tuple, frozenset)) and type(one) is not str:
            raise BuiltinFault("values must be string, array[string], or set[string]")
        for item in several if isinstance(several, (list, tuple)) else in_order(several):
            if type(item) is not str:
                raise BuiltinFault("values must be string, array[string], or set[string]")
            parts.append(f"{query_encode(name)}={query_encode(item)}")
    return "&".join(parts)


@builtin("urlquery.decode_object", 1)
def query_decode_object(value: Any) -> Any:
    """The object that a query is."""
    found: dict[str, list[str]] = {}
    if ";" in text(value):
        raise BuiltinFault("invalid semicolon separator in query")
    for part in value.split("&"):
        if part:
            name, _, one = part.partition("=")
            found.setdefault(query_decode(name), []).append(query_decode(one))
    return Obj((name, tuple(several)) for name, several in found.items())


@builtin("trace", 1)
def trace(note: Any) -> Any:
    """Notes something in a trace of OPA's: nothing here, and always true."""
    text(note)
    return boolean(True)
