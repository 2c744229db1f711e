"""A contract against all that it was on the trusted branch, where it promises to keep to all of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.evidence.collector import absent, present, unavailable
from changegate.evidence.contract_changes import changes, mode_of
from changegate.evidence.contracts import read_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from changegate.evidence.collector import EvidenceRequest
    from changegate.evidence.reports import Report

_TRANSITIVE = "-transitive"
_MOST_COMPARED = 500
"""With so many contents of before a contract is compared, the latest first."""


def no_history() -> dict[str, Any]:
    """What is said of a contract that did not change; each release has its own, since facts are its own."""
    return {**absent("the contract did not change"), "changes": []}


def contract_history(
    before: Report, after: Report, entry: Mapping[str, Any], request: EvidenceRequest
) -> dict[str, Any]:
    """Compare a contract with each of its contents on the trusted branch.

    Args:
        before: The contract at the base.
        after: The contract at the head.
        entry: How the previous release names it.
        request: The base's settings, and its history.

    Returns:
        A status, and each change since one of them: of several that are alike the one since the latest. Absent, where
        nobody asks for it.
    """
    mode = mode_of(before if before.status == "present" else after)
    settings = request.settings.get("features", {})
    asked = settings.get("defaultCompatibility", "") if mode == "not-said" else mode
    if not asked.endswith(_TRANSITIVE):
        return {**absent("the contract does not promise to keep to all of its versions"), "changes": []}
    past = request.files.past(before.file or after.file)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    unread = 0
    for state in past.states[:_MOST_COMPARED]:
        was = read_state(state.data, entry, before.file or after.file, state.commit)
        if was.status != "present":
            unread += 1  # it promised nothing that anybody could read
            continue
        version = {} if was.value.version is None else {"version": was.value.version}
        for change in changes(was, after):
            found.setdefault((change["name"], change["kind"]), {**change, "commit": state.commit, **version})
    cut = past.cut or ("" if len(past.states) <= _MOST_COMPARED else f"only {_MOST_COMPARED} contents were compared")
    if cut:
        return {**unavailable(f"of the contract {entry['name']}, {cut}"), "changes": list(found.values())}
    return present(compared=len(past.states) - unread, changes=list(found.values()))
