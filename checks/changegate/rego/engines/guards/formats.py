"""The guard of `sprintf`: what Go and Rego write for a value."""

from __future__ import annotations

import re
from typing import Any

from changegate.rego.engines.guards.arguments import DiffersError, integer_of, number_of, text_of

_VERB = re.compile(r"%(.?)", re.DOTALL)


def sprintf(form: Any, values: Any) -> str:
    """`sprintf` with %s for texts, %d for integers, %v for anything that both engines write alike."""
    if not isinstance(values, list):
        raise DiffersError("sprintf needs an array of values")
    left = list(values)

    def written(verb: re.Match[str]) -> str:
        if verb[1] == "%":
            return "%"
        if verb[1] not in _VERBS:
            raise DiffersError(f"sprintf: `%{verb[1]}` is none of %s, %d, %v")
        if not left:
            raise DiffersError("sprintf has more verbs than values")
        return _VERBS[verb[1]](left.pop(0))

    made = _VERB.sub(written, text_of(form, "sprintf"))
    if left:
        raise DiffersError("sprintf has more values than verbs")
    return made


def _as_s(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise DiffersError("sprintf: %s of a number: write %d, or %v")
    return _as_v(value)


def _as_d(value: Any) -> str:
    return str(integer_of(value, "sprintf: %d"))


def _as_v(value: Any) -> str:
    return value if isinstance(value, str) else _term(value)


_VERBS = {"s": _as_s, "d": _as_d, "v": _as_v}


def _term(value: Any) -> str:
    """A value as Rego writes it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return _plain(number_of(value, "sprintf"))
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_term, value)) + "]"
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return "{" + ", ".join(f"{_quoted(key)}: {_term(value[key])}" for key in _ordered(value)) + "}"
    raise DiffersError("sprintf of a set, or of an object with keys that are no texts: write it as an array")


def _ordered(keys: Any) -> list[str]:
    return sorted(keys, key=lambda key: key.encode("utf-8", "surrogatepass"))


def _plain(number: float) -> str:
    if isinstance(number, float) and not 1e-4 <= abs(number) < 1e15:
        raise DiffersError("a very small or large fraction, which the engines write differently")
    return repr(number)


_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def _quoted(text: str) -> str:
    escaped = text.translate(_ESCAPES)
    if not escaped.isprintable():
        raise DiffersError("sprintf of a collection with characters that are not printable")
    return f'"{escaped}"'
