"""The digest of a file in a signed OPA bundle.

A data file or manifest is hashed by what it says, not by its bytes, so that its layout does not matter. Source: OPA's
`v1/bundle/hash.go`, which writes a document without spaces, keys in order, numbers as they are spelt, and texts as
Go's JSON encoder does; YAML is made JSON first (`v1/util/json.go`).
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Any

ALGORITHMS = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
"""OPA signs with the first; it would also verify MD5 and SHA-1, for which other files can be found."""
_STRUCTURED = re.compile(r"(?:.*/)?(?:data\.json|data\.ya?ml|\.manifest)", re.DOTALL)


class _JsonNumber(str):
    """A number as it is spelt."""

    __slots__ = ()


def digest(path: str, content: bytes, algorithm: str) -> str:
    """Hash a file of a bundle, as hexadecimal digits in lower case.

    Args:
        path: Its name in the bundle, which says whether it is data.
        content: Its bytes.
        algorithm: A key of `ALGORITHMS`.

    Raises:
        ValueError: It should be data, and is none.
        RecursionError: It is nested too deep.
    """
    hashed = canonical(path, content) if _STRUCTURED.fullmatch(path) else content
    return hashlib.new(ALGORITHMS[algorithm], hashed).hexdigest()


def canonical(path: str, content: bytes) -> bytes:
    """What of a data file is hashed.

    Raises:
        ValueError: It is neither JSON nor YAML.
    """
    try:
        text = content.decode("utf-8")
        value = json.loads(text, parse_int=_JsonNumber, parse_float=_JsonNumber, parse_constant=_not_finite)
    except json.JSONDecodeError:
        value = _yaml(content, path)
    return _written(value).encode("utf-8")


def _not_finite(text: str) -> None:
    raise ValueError(f"{text} is no finite number")


def _yaml(content: bytes, path: str) -> Any:
    """A YAML document that every reader reads alike; others are refused when the bundle's data is read."""
    from changegate.manifest import parse

    parsed = parse(content, "file.yaml")
    if parsed.faults or len(parsed.documents) != 1:
        raise ValueError(f"{path} is neither JSON nor YAML")
    return parsed.documents[0].value


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key)}:{_written(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, _JsonNumber):
        return str.__str__(value)
    if isinstance(value, str):
        return _text(value)
    return _float(value) if isinstance(value, float) else json.dumps(value)


def _text(value: str) -> str:
    """A text as Go writes it: as Python does, but for two line separators."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def _float(value: float) -> str:
    """A number of YAML as Go writes it: the shortest that is read back the same; an exponent only where it is far."""
    shortest = Decimal(repr(value))
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        text = f"{shortest:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = "".join(map(str, shortest.as_tuple().digits)).rstrip("0")
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    exponent = shortest.adjusted()
    sign = "-" if value < 0 else ""
    return f"{sign}{mantissa}e{exponent:+d}"  # NOTE: beyond 1e21 it has two digits, below 1e-6 Go takes the zero off
