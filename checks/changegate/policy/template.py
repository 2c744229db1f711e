"""A rule's words, filled with the details of a violation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate import figures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NAME = re.compile(r"\{([a-z][A-Za-z0-9]*)(%?)\}")
_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z`])")
_LONGEST = 300


def names(template: str) -> set[str]:
    """The details that a template asks for."""
    return {name for name, _ in _NAME.findall(template)}


def fill(template: str, values: Mapping[str, Any], *, longest: int = _LONGEST) -> str:
    """Fill `{name}` from the details; only plain names are read, and what is filled in is not read again.

    A sentence that asks for a detail which nobody gave is left out: it would say nothing. Between backticks a value is
    written as it would be typed into a file (`30d`, `44040192`), elsewhere as people say it (30 days, 42 MiB). Of a
    share `{name%}` makes a percentage: 7.6 % of 0.076.

    Args:
        template: A rule's message or remediation.
        values: The violation's details. A name's ending says its unit: `…Bytes`, `…Seconds`, `…Ratio`, `…Percent`,
            `…Ms`.
        longest: So many characters of one detail are shown.

    Returns:
        The text; empty where no sentence is left.
    """
    told = (one for one in _sentences(template) if names(one) <= values.keys())
    return " ".join(_filled(one, values, longest) for one in told)


def _sentences(template: str) -> list[str]:
    """The sentences of a template; a full stop in code ends none."""
    found: list[str] = []
    for part in _SENTENCES.split(template):
        if found and found[-1].count("`") % 2:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found


def _filled(sentence: str, values: Mapping[str, Any], longest: int) -> str:
    def said(match: re.Match[str]) -> str:
        given = values[match[1]]
        is_number = isinstance(given, (int, float)) and not isinstance(given, bool)
        return figures.share(given) if match[2] and is_number else render(match[1], given, longest)

    def typed(match: re.Match[str]) -> str:
        return _cut(type_value(match[1], values[match[1]]), longest)

    parts = sentence.split("`")
    marks_code = len(parts) % 2 == 1
    return "`".join(_NAME.sub(typed if marks_code and index % 2 else said, part) for index, part in enumerate(parts))


def type_value(name: str, value: Any) -> str:
    """Write one detail as it would be typed into a manifest: a duration with its units, all else plain."""
    if isinstance(value, (list, tuple)):
        return ", ".join(type_value(name, item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {type_value(key, item)}" for key, item in sorted(value.items()))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _duration(value) if name.endswith("Seconds") and value >= 0 else f"{value:.15g}"
    return str(value)


def _duration(value: float) -> str:
    """A duration as `units.seconds` reads it."""
    left, parts = round(value), []
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


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
    return _cut(text, longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _measure(name: str, value: float) -> str:
    for ending, write in _UNITS.items():
        if name.endswith(ending):
            return write(value)
    return figures.number(value)


_UNITS: dict[str, Callable[[float], str]] = {
    "Bytes": figures.size,
    "Seconds": figures.duration,
    "Ratio": figures.short,
    "Percent": lambda value: f"{figures.short(value)}%",
    "Ms": figures.milliseconds,
}
