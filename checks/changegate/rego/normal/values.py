"""The values of Rego in Python: each equals, sorts and is written as OPA's does.

Numbers are `int` where they are written as whole numbers, else `Real`, which keeps how they are written. Texts are
`str`, arrays `tuple`, sets `frozenset`, objects `Obj`. A boolean is not Python's, for which `True == 1`.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Value = Any


class Boolean:
    """`true` or `false`."""

    __slots__ = ("truth",)

    def __init__(self, truth: bool) -> None:
        """There are two of it, and no more are made."""
        self.truth = truth

    def __bool__(self) -> bool:
        """As Python's."""
        return self.truth

    def __repr__(self) -> str:
        """As it is written in Rego."""
        return "true" if self.truth else "false"


TRUE, FALSE = Boolean(True), Boolean(False)


class Undefined:
    """No value at all."""

    __slots__ = ()

    def __repr__(self) -> str:
        """For whoever looks for a fault."""
        return "undefined"


UNDEFINED = Undefined()


class Real(Decimal):
    """A number with a point or an exponent: compares exactly, and is written as it was."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Real:
        """Keep the number and how it is written."""
        made = super().__new__(cls, text)
        made.text = text
        return made


class Obj(dict[Any, Any]):
    """An object; never changed once it is made."""

    __slots__ = ("_hash", "_keys")
    _hash: int
    _keys: list[Any]

    def __hash__(self) -> int:  # type: ignore[override]
        """A dictionary that is never changed may be a key."""
        try:
            known = self._hash
        except AttributeError:
            known = self._hash = hash(frozenset(self.items()))
        return known

    def in_order(self) -> list[Any]:
        """The keys as Rego orders them."""
        try:
            keys = self._keys
        except AttributeError:
            keys = self._keys = in_order(self)
        return keys


EMPTY_SET: frozenset[Any] = frozenset()
EMPTY_OBJECT = Obj()


def boolean(truth: object) -> Boolean:
    """Rego's boolean for Python's truth."""
    return TRUE if truth else FALSE


def is_number(value: Value) -> bool:
    """Whether it is a number."""
    return isinstance(value, (int, Decimal))


_RANKS = {type(None): 0, Boolean: 1, int: 2, Real: 2, str: 3, tuple: 4, Obj: 5, frozenset: 6}


def order(value: Value) -> Any:
    """What a value sorts by: null, booleans, numbers, texts, arrays, objects, sets."""
    kind = type(value)
    rank = _RANKS[kind]
    if rank == 0:
        return (0,)
    if rank == 1:
        return (1, value.truth)
    if rank == 4:
        return (4, tuple(map(order, value)))
    if rank == 5:
        keys = value.in_order()
        return (5, _object_order(value, keys))
    if rank == 6:
        return (6, tuple(sorted(map(order, value))))
    return (rank, value)


def _object_order(value: Obj, keys: list[Any]) -> Any:
    """Objects compare key by key and value by value: `{"a": 2} < {"b": 1}`."""
    return tuple((order(key), order(value[key])) for key in keys)


def in_order(values: Any) -> list[Any]:
    """The values of a collection in Rego's order."""
    kinds = set(map(type, values))
    if kinds <= {str} or kinds <= {int}:
        return sorted(values)
    return sorted(values, key=order)


def type_name(value: Value) -> str:
    """The name of a value's type, as `type_name` gives it."""
    return _NAMES[_RANKS[type(value)]]


_NAMES = ("null", "boolean", "number", "string", "array", "object", "set")


def items(value: Value) -> Iterator[tuple[Value, Value]] | None:
    """The keys and values of a collection in order; nothing where it is none."""
    if isinstance(value, tuple):
        return enumerate(value)
    if isinstance(value, Obj):
        return ((key, value[key]) for key in value.in_order())
    if isinstance(value, frozenset):
        return ((one, one) for one in in_order(value))
    return None


