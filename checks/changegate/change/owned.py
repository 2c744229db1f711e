"""Whom the base's CODEOWNERS asks for by what a change touches: models with all that they name, and control files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.approvals.codeowners import load_codeowners
from changegate.approvals.owner_people import people_of
from changegate.change.changeset import strings
from changegate.evidence.approvals import NOTHING
from changegate.evidence.collector import Section, absent, invalid, present, unavailable
from changegate.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.approvals.codeowners import OwnersFile
    from changegate.approvals.ownership import OwnersEntry
    from changegate.change.changeset import ChangeSet
    from changegate.change.collector import ChangeRequest


def collect(request: ChangeRequest) -> Section:
    """Tell who has to approve which files, and who of them has."""
    asked = request.config.settings["owners"]
    if not asked["requiredFor"]:
        return Section(absent("no CODEOWNERS is asked for"), {"checked": True, "faults": [], "demands": []})
    host = asked["codeowners"]
    found = load_codeowners(request.scope.base, host)
    faults = list(_faults(found, request, host))
    if found.problem:
        reason = f"the CODEOWNERS of the base: {found.problem}"
        return Section(invalid(reason), {"checked": True, "faults": faults, "demands": []})
    demands = list(_demands(found, request))
    return Section(_evidence(request), {"checked": True, "faults": faults, "demands": demands})


def _evidence(request: ChangeRequest) -> dict[str, Any]:
    """Whether it is known who approved: the control files of the change, and its releases."""
    for reviews in (request.reviews, request.of_releases):
        if reviews.status != "present":
            return invalid(reviews.reason) if reviews.status == "invalid" else unavailable(reviews.reason)
    return present()


def _faults(found: OwnersFile, request: ChangeRequest, host: str) -> Iterator[dict[str, Any]]:
    """What is wrong with the base's file, unless the change mends it."""
    if not found.problem and not found.said.faults:
        return
    after = load_codeowners(request.scope.head, host)
    if not after.problem and not after.said.faults:
        return
    if found.problem:
        at: dict[str, Any] = {"file": found.path or ".changegate/config.yaml", "revision": "base"}
        yield {"message": found.problem, "hint": "Put one there that the host can read.", "at": at}
    for one in found.said.faults:
        at = {"file": found.path, "revision": "base", "line": one.line, "column": 1}
        yield {"message": one.message, "hint": f"{one.hint[0].upper()}{one.hint[1:]}.", "at": at}


def _demands(found: OwnersFile, request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """Every line that asks for somebody, with the files that it asks for."""
    by_line: dict[int, tuple[OwnersEntry, dict[str, dict[str, Any]]]] = {}
    for paths, at, kind in _touched(request):
        for path in paths:
            for entry in found.said.asked_for(path):
                _, files = by_line.setdefault(entry.line, (entry, {}))
                files.setdefault(at["file"], {"at": at, "kinds": []})["kinds"].append(kind)
    for _, (entry, files) in sorted(by_line.items()):
        yield _demand(entry, files, found.path, request)


def _demand(
    entry: OwnersEntry, files: dict[str, dict[str, Any]], codeowners: str, request: ChangeRequest
) -> dict[str, Any]:
    reviews, repository = request.reviews, request.scope.repository or request.config.repository
    who = [people_of(owner, request.teams, repository) for owner in entry.owners]
    people = sorted({login for one in who for login in one.people})
    signed = {login: age for login, age in _signed(request, files).items() if login in people}
    approved = {*reviews.approved, *signed}
    unknown = [one.problem for one in who if one.problem]
    return {
        "label": f"code owners {', '.join(entry.owners)}",
        "section": entry.section,
        "count": entry.needed,
        "owners": list(entry.owners),
        "at": {"file": codeowners, "revision": "base", "line": entry.line, "column": 1},
        "files": [one for _, one in sorted(files.items())],
        "members": people,
        "approvedBy": [login for login in people if login in approved],
        "signedBy": [{"login": login, "ageSeconds": age} for login, age in sorted(signed.items())],
        "candidates": [one for one in people if one not in approved and one not in reviews.excluded],
        "unclearBecause": reviews.unclear_reason if set(people) & {*reviews.unclear} else "",
        "unknownBecause": unknown,
    }


def _signed(request: ChangeRequest, files: Mapping[str, dict[str, Any]]) -> dict[str, int]:
    """Who signed an approval of every file of a demand, and how long ago the oldest of those that it takes."""
    if not request.reviews.signed:
        return {}
    released = _released(request.change)
    wanted = [
        {NOTHING} if kind == "control" else {about for about, names in released.items() if file in names}
        for file, one in files.items()
        for kind in dict.fromkeys(one["kinds"])
    ]
    found = {}
    for login in {one.approver for one in request.reviews.signed}:
        ages = [
            [one.age for one in request.reviews.signed if one.approver == login and (one.model, one.version) in abouts]
            for abouts in wanted
        ]
        if all(ages):
            found[login] = max(map(min, ages))
    return found


def _released(change: ChangeSet) -> dict[tuple[str, str], set[str]]:
    """Each release of the change as signed approvals name it, with its file and all that it names, before too."""
    now = [item.manifest for item in change.items if isinstance(item.manifest, Manifest)]
    found: dict[tuple[str, str], set[str]] = {}
    for one in (*change.retired, *now):
        both = (one, *(old for old in change.before.manifests.values() if old.identity == one.identity))
        about = str(one.identity), str(one.value["spec"]["version"])
        found[about] = {name for each in both for name in (each.file, *strings(each.value))}
    return found


def _touched(request: ChangeRequest) -> Iterator[tuple[set[str], dict[str, Any], str]]:
    """What a change touches that is decided from: its path, where it was before, and whether it is a control file.

    What a model names counts as the model does: its evidence, its contracts, its runbook.
    """
    change, head = request.change, request.scope.head
    control = {path for one, _ in change.control for path in (one.path, one.old_path)}
    of_models = _of_models(change)
    for path in sorted(change.touched):
        paths = {path, change.moved.get(path, "")} - {""}
        kinds = [kind for kind, names in (("control", control), ("models", of_models)) if paths & names]
        revision = "base" if kinds and head.read(path, 0).problem == "missing" else "head"
        for kind in kinds:
            yield paths, {"file": path, "revision": revision}, kind


def _of_models(change: ChangeSet) -> frozenset[str]:
    now = [item.manifest for item in change.items if isinstance(item.manifest, Manifest)]
    manifests = (*now, *change.retired, *change.before.manifests.values())
    files = {item.file for item in change.items} | {one.file for one in manifests} | change.before.broken_files
    return frozenset(files).union(*(strings(one.value) for one in manifests))
