"""Builtins on texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.rego.normal.builtins.registry import (
    BuiltinFault,
    UnsureFault,
    builtin,
    number,
    obj,
    small,
    text,
    texts,
    wrong,
)
from changegate.rego.normal.numbers import as_float
from changegate.rego.normal.values import boolean, is_number

if TYPE_CHECKING:
    from collections.abc import Callable


@builtin("concat", 2)
def concat(between: Any, values: Any) -> Any:
    """Texts, with one between them."""
    return text(between, 1).join(texts(values, 2))


@builtin("contains", 2)
def contains(whole: Any, part: Any) -> Any:
    """Whether a text stands in another."""
    return boolean(text(part, 2) in text(whole, 1))


@builtin("startswith", 2)
def startswith(whole: Any, part: Any) -> Any:
    """Whether a text begins with another."""
    return boolean(text(whole, 1).startswith(text(part, 2)))


@builtin("endswith", 2)
def endswith(whole: Any, part: Any) -> Any:
    """Whether a text ends with another."""
    return boolean(text(whole, 1).endswith(text(part, 2)))


@builtin("strings.any_prefix_match", 2)
def any_prefix(values: Any, parts: Any) -> Any:
    """Whether any text begins with any other."""
    return _any(values, parts, str.startswith)


@builtin("strings.any_suffix_match", 2)
def any_suffix(values: Any, parts: Any) -> Any:
    """Whether any text ends with any other."""
    return _any(values, parts, str.endswith)


def _any(values: Any, parts: Any, fits: Callable[[str, str], bool]) -> Any:
    ours, theirs = _one_or_more(values, 1), _one_or_more(parts, 2)
    return boolean(any(fits(one, part) for one in ours for part in theirs))


def _one_or_more(value: Any, at: int) -> list[str]:
    if type(value) is str:
        return [value]
    if isinstance(value, (tuple, frozenset)):
        return texts(value, at)
    raise wrong(at, value, "string", "set", "array")


@builtin("lower", 1)
def lower(value: Any) -> Any:
    """In small letters."""
    return _mapped(text(value), str.lower)


@builtin("upper", 1)
def upper(value: Any) -> Any:
    """In capital letters."""
    return _mapped(text(value), str.upper)


def _mapped(value: str, mapping: Callable[[str], str]) -> str:
    if value.isascii():
        return mapping(value)
    letters = [mapping(one) for one in value]
    if any(len(one) != 1 for one in letters):
        raise UnsureFault("the case of a character is written with several")
    return "".join(letters)


@builtin("replace", 3)
def replace(whole: Any, old: Any, new: Any) -> Any:
    """Every part that is a text, by another."""
    return text(whole, 1).replace(text(old, 2), text(new, 3))


@builtin("strings.replace_n", 2)
def replace_n(pairs: Any, whole: Any) -> Any:
    """Several texts at once: at each place the first in order that fits."""
    found, value = obj(pairs, 1), text(whole, 2)
    if not all(type(one) is str for pair in found.items() for one in pair):
        raise BuiltinFault("operand 1 must have texts as keys and values")
    if "" in found:
        raise UnsureFault("a text to look for is empty")
    made, at = [], 0
    names = sorted(found)
    while at < len(value):
        name = next((one for one in names if value.startswith(one, at)), None)
        made.append(value[at] if name is None else found[name])
        at += 1 if name is None else len(name)
    return "".join(made)


@builtin("strings.count", 2)
def count(whole: Any, part: Any) -> Any:
    """How often a text stands in another, without overlaps."""
    return text(whole, 1).count(text(part, 2))


@builtin("strings.reverse", 1)
def reverse(value: Any) -> Any:
    """From the last character to the first."""
    return text(value)[::-1]


@builtin("split", 2)
def split(whole: Any, between: Any) -> Any:
    """The parts between a text."""
    value, by = text(whole, 1), text(between, 2)
    return tuple(value.split(by)) if by else tuple(value)


@builtin("strings.split_n", 3)
def split_n(whole: Any, between: Any, most: Any) -> Any:
    """The first parts between a text, or the last."""
    parts = split(whole, between)
    wanted = small(most, 3)
    return parts[max(len(parts) + wanted, 0) :] if wanted < 0 else parts[:wanted]


@builtin("indexof", 2)
def indexof(whole: Any, part: Any) -> Any:
    """The first place of a text."""
    if not text(part, 2):
        raise BuiltinFault("empty search character")
    return text(whole, 1).find(part)


@builtin("indexof_n", 2)
def indexof_n(whole: Any, part: Any) -> Any:
    """Every place of a text."""
    if not text(part, 2):
        raise BuiltinFault("empty search character")
    return tuple(at for at in range(len(text(whole, 1))) if whole.startswith(part, at))


@builtin("substring", 3)
def substring(whole: Any, offset: Any, length: Any) -> Any:
    """A part; a negative length takes all that is left."""
    value, begin, taken = text(whole, 1), small(offset, 2), small(length, 3)
    if begin < 0:
        raise BuiltinFault("negative offset")
    return value[begin:] if taken < 0 else value[begin : begin + taken]


@builtin("trim", 2)
def trim(value: Any, letters: Any) -> Any:
    """Without such characters at both ends."""
    return text(value, 1).strip(letters) if text(letters, 2) else value


@builtin("trim_left", 2)
def trim_left(value: Any, letters: Any) -> Any:
    """Without such characters at the beginning."""
    return text(value, 1).lstrip(letters) if text(letters, 2) else value


@builtin("trim_right", 2)
def trim_right(value: Any, letters: Any) -> Any:
    """Without such characters at the end."""
    return text(value, 1).rstrip(letters) if text(letters, 2) else value


@builtin("trim_prefix", 2)
def trim_prefix(value: Any, part: Any) -> Any:
    """Without a text at the beginning."""
    return text(value, 1).removeprefix(text(part, 2))


@builtin("trim_suffix", 2)
def trim_suffix(value: Any, part: Any) -> Any:
    """Without a text at the end."""
    return text(value, 1).removesuffix(text(part, 2))


_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


@builtin("trim_space", 1)
def trim_space(value: Any) -> Any:
    """Without white space at both ends."""
    return text(value).strip(_SPACE)


_BASES = {2: "b", 8: "o", 10: "d", 16: "x"}


@builtin("format_int", 2)
def format_int(value: Any, base: Any) -> Any:
    """An integer in base 2, 8, 10 or 16; what is behind the point is left out."""
    found = number(value, 1)
    if not is_number(base):
        raise wrong(2, base, "number")
    if type(base) is not int or base not in _BASES:
        raise BuiltinFault("operand 2 must be one of {2, 8, 10, 16}")
    return format(found if type(found) is int else int(as_float(found)), _BASES[base])
