"""A trace for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.author.show import show
from changegate.author.trace import HELD, NOT_REACHED, STOPPED, STOPS, Helper, Reading, Trace, TraceStep
from changegate.escape import log_line, path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HOW = (
    "Each line was asked by itself on the embedded engine, with the values of the lines before it; "
    "rules that a line names are shown one level down."
)

BIND = "bind it in the body, as in `else := result if result := …`"


def render(traced: Trace, label: str, outcome: str, origins: Mapping[str, str]) -> str:
    """Write a trace.

    Args:
        traced: What was found.
        label: The subject's name.
        outcome: What the gate itself came to for it, or empty where that is not known.
        origins: Where settings stand, by their dotted name.
    """
    seen: set[str] = set()
    lines = [f"trace of {traced.rule} for {label}" + (f": {outcome}" if outcome else "")]
    for chain in traced.chains:
        for number, step in enumerate(chain, 1):
            lines += _step(number, step, origins, seen)
    lines.append(f"  as a whole: {_whole(traced, outcome)}")
    return "\n".join(map(log_line, lines)) + "\n"


def _whole(traced: Trace, outcome: str) -> str:
    """What the rule comes to, asked for as a whole; a trace that does not add up says so."""
    if traced.error:
        return f"it cannot be evaluated: {traced.error}; where a value is undefined, {BIND}"
    value = show(traced.value) if traced.is_defined else "undefined"
    held = [step.value for chain in traced.chains for step in chain if step.status == HELD]
    status = traced.value.get("outcome") if isinstance(traced.value, dict) else None
    if isinstance(traced.value, list):  # a set, to which every body that holds adds
        odd = bool(held) != bool(traced.value)
    else:
        odd = held[:1] != ([traced.value] if traced.is_defined else [])
    if odd or (outcome and status is not None and status != outcome):
        return f"{value}, which is not what the branches above or the gate came to: rely on the gate"
    return value


def _step(number: int, step: TraceStep, origins: Mapping[str, str], seen: set[str]) -> Iterator[str]:
    said = {HELD: "holds", STOPPED: "does not hold", NOT_REACHED: "not reached: an earlier one ends the chain"}
    word = said.get(step.status, f"its conditions hold, and its value is undefined: {BIND}")
    yield f"  {number}. {path(step.file)}:{step.line}  {' '.join(step.value_text.split())}  — {word}"
    for line, text, remark in step.statements:
        yield f"       line {line}: {text}  — {remark}"
        if remark == STOPS:
            yield from (f"         {met}" for met in step.met)
    yield from (f"       reads {line}" for reading in step.readings for line in _reading(reading, origins))
    yield from (f"       {line}" for helper in step.helpers for line in _helper(helper, origins, seen))
    if step.status == HELD:
        yield f"       → {show(step.value, 300)}"


def _reading(reading: Reading, origins: Mapping[str, str]) -> Iterator[str]:
    name = reading.path.removeprefix("input.settings.").partition("[")[0]
    place = ""
    if reading.path.startswith("input.settings."):
        setting = next((one for one in origins if name == one or name.startswith(f"{one}.")), "")
        place = f"  ({origins[setting]})" if setting else ""
    yield f"{reading.path} = {'missing' if reading.is_missing else show(reading.value)}{place}"


def _helper(helper: Helper, origins: Mapping[str, str], seen: set[str]) -> Iterator[str]:
    """A helper; how it comes to its value is said once."""
    value = "undefined" if helper.is_missing else show(helper.value)
    yield f"uses {helper.name} = {value}  ({path(helper.place)})"
    if helper.name not in seen:
        seen.add(helper.name)
        yield from (f"    {line}" for line in helper.lines)
        yield from dict.fromkeys(f"    reads {line}" for one in helper.readings for line in _reading(one, origins))
