"""The tree of packages and rules: what stands at which path below `data`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from changegate.rego.normal.compiled import CompiledRule
    from changegate.rego.normal.evaluation import Path


class TreePlace:
    """A place in the tree of packages and rules."""

    __slots__ = ("children", "defaults", "fallbacks", "functions", "is_dynamic", "path", "rules")

    def __init__(self, path: Path) -> None:
        """Nothing stands there yet."""
        self.path = path
        self.children: dict[str, TreePlace] = {}
        self.rules: list[CompiledRule] = []
        self.functions: list[CompiledRule] = []
        self.fallbacks: list[CompiledRule] = []
        """Defaults of functions."""
        self.defaults: list[CompiledRule] = []
        self.is_dynamic = False

    def child(self, name: str) -> TreePlace:
        """The place below, made where it is missing."""
        found = self.children.get(name)
        if found is None:
            found = self.children[name] = TreePlace((*self.path, name))
        return found

    @property
    def holds_rules(self) -> bool:
        """Whether rules give the whole value here."""
        return bool(self.rules or self.defaults)
