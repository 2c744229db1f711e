"""What breaks a schema, in words: what is wrong with which value, and what to write in its place.

A hint is there to be typed: the first thing that it has between backticks mends the fault. `jsonschema` finds faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.manifest.instead import example, fields, instead, kind_of, resolved, wrong_digest, wrong_letter
from changegate.manifest.scalars import shortened
from changegate.manifest.typed import shown, type_name, typed
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.manifest.document import Document
    from changegate.names import KeyPath

_TYPES = {
    "string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "array": "a list", "object": "a mapping", "null": "empty",
}  # fmt: skip
_BOUNDS = {
    "minimum": "be at least {}",
    "maximum": "be at most {}",
    "exclusiveMinimum": "be more than {}",
    "exclusiveMaximum": "be less than {}",
    "minLength": "have at least {} characters",
    "maxLength": "have at most {} characters",
    "minItems": "have at least {} items",
    "maxItems": "have at most {} items",
    "maxProperties": "have at most {} entries",
    "minProperties": "have at least {} entries",
}


class SchemaFault(NamedTuple):
    """One way in which a value breaks its schema."""

    code: str
    """`unknown-field`, `missing-field`, `type`, `enum`, `pattern`, `bound` or `schema`."""
    path: KeyPath
    """The node, or for a missing field the object that should have it, then the field."""
    message: str
    hint: str
    """What to write; the first that stands between backticks can be typed as it is."""


_COPIED_LOGIN = "Copy the login from the host: there it is of ASCII, and no other letter is ever equal to one of it."


class Explainer:
    """Explains how one value breaks one schema."""

    def __init__(self, validator: Any, document: Document | None, samples: Mapping[str, Any]) -> None:
        """Take what the value is held against, and where it was read.

        Args:
            validator: Of the whole schema, by `jsonschema`.
            document: The document, or None.
            samples: A value that fits, as far as there is one.
        """
        self._validator = validator
        self._schema: Mapping[str, Any] = validator.schema
        self._document = document
        self._samples = samples
        self._json = document is not None and document.file.endswith(".json")

    def faults(self, value: Any) -> Iterator[SchemaFault]:
        """Find every fault of a value."""
        return self._explain(self._validator.iter_errors(value))

    def _explain(self, errors: Iterable[Any]) -> Iterator[SchemaFault]:
        for error in errors:
            if error.context:
                yield from self._explain(_closest(error))
            elif error.validator in _EXPLAINERS:
                yield from _EXPLAINERS[error.validator](self, error)
            else:
                yield self._other(error)

    def unknown(self, error: Any) -> Iterator[SchemaFault]:
        """Keys that no field has: misspelt, or in the wrong place."""
        path = tuple(error.absolute_path)
        known = sorted(error.schema.get("properties", {}))
        for key in sorted(set(error.instance) - set(known)):
            hint = self._meant(key, path, known)
            yield SchemaFault("unknown-field", (*path, key), f"unknown field `{shortened(key)}`", hint)

    def _meant(self, key: str, path: KeyPath, known: list[str]) -> str:
        near, place = nearest(key, known), homes(self._schema, key, path)
        if place is not None and (not near or near[0] != key[:1]):
            return f"It belongs {_under(place)}: move it there, or take it out."
        if near:
            return f"Did you mean `{near}`?"
        return f"Take it out. {one_of(known, 'There is')}" if known else "Take it out."

    def missing(self, error: Any) -> Iterator[SchemaFault]:
        """Keys that have to be there."""
        path = tuple(error.absolute_path)
        for key in error.validator_value:
            if key not in error.instance:
                field = _field_of(error, key)
                sample = self._example(field, (*path, key))
                add = f"Add `{typed(key, sample, json=self._json)}`" if sample is not None else f"Add `{key}`"
                about = _about(field, self._schema)
                yield SchemaFault(
                    "missing-field", (*path, key), f"{_named(path)} has no `{key}`", f"{add}. {about}".strip()
                )

    def wrong_type(self, error: Any) -> Iterator[SchemaFault]:
        """A value that is a number where a text should be, and the like."""
        wanted, path = error.validator_value, tuple(error.absolute_path)
        names = [wanted] if isinstance(wanted, str) else list(wanted)
        said = " or ".join(_TYPES.get(name, name) for name in names)
        message = f"{_field(path)} must be {said}, and this is {type_name(error.instance)}"
        written = self._written(path)
        if isinstance(error.instance, (int, float)) and "string" in names and _is_another(written, error.instance):
            message += f": {shortened(written)} is read as {shown(error.instance)}"
        yield SchemaFault("type", path, message, self._instead(error, f"Write {said}"))

    def wrong_word(self, error: Any) -> Iterator[SchemaFault]:
        """A value that is none of those that there are."""
        wanted, path = error.validator_value, tuple(error.absolute_path)
        words = wanted if error.validator == "enum" else [wanted]
        near = nearest(str(error.instance), [str(one) for one in words])
        if near and len(words) > 1:
            hint = f"Did you mean `{self._typed(path, near)}`? {one_of(words, 'There is')}"
        else:
            hint = one_of(words, "Write one of") if len(words) > 1 else f"Write `{self._typed(path, words[0])}`."
        yield SchemaFault("enum", path, f"{_field(path)} cannot be {shown(error.instance)}", hint)

    def malformed(self, error: Any) -> Iterator[SchemaFault]:
        """A text of the wrong form."""
        path = tuple(error.absolute_path)
        if "propertyNames" in error.absolute_schema_path:
            yield self._name(error, path)
            return
        message = f"{_field(path)} is malformed: {shown(error.instance, both_ends=True)}"
        if kind_of(error.schema) == "digest" and (why := wrong_digest(error.instance)):
            hint = "Copy it whole; `sha256sum FILE` prints the sha256 of a file."
            yield SchemaFault("pattern", path, f"{message}: {why}", self._meant_or(error, hint))
            return
        if kind_of(error.schema) == "login" and (why := wrong_letter(error.instance)):
            yield SchemaFault("pattern", path, f"{message}: {why}", _COPIED_LOGIN)
            return
        yield SchemaFault("pattern", path, message, self._instead(error, "Write it in the right form"))

    def _name(self, error: Any, path: KeyPath) -> SchemaFault:
        """A key of the wrong form, where its author chooses it."""
        found = instead(error.instance, "", error.schema, path, self._fits)
        hint = f"Call it `{found[0]}`." if found is not None else _about(error.schema, self._schema)
        message = f"the name {shown(error.instance, both_ends=True)} is malformed"
        if kind_of(error.schema) == "login" and (why := wrong_letter(error.instance)):
            return SchemaFault("pattern", (*path, error.instance), f"{message}: {why}", _COPIED_LOGIN)
        return SchemaFault("pattern", (*path, error.instance), message, hint)

    def alone(self, error: Any) -> Iterator[SchemaFault]:
        """A key that means nothing without another."""
        path = tuple(error.absolute_path)
        for key, others in error.validator_value.items():
            for other in others if key in error.instance else ():
                if other not in error.instance:
                    hint = f"Add `{other}`, or take `{key}` out. {_about(_field_of(error, other), self._schema)}"
                    yield SchemaFault(
                        "missing-field", (*path, other), f"`{key}` needs `{other}` beside it", hint.strip()
                    )

    def out_of_bounds(self, error: Any) -> Iterator[SchemaFault]:
        """A number, a text or a list that is too small or too large."""
        path, bound = tuple(error.absolute_path), error.validator_value
        sense, value = _sense(error.validator, bound), error.instance
        if isinstance(value, (int, float)):
            message = f"{_field(path)} must {sense}, and this is {shown(value)}"
        else:
            message = f"{_field(path)} must {sense}, and this has {len(value)}" if value else f"{_field(path)} is empty"
        yield SchemaFault("bound", path, message, self._instead(error, _within(error.schema, error.validator)))

    def _other(self, error: Any) -> SchemaFault:
        """What is none of the others."""
        path = tuple(error.absolute_path)
        if error.validator == "not" and "const" in error.validator_value:
            about = _about(error.parent.schema if error.parent is not None else {}, self._schema)
            hint = f"Choose another name. {about}".strip()
            return SchemaFault("pattern", (*path, error.instance), f"{shown(error.instance)} cannot be used here", hint)
        return SchemaFault("schema", path, shortened(error.message, 200), "Compare it with the schema.")

    def _meant_or(self, error: Any, other: str) -> str:
        path = tuple(error.absolute_path)
        found = instead(error.instance, self._written(path), error.schema, path, self._fits)
        return found[1].replace("{}", f"`{self._typed(path, found[0])}`") if found is not None else other

    def _instead(self, error: Any, lead: str) -> str:
        """What to write in place of a value: what was probably meant, or else an example."""
        path, schema = tuple(error.absolute_path), error.schema
        sample = self._example(schema, path)
        such = f", such as `{self._typed(path, sample)}`" if sample is not None else ""
        return self._meant_or(error, f"{lead}{such}. {_about(schema, self._schema)}".strip())

    def _example(self, schema: Mapping[str, Any], path: KeyPath) -> Any:
        return next((one for one in (_at(self._samples, path), example(schema, self._schema)) if one is not None), None)

    def _typed(self, path: KeyPath, value: Any) -> str:
        key = path[-1] if path and isinstance(path[-1], str) else ""
        return typed(key, value, json=self._json)

    def _fits(self, value: Any, schema: Mapping[str, Any]) -> bool:
        import referencing.exceptions

        try:
            return bool(self._validator.evolve(schema=schema).is_valid(value))
        except referencing.exceptions.Unresolvable:  # the schema is a part of another file
            return False

    def _written(self, path: KeyPath) -> str:
        return self._document.written(path) if self._document is not None else ""


_EXPLAINERS = {
    "additionalProperties": Explainer.unknown,
    "unevaluatedProperties": Explainer.unknown,
    "required": Explainer.missing,
    "type": Explainer.wrong_type,
    "enum": Explainer.wrong_word,
    "const": Explainer.wrong_word,
    "pattern": Explainer.malformed,
    "dependentRequired": Explainer.alone,
    **dict.fromkeys(_BOUNDS, Explainer.out_of_bounds),
}


def _field_of(error: Any, key: str) -> Mapping[str, Any]:
    """The schema of a field; of one that an alternative asks for it stands beside the alternatives."""
    while error is not None and key not in error.schema.get("properties", {}):
        error = error.parent
    found: Mapping[str, Any] = error.schema["properties"][key] if error is not None else {}
    return found


def _closest(error: Any) -> list[Any]:
    """Of several alternatives, the errors of the one that came closest: the fewest, the deepest."""
    branches: dict[Any, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0] if inner.schema_path else 0, []).append(inner)
    return min(branches.values(), key=lambda branch: (len(branch), -max(len(one.absolute_path) for one in branch)))


def _is_another(written: str, value: float) -> bool:
    """Whether a number is written otherwise than it is read: `2.10`, `010`, `1234e56`."""
    import json

    return bool(written) and written not in {json.dumps(value), str(value)}


def _sense(broken: str, bound: float) -> str:
    """What a bound asks for, in a sentence that goes on from "must"."""
    return _BOUNDS[broken].format(f"{bound:.16g}")


def _within(schema: Mapping[str, Any], broken: str) -> str:
    """What would be within the bounds of a schema."""
    if not broken.lower().endswith("imum"):
        return "Write something" if schema[broken] == 1 else f"Let it {_sense(broken, schema[broken])}"
    kind = "a whole number" if schema.get("type") == "integer" else "a number"
    sides = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
    near = [side for side in sides if side in schema and (side == broken or abs(schema[side]) <= _NEAR)]
    return f"Write {kind}, {' and '.join(_sense(side, schema[side]).removeprefix('be ') for side in near)}"


_NEAR = 1_000_000
"""A bound beyond it is there to keep nonsense out; it is told only where it is broken."""


def _about(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """What a field means, in its own words or those of the definition that it refers to."""
    return str(schema.get("description") or resolved(schema, root).get("description", ""))


def _at(samples: Any, path: KeyPath) -> Any:
    for key in path:
        samples = samples.get(key) if isinstance(samples, dict) else None
    return samples


def homes(schema: Mapping[str, Any], key: str, path: KeyPath) -> KeyPath | None:
    """Where in a schema a field of that name belongs; of several places the nearest to a path; None where nowhere.

    An item of a list is `0` in the place.
    """
    found = [place for place, names in fields(schema) if key in names]
    return min(found, key=lambda place: (-_shared(place, path), len(place), list(map(str, place))), default=None)


def _shared(one: KeyPath, other: KeyPath) -> int:
    """How many keys two paths have in common from their beginnings."""
    alike = (a == b or (isinstance(a, int) and isinstance(b, int)) for a, b in zip(one, other, strict=False))
    return next((at for at, same in enumerate(alike) if not same), min(len(one), len(other)))


def _under(place: KeyPath) -> str:
    if not place:
        return "at the top of the document"
    names = ".".join(str(key) for key in place if isinstance(key, str))
    return f"into an item of `{names}`" if isinstance(place[-1], int) else f"under `{names}`"


def _field(path: KeyPath) -> str:
    if not path:
        return "the document"
    if isinstance(path[-1], str):
        return f"`{shortened(path[-1])}`"
    return f"item {path[-1] + 1} of " + (f"`{path[-2]}`" if len(path) > 1 else "the document")


def _named(path: KeyPath) -> str:
    """A mapping, for a sentence that goes on with what it has."""
    if not path or isinstance(path[-1], int):
        return _field(path)
    return ".".join(map(str, path))


def one_of(names: Iterable[Any], lead: str) -> str:
    """Name all that there are."""
    return f"{lead} {', '.join(f'`{name}`' for name in names)}."


def nearest(word: str, known: list[str]) -> str:
    """The known name that a wrong one was probably meant to be; empty where none is near."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold()[:100], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""
