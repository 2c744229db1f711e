"""What names stand for: in a program, and in one body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.normal.lowering.trees import Path, arguments, head_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from changegate.rego.syntax.ast import ParsedModule


class Names:
    """What names stand for in a program: every package with the names of its rules."""

    def __init__(self, modules: Iterable[ParsedModule]) -> None:
        """Collect the first part of each rule's head, by package."""
        self.rules: dict[Path, set[str]] = {}
        self.functions: dict[Path, int] = {}
        for module in modules:
            known = self.rules.setdefault(module.package, set())
            for rule in module.rules:
                path, _, _ = head_path(rule.body)
                known.add(path[0])
                given = arguments(rule.body)
                if given is not None:
                    self.functions[(*module.package, *path)] = len(given)


class Frame:
    """The names of one body."""

    def __init__(self, pending: set[str]) -> None:
        self.names: dict[str, str] = {}
        self.pending = pending
        """What is declared further down, or was."""
        self.seen: set[str] = set()
        self.declared: dict[str, tuple[str, int]] = {}
        """What `some` and `every` declare: the name that it got -> how it is written, and where."""
