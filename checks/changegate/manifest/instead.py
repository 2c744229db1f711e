"""What to write in place of a value that does not fit its schema: what was probably meant, or an example.

Whatever is proposed fits: it is held against the schema before anybody is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.manifest import units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from changegate.names import KeyPath

_DEEPEST = 12
"""So many levels of a schema are looked into: no schema of ours has as many."""

# What a value was probably meant to be


def instead(
    value: Any, written: str, schema: Mapping[str, Any], path: KeyPath, fits: Callable[[Any, Mapping[str, Any]], bool]
) -> tuple[Any, str] | None:
    """Find the value that was meant.

    Args:
        value: What is there, as it was read.
        written: How the file spells it; empty where nobody knows.
        schema: What it has to fit.
        path: Where it stands: names tell units.
        fits: Whether a value fits a schema.

    Returns:
        The value, and a sentence in which `{}` stands for it; None where nobody can tell.
    """
    for meant, why in _meanings(value, written, schema, path):
        if fits(meant, schema):
            return meant, why
    return None


def _meanings(value: Any, written: str, schema: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[Any, str]]:
    kinds = schema.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if "boolean" in kinds:
        yield from _boolean(value)
    if kinds & {"integer", "number"} and isinstance(value, str):
        yield from _number(value, path, whole="number" not in kinds)
    if "string" in kinds and not isinstance(value, str):
        yield from _text(value, written, schema)
    if "string" in kinds and isinstance(value, str):
        yield from _mended(value, schema)
    if "array" in kinds and not isinstance(value, list):
        yield [value], "Write a list: {}."


_YES, _NO = frozenset({"yes", "y", "on", "true", "1"}), frozenset({"no", "n", "off", "false", "0"})


def _boolean(value: Any) -> Iterator[tuple[Any, str]]:
    word = str(value).strip().casefold() if isinstance(value, (str, int, float)) else ""
    if word in _YES | _NO:
        yield word in _YES, "Write {} without quotes: the only two words are `true` and `false`."


_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|%)")


def _number(text: str, path: KeyPath, *, whole: bool) -> Iterator[tuple[Any, str]]:
    """A number that stands in quotes, or with a unit where the name of the key already says it."""
    bare = text.strip().replace("_", "").replace(" ", "")
    if re.fullmatch(r"[-+]?[0-9]{1,15}", bare):
        yield int(bare), "Write it without quotes: {}."
    elif re.fullmatch(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}", bare) and not whole:
        yield float(bare), "Write it without quotes: {}."
    amount = _in_unit(bare, " ".join(str(key) for key in path[-2:]))
    if amount is not None:
        yield amount, "Write the number alone: {}."


def _in_unit(text: str, name: str) -> int | float | None:
    """An amount with a unit, in the unit that the name of a key says."""
    if "Bytes" in name:
        return units.size(text)
    seconds = units.seconds(text)
    if seconds is not None and ("Days" in name or "Seconds" in name):
        return seconds if "Seconds" in name else (None if seconds % 86_400 else seconds // 86_400)
    amount = _AMOUNT.fullmatch(text)
    return None if amount is None else _scaled(float(amount[1]), amount[2], name)


def _scaled(number: float, unit: str, name: str) -> int | float | None:
    scale = next((by for word, its, by in _SCALES if word in name and its == unit), 0)
    scaled = round(number * scale, 12)
    return None if not scale else int(scaled) if scaled.is_integer() else scaled


_SCALES = (
    ("Ms", "ms", 1),
    ("Ms", "s", 1000),
    ("ercent", "%", 1),
    ("weight", "%", 1),
    ("objective", "%", 0.01),
    ("share", "%", 0.01),
    ("Ratio", "%", 0.01),
)
"""A word in a key, a unit, and what it is worth there."""


def _text(value: Any, written: str, schema: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """A number or a boolean where a text is needed: a unit was forgotten, or quotes."""
    import json

    if not isinstance(value, (bool, int, float)):
        return
    spelt, kind = written or json.dumps(value), kind_of(schema)
    if kind == "memory" and not isinstance(value, bool):
        yield f"{spelt}Gi", "Add a unit: {} is gibibytes, and there are `Mi`, `Ki`, `M` and `k`."
    if kind == "duration" and not isinstance(value, bool):
        yield f"{spelt}m", _UNIT
    yield spelt, "Put it into quotes: {}."


_UNIT = "Add a unit: {} is minutes, and there are `s`, `h`, `d` and `w`."
_KINDS = {
    "digest": "sha256:",
    "duration": "{1,6}w",
    "moment": "T[0-9]{2}:",
    "path": "(?!\\.{1,2}",
    "address": "^[a-z][a-z0-9+.-]*:",
    "memory": "[KMGTP]i",
    "name": "^[a-z0-9]([a-z0-9._-]",
    "login": "^[!-~]+$",
}
"""Kind of text -> what only its pattern has."""

_Mend = tuple["Callable[[str], str]", str]
# NOTE: the first that fits is proposed, so the order goes from little to much.
_OF_KIND: Mapping[str, tuple[_Mend, ...]] = {
    "digest": (
        (str.lower, "Write it in lower case: {}."),
        (lambda text: f"sha256:{text.lower()}", "Say of which algorithm it is: {}."),
        (lambda text: re.sub(r"^sha-?([0-9]+)\s*[:=-]\s*", r"sha\1:", text.lower()), "Write it so: {}."),
    ),
    "duration": (
        (lambda text: f"{text}m", _UNIT),
        (lambda text: _short_units(text), "Write it with short units: {}."),  # noqa: PLW0108  (it stands below)
    ),
    "moment": (
        (lambda text: f"{text}T00:00:00Z", "Add the time and the zone: {}, if it was midnight in UTC."),
        (lambda text: re.sub(r"[ t]", "T", text, count=1).replace("z", "Z"), "Write it so: {}."),
        (lambda text: re.sub(r"[ t]", "T", text, count=1) + "Z", "Add the zone: {}, if the time is in UTC."),
    ),
    "path": (
        (lambda text: _from_root(text), "Write it from the repository's root: {}."),  # noqa: PLW0108
    ),
    "address": (
        (lambda text: re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*:", lambda scheme: scheme[0].lower(), text), "Write it so: {}."),
    ),
    "memory": (
        (lambda text: re.sub(r"\s*([kmgtp])(i?)b?$", lambda unit: unit[1].upper() + unit[2].lower(), text, flags=re.I),
         "Write it with a unit of Kubernetes': {}."),
    ),
    "name": (
        (lambda text: re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._"),
         "Write it in lower case and without blanks: {}."),
    ),
    "login": (
        (lambda text: re.sub(r"\s+", "", text), "Write it without blanks: {}."),
    ),
    "": (
        (str.lower, "Write it in lower case: {}."),
        (str.upper, "Write it in upper case: {}."),
        (lambda text: re.sub(r"\s+", "", text), "Write it without blanks: {}."),
    ),
}  # fmt: skip


def _mended(text: str, schema: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    yield text.strip(), "Take the blanks around it away: {}."
    for mend, why in _OF_KIND[kind_of(schema)]:
        yield mend(text.strip()), why


def kind_of(schema: Mapping[str, Any]) -> str:
    """What kind of text a schema wants, by its pattern; empty where it is none of those that are known."""
    pattern = str(schema.get("pattern", ""))
    return next((kind for kind, mark in _KINDS.items() if mark in pattern), "")


def _short_units(text: str) -> str:
    """A duration of words or of ISO 8601 with our units."""
    bare = re.sub(r"^p(?=[0-9t])|(?<=p)t|t(?=[0-9])|\s|,|and", "", text.lower())
    return re.sub(r"(?<=[0-9])([wdhms])[a-z]*", r"\1", bare)


def _from_root(text: str) -> str:
    """A path as we write it, without what does nothing in it."""
    from posixpath import normpath

    return normpath(text.replace("\\", "/").lstrip("/")).removeprefix("./")


def wrong_letter(text: str) -> str:
    """Name the first letter of a text that is not of ASCII; empty where there is none. It may look like one that is."""
    from unicodedata import name

    odd = next((one for one in text if not one.isascii()), "")
    called = name(odd, "").lower() if odd else ""
    return f"{odd!a} is no letter of ASCII{f' ({called})' if called else ''}" if odd else ""


_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128, "blake3": 64}


def wrong_digest(text: str) -> str:
    """Say what keeps a text from being a digest; empty where it is not told at a glance."""
    algorithm, _, digits = text.strip().lower().partition(":")
    if not digits:
        return "it does not begin with an algorithm, such as `sha256:`"
    wanted, odd = _DIGITS.get(algorithm), re.search(r"[^0-9a-f]", digits)
    if wanted is None:
        return f"{algorithm[:20]!r} is no algorithm that is known ({', '.join(_DIGITS)})"
    if odd is not None:
        return f"{odd[0]!r} is no hex digit"
    return "" if len(digits) == wanted else f"a {algorithm} has {wanted} hex digits, and this has {len(digits)}"


# Examples


def resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a schema refers to within its own file; a reference to another file stays as it is."""
    for _ in range(_DEEPEST):
        reference = schema.get("$ref", "")
        if not reference.startswith("#/"):
            break
        found: Any = root
        for key in reference[2:].split("/"):
            found = found.get(key, {}) if isinstance(found, dict) else {}
        schema = _over(found, {key: value for key, value in schema.items() if key != "$ref"})
    return schema


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> Mapping[str, Any]:
    """A definition with what stands beside the reference to it."""
    inner, outer = below.get("properties", {}), above.get("properties", {})
    if not (inner and outer):
        return {**below, **above}
    return {**below, **above, "properties": {**inner, **{key: {**inner.get(key, {}), **outer[key]} for key in outer}}}


