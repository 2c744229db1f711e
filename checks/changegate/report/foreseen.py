"""What reports for people say of the releases that would get another verdict, once a change of the rules has landed.

Nothing here is escaped; see `view`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from changegate.report.view import Text, names, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from changegate.report.view import Sentence
    from changegate.verdict import ReleaseImpact, Verdict


def impact_lines(verdict: Verdict) -> tuple[Sentence, ...]:
    """Say what a change of the rules does to the releases that there are, what closes first."""
    found = verdict.impact
    if found is None:
        return ()
    told = [_impact(kind, [one for one in found.releases if _kind(one) == kind]) for kind in _KINDS]
    lines = [line for line in told if line]
    if not lines and found.looked_at:
        same = plural(found.looked_at, "release keeps its verdict", "releases keep their verdicts")
        lines = [(f"after this merge {same}",)]
    more: Sentence = (("not all was looked at: " if found.looked_at else ""), Text(found.left_out))
    return (*lines, *([more] if found.left_out else []))


_KINDS = {
    "undecided": ("cannot be decided", "cannot be decided"),
    "closed": ("closes", "close"),
    "awaiting-approval": ("waits for approval", "wait for approval"),
    "unseen": ("is judged no more", "are judged no more"),
    "not-enforced": ("is only observed", "are only observed"),
    "open": ("opens", "open"),
}
"""What becomes of a release, for one and for many."""


def _kind(one: ReleaseImpact) -> str:
    return "unseen" if one.after is None else one.after.value


def _impact(kind: str, releases: Sequence[ReleaseImpact]) -> Sentence:
    if not releases:
        return ()
    verb = _KINDS[kind][len(releases) > 1]
    labels = [one.subject.label for one in releases]
    rules = sorted({rule for one in releases for rule in one.rules})
    because: Sentence = (" (", *names(rules), ")") if rules else ()
    reason = next((one.reason for one in releases if one.reason), "")
    because = (*because, ": ", Text(reason)) if reason else because
    return (f"after this merge {plural(len(releases), 'model')} {verb}: ", *names(labels), *because)
