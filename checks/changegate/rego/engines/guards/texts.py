"""Guards of builtins on texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.engines.guards.arguments import DiffersError, integer_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable


def lower(text: Any) -> str:
    """`lower`, character by character as Go maps them."""
    return _mapped(text_of(text, "lower"), str.lower)


def upper(text: Any) -> str:
    """`upper`, character by character as Go maps them."""
    return _mapped(text_of(text, "upper"), str.upper)


def _mapped(text: str, mapping: Callable[[str], str]) -> str:
    if text.isascii():
        return mapping(text)
    characters = [mapping(one) for one in text]
    if any(len(one) != 1 for one in characters):
        raise DiffersError("the case of a character is written with several, and the engines differ on those")
    return "".join(characters)


def replace(text: Any, old: Any, new: Any) -> str:
    """`replace` of a text that is not empty."""
    if not text_of(old, "replace"):
        raise DiffersError("replace needs a text to look for")
    return text_of(text, "replace").replace(old, text_of(new, "replace"))


def indexof(text: Any, part: Any) -> int:
    """`indexof` of a text that is not empty."""
    if not text_of(part, "indexof"):
        raise DiffersError("indexof needs a text to look for")
    return text_of(text, "indexof").find(part)


def indexof_n(text: Any, part: Any) -> list[int]:
    """`indexof_n` of a text that is not empty: overlapping places, too."""
    if not text_of(part, "indexof_n"):
        raise DiffersError("indexof_n needs a text to look for")
    return [place for place in range(len(text_of(text, "indexof_n"))) if text.startswith(part, place)]


def substring(text: Any, offset: Any, length: Any) -> str:
    """`substring`; a negative length takes all that is left."""
    begin, taken = integer_of(offset, "substring"), integer_of(length, "substring")
    if begin < 0:
        raise DiffersError("substring begins before the text")
    whole = text_of(text, "substring")
    return whole[begin:] if taken < 0 else whole[begin : begin + taken]


_FORMS = {2: "b", 8: "o", 10: "d", 16: "x"}


def format_int(value: Any, base: Any) -> str:
    """`format_int` of an integer."""
    if base not in _FORMS:
        raise DiffersError("format_int knows the bases 2, 8, 10 and 16")
    return format(integer_of(value, "format_int"), _FORMS[base])
