"""Where a setting stands: the line of the repository's configuration, of the shipped defaults, or of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.resources import REGO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.manifest.document import Document
    from changegate.workspace.tree import Tree

CONFIG = ".changegate/config.yaml"
DEFAULTS = "rego/changegate/settings.yaml"


def origins(names: Iterable[str], tree: Tree | None) -> dict[str, str]:
    """Find where settings are set.

    Args:
        names: Settings, dotted: `rollout.minimumBakeSeconds`.
        tree: The base, or None where there is none.

    Returns:
        For each name `file:line`; where a repository's mapping is laid over the default's, `file:line over file:line`.
    """
    own, shipped = _configuration(tree), _defaults()
    return {name: _origin(tuple(name.split(".")), own, shipped) for name in names}


def _origin(path: tuple[str, ...], own: Document | None, shipped: Document) -> str:
    told = []
    if own is not None and _has(own.value, ("settings", *path)):
        told.append(f"{CONFIG}:{own.locate(('settings', *path)).line}")
        if not isinstance(_at(own.value, ("settings", *path)), dict):
            return told[0]
    if _has(shipped.value, path):
        told.append(f"{DEFAULTS}:{shipped.locate(path).line}")
    return " over ".join(told) or "nowhere"


def _has(value: Any, path: tuple[str, ...]) -> bool:
    return _at(value, path) is not None


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _configuration(tree: Tree | None) -> Document | None:
    """The configuration as it stands; `Config.load` has said what is wrong with it."""
    from changegate.manifest import parse
    from changegate.manifest.bounds import MAXIMUM_BYTES

    content = tree.read(CONFIG, MAXIMUM_BYTES) if tree is not None else None
    if content is None or content.data is None:
        return None
    documents = parse(content.data, CONFIG).documents
    return documents[0] if documents else None


def _defaults() -> Document:
    from changegate.manifest import parse

    return parse((REGO / "changegate" / "settings.yaml").read_bytes(), DEFAULTS).documents[0]
