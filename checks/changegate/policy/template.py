"""A rule's words, filled with the details of a violation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME = re.compile(r"\{([a-z][A-Za-z0-9]*)\}")
_LONGEST = 300


def names(template: str) -> set[str]:
    """The details that a template asks for."""
    return set(_NAME.findall(template))


def fill(template: str, values: Mapping[str, Any], *, strict: bool = False, longest: int = _LONGEST) -> str:
    """Fill `{name}` from the details; only plain names are read, and what is filled in is not read again.

    Args:
        template: A rule's message or remediation.
        values: The violation's details. A name's ending says its unit: `…Bytes`, `…Seconds`, `…Ratio`, `…Percent`,
            `…Ms`.
        strict: Refuse a template that asks for a detail that is not there.
        longest: So many characters of one detail are shown.

    Raises:
        PolicyError: A detail is missing, and `strict` was asked for.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return render(name, values[name], longest)
        if strict:
            raise PolicyError(
                f"the template asks for {{{name}}}, which no detail gives", hint="add it to the violation's details"
            )
        return "(not known)"

    return _NAME.sub(value, template)


def render(name: str, value: Any, longest: int = _LONGEST) -> str:
    """Write one detail for people, by the unit that ends its name."""
    if isinstance(value, (list, tuple)):
        text = ", ".join(render(name, item) for item in value) or "none"
    elif isinstance(value, dict):
        text = ", ".join(f"{key}: {render(key, item)}" for key, item in sorted(value.items())) or "none"
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, (int, float)):
        text = _measure(name, value)
    else:
        text = str(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _measure(name: str, value: float) -> str:
    for ending, write in _UNITS.items():
        if name.endswith(ending):
            return write(value)
    return _number(value)


def _number(value: float) -> str:
    return f"{value:,}".replace(",", " ") if isinstance(value, int) and abs(value) >= 100_000 else f"{value:.12g}"


def _short(value: float) -> str:
    """A number as it was stated; one that was computed by six digits: 0.9999 must not be shown as 1."""
    if abs(value) >= 100_000:
        return _number(round(value))
    stated = f"{value:.12g}"
    return stated if len(stated) <= 8 else f"{value:.6g}"


def _per(value: float, size: int) -> float:
    """Divide; by whole numbers where the result is too large for a fraction to matter, or for a float to hold."""
    return value // size if abs(value) >= size * 100_000 else value / size


def _bytes(value: float) -> str:
    units = ("B", "KiB", "MiB", "GiB", "TiB")
    power = next((power for power in range(5) if abs(value) < 1024 ** (power + 1)), 4)
    amount = _per(value, 1024**power)
    return f"{amount:.4g} {units[power]}" if abs(amount) < 10_000 else f"{_short(amount)} {units[power]}"


def _seconds(value: float) -> str:
    left = round(abs(value))
    sign = "-" if value < 0 else ""
    if left >= 2 * 86_400:
        days = _per(left, 86_400)
        return f"{sign}{days:.3g} days" if days < 1000 else f"{sign}{_number(round(days))} days"
    parts = []
    for unit, size in (("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    return sign + "".join(parts) if parts else f"{_short(value)}s"


_UNITS: dict[str, Callable[[float], str]] = {
    "Bytes": _bytes,
    "Seconds": _seconds,
    "Ratio": _short,
    "Percent": lambda value: f"{_short(value)}%",
    "Ms": lambda value: f"{_short(value)} ms",
}
