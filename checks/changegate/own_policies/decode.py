"""Reads what own rules answered, strictly: what says neither yes nor no in a known form is an error, never a pass.

Conftest's form: source conftest 0.71, `policy/engine.go` and `output/result.go`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import PolicyError
from changegate.names import Status
from changegate.numbers import normalised
from changegate.policy.answers import is_path, outcome_of, related_places
from changegate.policy.template import names
from changegate.verdict import PASSED, Outcome, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.own_policies.discover import Found


def ours(rule: Found, outcomes: Any) -> Outcome:
    """Read the outcome of a rule in our form.

    Args:
        rule: The rule.
        outcomes: What `outcome` of its package is, or None where that is undefined.

    Raises:
        PolicyError: The rule has no outcome, or one that is none; names its head.
    """
    raw = outcomes.get(rule.name) if isinstance(outcomes, dict) else None
    if raw is None:
        hint = "end its chain with an `else` that fails"
        raise _refused(rule, f"the rule {rule.id} has no outcome", hint)
    outcome = outcome_of(raw)
    if outcome is None:
        hint = "answer with the words of `data.changegate.lib`, such as `lib.failed(path, details)`"
        raise _refused(rule, f"the rule {rule.id} answered nonsense: {str(raw)[:120]}", hint)
    return outcome._replace(violations=_bounded(rule, outcome.violations))


def conftest(rule: Found, value: Any, exceptions: Any, manifest: Mapping[str, Any]) -> Outcome:
    """Read the outcome of a rule in conftest's form.

    Args:
        rule: The rule.
        value: Its value, or None where it is undefined: then it found nothing.
        exceptions: What `exception` of its package is, or None.
        manifest: The document that paths lead into.

    Raises:
        PolicyError: A value is neither a text, nor an object with `msg`; names the rule's head.
    """
    if _bare(rule.name) in _exempted(exceptions):
        return Outcome(Status.NOT_APPLICABLE, reason=_exemption(rule, value, manifest))
    violations = tuple(_violation(rule, one, manifest) for one in _values(rule, value))
    return Outcome(Status.FAILED, _bounded(rule, violations)) if violations else PASSED


EXEMPTS = "`exception` of "
"""How the reason begins why a rule in conftest's form that an exception names is not applied."""


def _exemption(rule: Found, value: Any, manifest: Mapping[str, Any]) -> str:
    """Why a rule is not applied, and what it would have found, as far as that can be read."""
    because = f"{EXEMPTS}{rule.package} exempts it"
    found = _values(rule, value)
    try:
        first = _violation(rule, found[0], manifest).details["msg"] if found else ""
    except PolicyError:
        return because
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{because} from: {_cut(first)}{more}" if first else because


_SILENT = "found something, and does not say what"
MOST_FINDINGS = 500
"""Of one rule about one subject: a person reads some, and reports stay of a size that hosts take."""
LONGEST_DETAIL = 4000
"""Characters of one text."""


def _bounded(rule: Found, violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """The first of many findings, and one that says how many more there are; long texts are cut."""
    kept = tuple(one._replace(details=_cut(one.details)) for one in violations[:MOST_FINDINGS])
    more = len(violations) - len(kept)
    if not more:
        return kept
    asked = dict.fromkeys(names(rule.metadata["custom"]["message"]), f"({more} more)")
    return (*kept, Violation(rule.home, None, {**asked, "msg": f"{more} more findings of this rule are not shown"}))


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_DETAIL:
        return value[: LONGEST_DETAIL - 1] + "…"
    if isinstance(value, dict):
        return {key: _cut(one) for key, one in value.items()}
    return [_cut(one) for one in value[:MOST_FINDINGS]] if isinstance(value, list) else value


def _bare(name: str) -> str:
    """What `exception` calls a rule: `root` for `deny_root`, an empty text for `deny`."""
    return name.partition("_")[2]


def _exempted(exceptions: Any) -> set[str]:
    """The texts that `exception[_][_]` has; those of the outer level are sets, arrays or objects."""
    return {name for one in _items(exceptions) for name in _items(one) if isinstance(name, str)}


def _items(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _values(rule: Found, value: Any) -> list[Any]:
    """The single findings: the items of a set or array, or the one value. False and undefined are none.

    NOTE: a rule that is one text, one object or `true` is a pass to conftest, without a word. Here it fires.
    """
    if value is None or value is False:
        return []
    if isinstance(value, list):
        return value
    return [_untold(rule, "is true")] if value is True else [value]


def _untold(rule: Found, what: str) -> str:
    """What a finding without a text says: the title that the author wrote, else what happened."""
    from changegate.own_policies.discover import nothing_found

    title: str = rule.metadata["title"]
    return f"{rule.name} of {rule.package} {what}" if title == nothing_found(rule.name, rule.package) else title


def _violation(rule: Found, value: Any, manifest: Mapping[str, Any]) -> Violation:
    if isinstance(value, str):
        return Violation(rule.home, None, {"msg": value or _untold(rule, _SILENT)})
    if not isinstance(value, dict) or not isinstance(value.get("msg"), str):
        hint = 'answer texts, or objects such as `{"msg": "…"}`'
        raise _refused(rule, f"the rule {rule.id} answered nonsense: {str(value)[:120]}", hint)
    details = {key: normalised(one) for key, one in value.items() if key not in ("path", "related", "_loc")}
    details["msg"] = details["msg"] or _untold(rule, _SILENT)
    path, related = value.get("path"), related_places(value.get("related", []))
    if related is None:  # a detail of that name, as any other
        details["related"] = normalised(value["related"])
    if is_path(path) and path and _leads(path, manifest):
        return Violation(tuple(path), None, details, related or ())
    if "path" in value:
        details["path"] = path
    return Violation(rule.home, None, details, related or ())


def _leads(path: list[str | int], manifest: Mapping[str, Any]) -> bool:
    """Whether a path leads into the manifest at all; what is missing is shown at its nearest parent."""
    return path[0] in manifest


def _refused(rule: Found, message: str, hint: str) -> PolicyError:
    return PolicyError(message, hint=hint, file=rule.file, line=rule.line)
