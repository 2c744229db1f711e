"""The types of NumPy, pandas and Polars, as the lattice names them (`evidence.dtypes`)."""

from __future__ import annotations

import re

from changegate.evidence.dtypes import UNKNOWN

_WIDTHS = {
    *(f"{kind}{size}" for kind in ("int", "uint") for size in (8, 16, 32, 64)),
    *("float16", "float32", "float64"),
}
_WORDS = {
    "bool": "bool", "boolean": "bool",
    "int": "int64", "float": "float64", "double": "float64",
    "str": "string", "string": "string", "utf8": "string", "unicode": "string",
    "bytes": "binary", "binary": "binary",
    "datetime64": "datetime", "datetime": "datetime", "timestamp": "datetime", "datetimetz": "datetime",
    "timedelta64": "duration", "timedelta": "duration", "duration": "duration",
    "date": "date", "time": "time", "decimal": "decimal", "list": "list", "array": "list", "struct": "json",
}  # fmt: skip
_FORM = re.compile(r"(?:<|=|\||numpy\.|np\.|pandas\.|polars\.|pl\.)?([a-z]+[0-9]*)(?:[\[(].*)?")
_KIND = re.compile(r"<?U[0-9]*|<?S[0-9]*")


def numpy_type(said: str) -> str:
    """The type of the lattice that a dtype is.

    Args:
        said: Such as `int64`, `Int64`, `datetime64[ns]`, `string[python]`, `<U10`. `object` may be anything.
    """
    if _KIND.fullmatch(said):
        return "string" if "U" in said else "binary"
    match = _FORM.fullmatch(said.lower())
    if match is None:
        return UNKNOWN
    return match[1] if match[1] in _WIDTHS else _WORDS.get(match[1], UNKNOWN)
