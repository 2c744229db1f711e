"""Format `tfdv-schema`: a schema of TensorFlow Data Validation, in the text form of protocol buffers (`schema.pbtxt`).

Source: https://github.com/tensorflow/metadata/blob/master/tensorflow_metadata/proto/v0/schema.proto. A feature may be
missing unless `presence` asks for all of them. Bytes with a domain of texts are texts; others may be either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.promises import PromisedFeature, Promises, deprecation
from changegate.evidence.textproto import Message, parse_textproto
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = ""

_TYPES = {"BYTES": "text", "INT": "int64", "FLOAT": "float32", "STRUCT": "json"}
_BEGINS = re.compile(rb"(?:\s|#[^\n]*\n)*(?:feature|string_domain|int_domain|float_domain|default_environment)\s*[:{<]")
_GONE = {"DEPRECATED", "DISABLED", "DERIVED"}


def recognises(value: Any) -> bool:
    """Whether bytes begin as a schema does."""
    return isinstance(value, bytes) and _BEGINS.match(value[:65536]) is not None


def read(value: bytes) -> tuple[Promises, ...]:
    """Read the features, with the domains that they name."""
    try:
        whole = parse_textproto(value.decode("utf-8"))
    except UnicodeDecodeError as fault:
        line = value[: fault.start].count(b"\n") + 1
        raise Unsound("it is no UTF-8", line=line) from fault
    domains = {
        kind: {_word(one, "name"): one for one in whole.messages(kind)}
        for kind in ("string_domain", "int_domain", "float_domain")
    }
    return (Promises(features=tuple(_feature(one, domains) for one in whole.messages("feature"))),)


def _word(message: Message, key: str) -> str:
    found = message.values(key)
    return str(found[-1]) if found else ""


def _feature(one: Message, domains: Mapping[str, Mapping[str, Message]]) -> PromisedFeature:
    name, kind = _word(one, "name"), _word(one, "type")
    if not name:
        raise Unsound("a feature has no name", line=one.line)
    named = _word(one, "domain")
    text = next(iter(one.messages("string_domain")), domains["string_domain"].get(named))
    dtype = _TYPES.get(kind, UNKNOWN)
    values = [value for value in text.values("value") if isinstance(value, str)] if text else []
    if dtype == "text" and text:
        dtype = "string"
    terms: dict[str, Any] = {"dtype": dtype, "nullable": not _is_always_there(one)}
    if values:
        terms["enum"] = values
    for side in ("int_domain", "float_domain"):
        domain = next(iter(one.messages(side)), domains[side].get(named))
        if domain is not None and (bounds := _bounds(domain)):
            terms["range"] = bounds
    if _word(one, "lifecycle_stage") in _GONE or _word(one, "deprecated") == "true":
        terms["deprecated"] = deprecation(None, None, ())
    return PromisedFeature(name, terms, said=kind or "no type", line=one.line)


def _is_always_there(one: Message) -> bool:
    return any(float(share) >= 1 for said in one.messages("presence") for share in _numbers(said, "min_fraction"))


def _bounds(domain: Message) -> list[float]:
    least, greatest = _numbers(domain, "min"), _numbers(domain, "max")
    if not least and not greatest:
        return []
    return [least[-1] if least else float("-inf"), greatest[-1] if greatest else float("inf")]


def _numbers(message: Message, key: str) -> list[float]:
    return [one for one in message.values(key) if isinstance(one, int | float) and not isinstance(one, bool)]
