"""Filters and patches of documents, and paths in graphs."""

from __future__ import annotations

from typing import Any

from changegate.rego.normal.builtins.registry import BuiltinFault, UnsureFault, array, builtin, obj, wrong
from changegate.rego.normal.values import UNDEFINED, Obj, in_order, inside

Path = tuple[Any, ...]


def _paths(value: Any) -> list[Path]:
    if isinstance(value, tuple):
        return [_path(one) for one in value]
    if isinstance(value, frozenset):
        return [_path(one) for one in in_order(value)]
    raise wrong(2, value, "set", "array")


def _path(value: Any) -> Path:
    if type(value) is str:
        if not value:
            return ()
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in value.lstrip("/").split("/"))
    if type(value) is tuple:
        return value
    raise BuiltinFault("operand 2 must be one of {set, array} containing string paths or array of path segments")


def _tree(paths: list[Path]) -> dict[Any, Any]:
    """The paths as a tree, with nothing where one ends."""
    root: dict[Any, Any] = {}
    for path in paths:
        node, ended = root, not path
        for key in path[:-1]:
            following = node.setdefault(key, {})
            if following is None:
                ended = True
                break
            node = following
        if not ended:
            node[path[-1]] = None
    return root


@builtin("json.remove", 2)
def removed(value: Any, paths: Any) -> Any:
    """A document without what is at paths."""
    return _removed(obj(value, 1), _tree(_paths(paths)))


def _removed(value: Any, tree: Any) -> Any:
    if tree is UNDEFINED:
        return value
    if tree is None:
        return UNDEFINED
    if type(value) is Obj:
        pairs = ((key, _removed(one, tree.get(key, UNDEFINED))) for key, one in value.items())
        return Obj((key, one) for key, one in pairs if one is not UNDEFINED)
    if type(value) is frozenset:
        found = [_removed(one, tree.get(one, UNDEFINED)) for one in value]
        return frozenset(one for one in found if one is not UNDEFINED)
    if type(value) is tuple:
        found = [_removed(one, tree.get(str(number), UNDEFINED)) for number, one in enumerate(value)]
        return tuple(one for one in found if one is not UNDEFINED)
    return value


@builtin("json.filter", 2)
def filtered(value: Any, paths: Any) -> Any:
    """A document with what is at paths only."""
    return _filtered(obj(value, 1), _tree(_paths(paths)))


def _filtered(value: Any, tree: Any) -> Any:
    if tree is None or tree is UNDEFINED or not isinstance(value, (Obj, tuple, frozenset)):
        return value
    if type(value) is Obj:
        return Obj((key, _filtered(one, tree[key])) for key, one in value.items() if key in tree)
    if type(value) is tuple:
        return tuple(_filtered(one, tree[str(number)]) for number, one in enumerate(value) if str(number) in tree)
    return frozenset(_filtered(one, tree[one]) for one in value if one in tree)


# Patches


@builtin("json.patch", 2)
def patched(value: Any, operations: Any) -> Any:
    """A document after changes."""
    for one in array(operations, 2):
        if type(one) is not Obj:
            raise BuiltinFault("must be an array of JSON-Patch objects, but at least one element is not an object")
        for name in ("path", "op"):
            if name not in one:
                raise BuiltinFault(f"missing required attribute '{name}'")
        value = _patched(value, one)
    return value


def _patched(value: Any, one: Obj) -> Any:
    kind, path = one["op"], _path(one["path"])
    if kind in {"add", "replace", "test"} and "value" not in one:
        raise BuiltinFault("missing required attribute 'value'")
    if kind in {"move", "copy"} and "from" not in one:
        raise BuiltinFault("missing required attribute 'from'")
    if kind == "add":
        return _inserted(value, path, one["value"])
    if kind == "remove":
        return _deleted(value, path)
    if kind == "replace":
        return _inserted(_deleted(value, path), path, one["value"]) if path else one["value"]
    if kind == "move":
        source = _path(one["from"])
        chunk = _reached(value, source)
        return _inserted(_deleted(value, source), path, chunk)
    if kind == "copy":
        return _inserted(value, path, _reached(value, _path(one["from"])))
    if kind == "test":
        if _reached(value, path) != one["value"]:
            raise BuiltinFault("the value is not the one that is tested for")
        return value
    raise BuiltinFault("unrecognized op")