def example(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that fits a schema, as short as it can be; None where the schema says too little to make one.

    Args:
        schema: The schema.
        root: The schema that it is a part of.
        depth: How deep this is, of what is asked for.
    """
    schema = resolved(schema, root)
    if "else" in schema and "type" not in schema:
        return example(schema["else"], root, depth)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema or depth > _DEEPEST:
        return schema.get("const")
    kind = schema.get("type")
    make = _EXAMPLES.get(kind if isinstance(kind, str) else "")
    return make(schema, root, depth) if make is not None else None


def _object(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Any:
    fields = schema.get("properties", {})
    names = {*schema.get("required", ()), *_one_way(schema)} or set(list(fields)[:1])
    made = {name: example(fields[name], root, depth + 1) for name in fields if name in names}
    return None if None in made.values() or not made else made


def _one_way(schema: Mapping[str, Any]) -> list[str]:
    """What the first of several alternatives asks for besides."""
    first: Mapping[str, Any] = next(iter(schema.get("anyOf") or schema.get("oneOf") or ()), {})
    return list(first.get("required", ()))


def _array(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Any:
    item = example(schema.get("items", {}), root, depth + 1)
    return None if item is None else [item] * max(1, schema.get("minItems", 1))


def _in_bounds(schema: Mapping[str, Any], _root: Mapping[str, Any], _depth: int) -> Any:
    least, most = schema.get("minimum"), schema.get("maximum")
    if schema.get("exclusiveMaximum", 2) <= 1:
        return 0.5
    return least if least is not None and least > 1 else most if most is not None and most < 1 else 1


_SAMPLES = {
    "digest": "sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10",
    "duration": "30m",
    "moment": "2026-10-01T00:00:00Z",
    "path": "models/fraud-detector/evidence/evaluation.json",
    "address": "https://example.com",
    "memory": "8Gi",
    "name": "fraud-detector",
}
"""Of each kind of text one, where a schema has no example of its own."""


_EXAMPLES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any], int], Any]] = {
    "boolean": lambda _schema, _root, _depth: True,
    "string": lambda schema, _root, _depth: _SAMPLES.get(kind_of(schema)),
    "integer": _in_bounds,
    "number": _in_bounds,
    "array": _array,
    "object": _object,
}


def fields(schema: Mapping[str, Any]) -> Iterator[tuple[KeyPath, frozenset[str]]]:
    """Every mapping of a schema with the names of its fields; an item of a list is `0` in its path."""
    stack: list[tuple[KeyPath, Mapping[str, Any]]] = [((), schema)]
    while stack:
        path, found = stack.pop()
        found = resolved(found, schema)
        found = resolved(found["else"], schema) if "else" in found and "properties" not in found else found
        inner = found.get("properties", {})
        if inner:
            yield path, frozenset(inner)
        if len(path) < _DEEPEST:
            stack += [((*path, key), one) for key, one in inner.items() if isinstance(one, dict)]
            stack += [((*path, 0), found["items"])] if isinstance(found.get("items"), dict) else []
