"""Says why a test failed: the expression that does not hold, and the values that it met."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from changegate.author.cases import Result
from changegate.author.operands import Place, told
from changegate.author.probe import stop
from changegate.author.show import show
from changegate.author.source import definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.author.probe import Prober, Stop
    from changegate.author.source import Branch, SourceFile
    from changegate.author.worker import Raw

_PLACE = re.compile(r"--> (.+):(\d+):(\d+)$", re.MULTILINE)
_ERROR = re.compile(r"^error: (.+)$", re.MULTILINE)


def failed(raw: Raw, prober: Prober, sources: Mapping[str, SourceFile]) -> Result:
    """Explain a test that has another value than true, or none."""
    case, source = raw.case, sources[raw.case.file]
    found = Result(case, "failed", "it does not hold", case.file, case.line, prints=raw.prints)
    if raw.is_defined:
        return found._replace(message=f"its value is {show(raw.value)}, and a test has to be true")
    (rule,) = definitions(source, case.rule)
    (branch, *more) = source.branches(rule)
    if more:
        return found._replace(message="none of its branches holds")
    stopped = stop(prober, source, branch)
    if stopped.at is None:
        # NOTE: what a test holds by itself and not as part of the rule cannot be explained further.
        return found
    return _explained(found, prober, source, branch, stopped)


def _explained(found: Result, prober: Prober, source: SourceFile, branch: Branch, stopped: Stop) -> Result:
    assert stopped.at is not None  # noqa: S101  (asked before)
    at = branch.statements[stopped.at]
    details = [" ".join(at.text.split()), *told(Place(prober, source, branch.statements[: stopped.at], at))]
    details += bindings(stopped)
    if stopped.unknown:
        lines = ", ".join(str(branch.statements[index].line) for index in stopped.unknown)
        details.append(f"together with line {lines}, which needs a variable of a later line")
    if stopped.error:
        return found._replace(message=stopped.error, line=at.line, details=tuple(details), status="error")
    return found._replace(message=f"line {at.line} does not hold", line=at.line, details=tuple(details))


def bindings(stopped: Stop) -> list[str]:
    """The variables at the place where a body stops."""
    lines = [f"{name} = {show(value)}" for name, value in next(iter(stopped.bindings), {}).items()]
    if lines and stopped.sets > 1:
        lines.append(f"(the first of {stopped.sets} sets of values, none of which goes on)")
    return lines


def errored(raw: Raw, sources: Mapping[str, SourceFile]) -> Result:
    """Explain a test that the engine could not evaluate."""
    place, words = _PLACE.search(raw.error), _ERROR.search(raw.error)
    message = words[1] if words else raw.error.splitlines()[0]
    file, line = (place[1], int(place[2])) if place else (raw.case.file, raw.case.line)
    source = sources.get(file)
    shown = source.lines[line - 1].strip() if source is not None and 0 < line <= len(source.lines) else ""
    details = (shown,) if shown and not raw.is_stopped else ()
    return Result(raw.case, "error", message, file, line, details, raw.prints)