def _index(key: Any, size: int) -> int:
    if type(key) is int:
        number = key
    elif type(key) is str and (key == "0" or (key.isdecimal() and key.isascii() and key[0] != "0")):
        number = int(key)
    elif key == "-":
        number = size
    else:
        raise BuiltinFault("invalid array index")
    if not 0 <= number <= size:
        raise BuiltinFault("array index out of bounds")
    return number


def _reached(value: Any, path: Path) -> Any:
    for key in path:
        value = inside(value, _index(key, len(value)) if type(value) is tuple else key)
        if value is UNDEFINED:
            raise BuiltinFault("path does not exist")
    return value


def _changed(value: Any, path: Path, last: Any) -> Any:
    key = path[0]
    if len(path) == 1:
        return last(value, key)
    if type(value) is Obj and key in value:
        return Obj({**value, key: _changed(value[key], path[1:], last)})
    if type(value) is tuple:
        at = _index(key, len(value) - 1)
        return (*value[:at], _changed(value[at], path[1:], last), *value[at + 1 :])
    if type(value) is frozenset:
        raise UnsureFault("a patch reaches into a set")
    raise BuiltinFault("path does not exist")


def _inserted(value: Any, path: Path, new: Any) -> Any:
    def last(where: Any, key: Any) -> Any:
        if type(where) is Obj:
            return Obj({**where, key: new})
        if type(where) is tuple:
            at = _index(key, len(where))
            return (*where[:at], new, *where[at:])
        if type(where) is frozenset:
            if key != new:
                raise BuiltinFault("set key does not equal value to be added")
            return where | {new}
        raise BuiltinFault("path does not exist")

    return _changed(value, path, last) if path else new


def _deleted(value: Any, path: Path) -> Any:
    def last(where: Any, key: Any) -> Any:
        if type(where) is Obj and key in where:
            return Obj((name, one) for name, one in where.items() if name != key)
        if type(where) is tuple:
            at = _index(key, len(where) - 1)
            return (*where[:at], *where[at + 1 :])
        if type(where) is frozenset and key in where:
            return where - {key}
        raise BuiltinFault("path does not exist")

    if not path:
        raise UnsureFault("a patch takes the whole document away")
    return _changed(value, path, last)


# Paths in graphs


@builtin("graph.reachable_paths", 2)
def reachable_paths(graph: Any, start: Any) -> Any:
    """Every way through a graph from some nodes."""
    edges = obj(graph, 1)
    if not isinstance(start, (tuple, frozenset)):
        raise wrong(2, start, "array", "set")
    found: set[Path] = set()
    for node in start if isinstance(start, tuple) else in_order(start):
        if node in edges:
            following = _vertices(edges[node])
            for neighbour in following:
                _build(edges, neighbour, (node,), found, frozenset({node}))
            if not following:
                found.add((node,))
    return frozenset(found)


def _vertices(value: Any) -> list[Any]:
    if isinstance(value, (tuple, frozenset)):
        return list(value) if isinstance(value, tuple) else in_order(value)
    return []


def _build(edges: Obj, root: Any, path: Path, found: set[Path], reached: frozenset[Any]) -> None:
    if root not in edges:
        found.add(path)
        return
    path = (*path, root)
    following = _vertices(edges[root])
    if not following:
        found.add(path)
        return
    reached |= {root}
    for neighbour in following:
        if neighbour in reached:
            found.add(path)
        else:
            _build(edges, neighbour, path, found, reached)
