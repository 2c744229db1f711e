"""Packages that stand above and below each other: an import makes the whole of what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.rego.syntax.refusals.program import ASK_OPA, refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.errors import PolicyError
    from changegate.rego.syntax.refusals.program import Name, Program, RulePlace


def imports(program: Program, places: Sequence[RulePlace]) -> Iterator[PolicyError]:
    """Refuse to import a package with packages below it: the own one, one above it, or one above any other.

    The embedded engine evaluates all that is below an import when its name is used. Where that is under way already,
    what is found is lost without a word. A reference by the whole path evaluates just what it names.
    """
    del places
    packages = sorted({module.package for module in program.modules})
    for module in program.modules:
        for name, path, line in module.statements:
            because = _because(module.package, path, packages) if path[:1] == ("data",) and len(path) > 1 else ""
            if because:
                whole = ".".join(path)
                message = f"{whole} is imported, and {because}: the embedded engine loses what it would find there"
                hint = (
                    f"leave the import out, and write the whole path: `{whole}.…` in the place of `{name}.…`, {ASK_OPA}"
                )
                yield refused(module, line, message, hint)


def _because(package: Name, path: Name, packages: Sequence[Name]) -> str:
    if package == path:
        return "is this package itself"
    below = next((one for one in packages if one[: len(path)] == path and one != path), None)
    return "" if below is None else f"stands above the package {'.'.join(below[1:])}"
