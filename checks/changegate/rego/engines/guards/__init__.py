"""Builtins that the embedded engine calls here: where it would answer differently from OPA, these answer alike or not.

A guard takes the place of a builtin for policies that are not our own. It answers what OPA answers, for the arguments
for which that is certain, and raises for all others: an error is exit 2 with the policy's place, a silent difference
would be a wrong decision. `tests/parity` calls each on both engines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.rego.engines.guards.arguments import DiffersError, kind_of
from changegate.rego.engines.guards.documents import parse_json
from changegate.rego.engines.guards.formats import sprintf
from changegate.rego.engines.guards.numbers import absolute, ceil, floor, product, rounded, to_number, total
from changegate.rego.engines.guards.quantities import is_semver, parse_bytes, parse_rfc3339, parse_units
from changegate.rego.engines.guards.texts import format_int, indexof, indexof_n, lower, replace, substring, upper

if TYPE_CHECKING:
    from collections.abc import Callable

    import regorus

__all__ = ["GUARDS", "count", "has_astral", "install"]


def install(engine: regorus.Engine) -> None:
    """Put the guards in the places of the builtins."""
    for name, (arguments, guard) in GUARDS.items():
        engine.add_extension(name, arguments, guard)


_ASTRAL = re.compile(r"\\u[dD][89abAB]|[\U00010000-\U0010ffff]")


def has_astral(text: str) -> bool:
    """Whether a text, or JSON as text, has characters beyond U+FFFF: `count` of those takes each for two."""
    return _ASTRAL.search(text) is not None


def count(value: Any) -> int:
    """`count`, which is guarded only where a text may have characters beyond U+FFFF.

    NOTE: a set of objects cannot be given to a guard: it is an error of the engine, and so is exit 2.
    """
    if not isinstance(value, (str, list, dict, set, frozenset)):
        raise DiffersError(f"count needs a collection or a text, and got {kind_of(value)}")
    return len(value)


GUARDS: dict[str, tuple[int, Callable[..., Any]]] = {
    "abs": (1, absolute),
    "ceil": (1, ceil),
    "floor": (1, floor),
    "format_int": (2, format_int),
    "indexof": (2, indexof),
    "indexof_n": (2, indexof_n),
    "json.unmarshal": (1, parse_json),
    "lower": (1, lower),
    "product": (1, product),
    "replace": (3, replace),
    "round": (1, rounded),
    "semver.is_valid": (1, is_semver),
    "sprintf": (2, sprintf),
    "substring": (3, substring),
    "sum": (1, total),
    "time.parse_rfc3339_ns": (1, parse_rfc3339),
    "to_number": (1, to_number),
    "units.parse": (1, parse_units),
    "units.parse_bytes": (1, parse_bytes),
    "upper": (1, upper),
}
"""Builtin -> how many arguments it takes, and what is called for it."""
