"""Format `feast-definitions`: feature views in the Python that defines them, read as text. It is never run or imported.

Source: https://docs.feast.dev/getting-started/concepts/feature-view. Read is what is written out: names, fields, types,
`ttl`, tags. What is computed cannot be known without running it, and is refused with its line: dump the registry then.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from changegate.evidence.dtypes import UNKNOWN
from changegate.evidence.promises import (
    PromisedFeature,
    Promises,
    stated_mode,
    stated_terms,
    whole_version,
    written_age,
)
from changegate.evidence.unsound import Unsound

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = ""

_VIEWS = frozenset({"FeatureView", "BatchFeatureView", "StreamFeatureView", "OnDemandFeatureView"})
_TYPES = {
    "Bytes": "binary", "String": "string", "Int32": "int32", "Int64": "int64", "Float32": "float32",
    "Float64": "float64", "Bool": "bool", "UnixTimestamp": "datetime", "PdfBytes": "binary", "ImageBytes": "binary",
    "Map": "json", "Json": "json", "Struct": "json", "Uuid": "string", "Decimal": "decimal", "Array": "list",
    "Set": "list",
}  # fmt: skip
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
_MOST = 256 * 1024
_OTHERWISE = "which cannot be known without running it: dump the registry (`feast registry-dump`)"


def recognises(value: Any) -> bool:
    """Whether bytes are Python that defines a feature view."""
    return isinstance(value, bytes) and b"FeatureView(" in value and b"feast" in value


def read(value: bytes) -> tuple[Promises, ...]:
    """Read every view that is defined at the top of the file."""
    if len(value) > _MOST:
        raise Unsound(f"it has {len(value)} bytes; {_MOST} of Python are read")
    try:
        module = ast.parse(value)
    except SyntaxError as fault:
        raise Unsound(f"it is not valid Python: {fault.msg}", line=fault.lineno or 1) from fault
    except (ValueError, RecursionError, MemoryError) as fault:
        raise Unsound("it is no Python that can be read: it is nested too deep, or damaged") from fault
    defined = dict(_defined(module))
    joined = {name: _entity(call) for name, call in defined.items() if _called(call) == "Entity"}
    found = tuple(_view(call, joined) for call in defined.values() if _called(call) in _VIEWS)
    if not found:
        raise Unsound("no feature view is defined at the top of it")
    return found


def _defined(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """What is called and given a name at the top; a call without a name goes by its line."""
    for statement in module.body:
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Call):
            targets = getattr(statement, "targets", [getattr(statement, "target", None)])
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            yield (names[0] if names else f"line {statement.lineno}"), value


def _called(call: ast.AST) -> str:
    """The last word of what is called, or of a name."""
    function = call.func if isinstance(call, ast.Call) else call
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _given(call: ast.Call) -> dict[str, ast.expr]:
    return {one.arg: one.value for one in call.keywords if one.arg is not None}


def _literal(node: ast.expr, what: str) -> Any:
    """A value that is written out.

    Raises:
        Unsound: It is computed.
    """
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as fault:
        raise Unsound(f"{what} is computed, {_OTHERWISE}", line=node.lineno) from fault


def _items(node: ast.expr, what: str) -> list[ast.expr]:
    if not isinstance(node, ast.List | ast.Tuple) or any(isinstance(one, ast.Starred) for one in node.elts):
        raise Unsound(f"{what} is not written out, {_OTHERWISE}", line=node.lineno)
    return node.elts


def _entity(call: ast.Call) -> str:
    given = _given(call)
    keys = _literal(given["join_keys"], "`join_keys`") if "join_keys" in given else None
    name = _literal(given["name"], "`name`") if "name" in given else ""
    return str(keys[0]) if isinstance(keys, list) and keys else str(name)


def _view(call: ast.Call, joined: dict[str, str]) -> Promises:
    given = _given(call)
    if "name" not in given or "schema" not in given:
        raise Unsound(f"a feature view says no `name` or no `schema`, {_OTHERWISE}", line=call.lineno)
    name = _literal(given["name"], "the name of a view")
    tags = _literal(given["tags"], "`tags`") if "tags" in given else {}
    terms: dict[str, Any] = stated_mode(tags.get("compatibility") if isinstance(tags, dict) else None, ())
    terms |= {key: one for key, one in stated_terms(tags, ())[0].items() if key == "deprecated"}
    if "owner" in given:
        terms["owner"] = str(_literal(given["owner"], "`owner`"))
    entities = _items(given["entities"], "`entities`") if "entities" in given else []
    if entities:
        terms["entities"] = sorted(joined.get(_called(one), _called(one)) for one in entities)
    age = _age(given["ttl"]) if "ttl" in given else 0
    fields = [_field(one, age) for one in _items(given["schema"], "`schema`")]
    # NOTE: a field with the name of a join key describes the key, and no feature.
    features = tuple(one for one in fields if one.name not in terms.get("entities", ()))
    version = whole_version(tags.get("version")) if isinstance(tags, dict) else None
    return Promises(features, (str(name),), version, terms)


def _age(node: ast.expr) -> int:
    """The seconds of `timedelta(days=1)`; 0 for none."""
    if isinstance(node, ast.Constant) and node.value is None:
        return 0
    if not isinstance(node, ast.Call) or _called(node) != "timedelta" or len(node.args) > 1:
        raise Unsound(f"`ttl` is no `timedelta` that is written out, {_OTHERWISE}", line=node.lineno)
    given = _given(node) | ({"days": node.args[0]} if node.args else {})
    parts = {key: _literal(one, "`ttl`") for key, one in given.items()}
    if not parts.keys() <= _SECONDS.keys() or not all(type(one) is int and 0 <= one < 10**6 for one in parts.values()):
        raise Unsound("`ttl` is not understood", line=node.lineno)
    return sum(_SECONDS[key] * value for key, value in parts.items())


def _field(node: ast.expr, age: int) -> PromisedFeature:
    if not isinstance(node, ast.Call) or _called(node) not in {"Field", "Feature"}:
        raise Unsound(f"a field is not written out, {_OTHERWISE}", line=node.lineno)
    given = _given(node)
    if "name" not in given or "dtype" not in given:
        raise Unsound("a field says no `name` or no `dtype`", line=node.lineno)
    name, said = _literal(given["name"], "the name of a field"), _called(given["dtype"])
    tags = _literal(given["tags"], "`tags`") if "tags" in given else {}
    terms = {"dtype": _TYPES.get(said, UNKNOWN), **stated_terms(tags, ())[0]}
    if age:
        terms.setdefault("freshness", written_age(age))
    return PromisedFeature(str(name), terms, said=said or "a type that is computed", line=node.lineno)