def inside(value: Value, key: Value) -> Value:
    """What stands at a key of a collection: `value[key]`; `UNDEFINED` where there is nothing."""
    kind = type(value)
    if kind is Obj:
        return value.get(key, UNDEFINED)
    if kind is tuple:
        if type(key) is Real and key == key.to_integral_value():
            key = int(key)
        if type(key) is int and 0 <= key < len(value):
            return value[key]
        return UNDEFINED
    if kind is frozenset:
        return key if key in value else UNDEFINED
    return UNDEFINED


# Between Python's plain values, JSON and Rego's


def from_plain(value: Any) -> Value:
    """Rego's value for what `json` reads."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is bool:
        return TRUE if value else FALSE
    if kind is float:
        return Real(repr(value))
    if isinstance(value, dict):
        return Obj((key, from_plain(one)) for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(from_plain, value))
    return value


def from_json(text: str | bytes) -> Value:
    """Rego's value for a JSON text, each number as it is written.

    Raises:
        ValueError: It is no JSON.
    """
    return _decoded(json.loads(text, parse_float=_real, parse_int=_integer, parse_constant=_no_constant))


_LARGEST_EXPONENT = 1000
"""OPA reads some more; no document has one."""


def _real(text: str) -> Real:
    made = Real(text)
    if made and abs(made.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError(f"the exponent of {text[:40]} is too large")
    return made


def _integer(text: str) -> Any:
    return Real(text) if text == "-0" else int(text)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _decoded(value: Any) -> Value:
    kind = type(value)
    if kind is dict:
        return Obj((key, _decoded(one)) for key, one in value.items())
    if kind is list:
        return tuple(map(_decoded, value))
    if kind is bool:
        return TRUE if value else FALSE
    return value


def written(value: Value) -> str:  # noqa: PLR0911  (a type each)
    """A value as Rego writes it: as OPA's `print` and `%v` do, texts in quotes."""
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is int:
        return str(value)
    if kind is Real:
        return str(value.text)
    if value is None:
        return "null"
    if kind is Boolean:
        return "true" if value.truth else "false"
    if kind is tuple:
        return "[" + ", ".join(map(written, value)) + "]"
    if kind is Obj:
        return "{" + ", ".join(f"{written(key)}: {written(value[key])}" for key in value.in_order()) + "}"
    return "{" + ", ".join(map(written, in_order(value))) + "}" if value else "set()"


_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}


def quoted(text: str) -> str:
    """A text in quotes, as Go's `%q` writes it."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if " " <= letter <= "~":
        return letter
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def to_json(value: Value) -> str:
    """A value as JSON: a set as an array, and what is no text as a key as its JSON."""
    parts: list[str] = []
    _put_json(value, parts.append)
    return "".join(parts)


def _put_json(value: Value, put: Any) -> None:
    kind = type(value)
    if kind is str:
        put(json.dumps(value, ensure_ascii=False))
    elif kind is int:
        put(str(value))
    elif kind is Real:
        put(value.text)
    elif value is None:
        put("null")
    elif kind is Boolean:
        put("true" if value.truth else "false")
    elif kind is Obj:
        _put_object(value, put)
    else:
        put("[")
        for number, one in enumerate(value if kind is tuple else in_order(value)):
            if number:
                put(",")
            _put_json(one, put)
        put("]")


def _put_object(value: Obj, put: Any) -> None:
    put("{")
    for number, (key, one) in enumerate(
        sorted(((key_text(key), value[key]) for key in value.in_order()), key=lambda pair: pair[0])
        if not _plain(value)
        else ((key, value[key]) for key in value.in_order())
    ):
        if number:
            put(",")
        put(json.dumps(key, ensure_ascii=False))
        put(":")
        _put_json(one, put)
    put("}")


def _plain(value: Obj) -> bool:
    return all(type(key) is str for key in value)


def key_text(key: Value) -> str:
    """The text that a key is in JSON."""
    return key if type(key) is str else to_json(key)
