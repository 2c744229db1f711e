"""Guards of builtins that read documents."""

from __future__ import annotations

import math
from typing import Any

from changegate.rego.engines.guards.arguments import EXACT, DiffersError, exact, text_of


def parse_json(text: Any) -> Any:
    """`json.unmarshal` of JSON whose numbers both engines keep."""
    import json

    def refuse(name: str) -> Any:
        raise DiffersError(f"json.unmarshal: {name} is no JSON")

    try:
        value = json.loads(
            text_of(text, "json.unmarshal"), parse_constant=refuse, parse_int=_json_int, parse_float=_json_float
        )
        json.dumps(value, ensure_ascii=False).encode()  # NOTE: half a surrogate pair would crash the engine
    except (json.JSONDecodeError, RecursionError, UnicodeEncodeError):
        raise DiffersError("json.unmarshal: the text is no JSON") from None
    return value


def _json_int(text: str) -> int:
    return exact(int(text), "json.unmarshal")


def _json_float(text: str) -> int | float:
    value = float(text)
    if not math.isfinite(value):
        raise DiffersError("json.unmarshal: a number is too large")
    return int(value) if value.is_integer() and abs(value) <= EXACT else value
