"""Layers and nodes of code in the configurations of Keras and skops: what is built by name when a model is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.scanners.scan import MOST_SHOWN, Hazard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CODE = frozenset({"Lambda", "__lambda__", "TFOpLambda"})
_OF_KERAS = ("keras", "keras_nlp", "keras_cv", "keras_hub", "tf_keras", "tensorflow", "builtins")
_DANGEROUS = frozenset(
    {
        *("os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "ctypes", "importlib", "runpy", "pty", "code"),
        *("pickle", "marshal", "webbrowser", "urllib", "http", "asyncio", "commands"),
    }
)
_DANGEROUS_BUILTINS = frozenset({"eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "input"})
_KNOWN = frozenset({"sklearn", "numpy", "scipy", "builtins", "collections", "functools", "operator", "skops"})
_MOST_NODES = 1_000_000

Found = tuple[tuple[Hazard, ...], tuple[str, ...]]


def of_keras(config: Any) -> Found:
    """Layers of code of a model of Keras, and classes that are not Keras' own.

    Args:
        config: Its `config.json`.
    """
    hazards, names = [], []
    for node in _nodes(config):
        kind, module = node.get("class_name"), node.get("module")
        if isinstance(kind, str) and kind in _CODE:
            hazards.append(Hazard("layer", f"has a layer of code (`{kind}`), which runs when it is loaded"))
        elif isinstance(kind, str) and isinstance(module, str) and module.partition(".")[0] not in _OF_KERAS:
            names.append(f"{module}.{kind}"[:120])
    return _few(hazards), tuple(dict.fromkeys(names))


def of_skops(schema: Any) -> Found:
    """Functions and classes that a file of skops names, which are not of the libraries that it is made for.

    Args:
        schema: Its `schema.json`.
    """
    hazards, names = [], []
    for node in _nodes(schema):
        module, name = node.get("__module__"), node.get("__class__")
        if not isinstance(module, str) or not isinstance(name, str):
            continue
        top = module.partition(".")[0]
        if top in _DANGEROUS or (top in {"builtins", "operator"} and name in _DANGEROUS_BUILTINS):
            hazards.append(Hazard("layer", f"calls {module}.{name}"[:120]))
        elif top not in _KNOWN:
            names.append(f"{module}.{name}"[:120])
    return _few(hazards), tuple(dict.fromkeys(names))


def _few(hazards: list[Hazard]) -> tuple[Hazard, ...]:
    return tuple(dict.fromkeys(hazards))[:MOST_SHOWN]


def _nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of a document, without recursion."""
    waiting, left = [value], _MOST_NODES
    while waiting and left:
        left -= 1
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
