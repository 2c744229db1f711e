"""Which files of a repository steer the gate or run it, which of them changed, and whether they would still load."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from changegate.change.control_names import ANYWHERE, BEGINNINGS, FILES, FOLDERS
from changegate.change.traits import risk_of
from changegate.evidence.collector import Section, present
from changegate.evidence.reports import block
from changegate.manifest import Manifest
from changegate.policy.settings import any_glob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from changegate.change.changeset import ChangeSet
    from changegate.change.ci_includes import Included
    from changegate.change.collector import ChangeRequest
    from changegate.policy.settings import Config
    from changegate.workspace.trees import GitTree


class ControlFiles:
    """Says which files steer the gate or run it, by name, by the base's configuration, and by the base's CI files."""

    def __init__(self, config: Config, base: GitTree | None) -> None:
        """Take the base; its CI files are read when a name alone does not tell."""
        self._base = base
        self._policies = frozenset(path.casefold() for path in config.policy_files)
        self._named = any_glob([glob.casefold() for glob in config.control_files])

    @cached_property
    def _included(self) -> Included:
        from changegate.change.ci_includes import included

        return included(self._base)

    def kind(self, path: str) -> str:
        """Say which kind of control file a path is: one that decides how changes are judged; empty for all others.

        Case is ignored: on a file system that folds it, `.GitHub/workflows` is the same folder.

        Args:
            path: From the repository's root.
        """
        folded = path.casefold()
        if folded in self._policies:
            return "policies"
        if found := _by_name(folded):
            return found
        if self._named.fullmatch(folded):
            return "control"
        return "ci" if folded and self._included.holds(folded) else ""


def _by_name(folded: str) -> str:
    name = folded.rpartition("/")[2]
    if found := _files().get(folded) or ANYWHERE.get(name):
        return found
    for folder, kind in _folders():
        if f"{folded}/".startswith(folder):
            return kind
    steers = any(name.startswith(first) and name.endswith(last) for first, last in BEGINNINGS)
    return "ci" if steers and name else ""


@cache
def _files() -> dict[str, str]:
    return {file.casefold(): kind for kind, files in FILES.items() for file in files.split()}


@cache
def _folders() -> tuple[tuple[str, str], ...]:
    return tuple((folder, kind) for kind, folders in FOLDERS.items() for folder in folders.split())


def collect(request: ChangeRequest) -> Section:
    """Tell which control files changed, and what would not load once they have landed."""
    changed, invalid = list(_changed(request.change)), list(_invalid(request))
    facts = {
        "changed": changed,
        "invalid": invalid,
        "waivers": list(_waivers(request)),
        "breakGlass": _broken_glass(request),
        "unknown": list(_unknown(request)),
        "tests": _where_it_loads(request, request.policy_tests, is_loading=not invalid),
        "answers": _where_it_loads(request, request.policy_answers, is_loading=not invalid),
        "signers": _signers(request),
    }
    return Section(present(), {"checked": True, **facts})


def _changed(change: ChangeSet) -> Iterator[dict[str, Any]]:
    for one, kind in change.control:
        revision = "base" if one.operation == "deleted" else "head"
        yield {
            "file": one.path,
            "oldFile": one.old_path,
            "kind": kind,
            "operation": one.operation,
            "at": {"file": one.path, "revision": revision},
        }


def _invalid(request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """Say why what configures the gate would not load once it has landed, or could never be approved again."""
    if not request.change.control:
        return
    from changegate.change.would_load import Trial, faults, idle, nobody
    from changegate.change.would_own import unowned

    head, repository = request.scope.head, request.scope.repository
    trial = Trial.of(request.scope, request.policies, request.config, has_server=request.has_server)
    for one in (*faults(head, trial), *nobody(head), *idle(head, request.config), *unowned(head, repository)):
        place: dict[str, Any] = {"file": one.file, "revision": one.revision}
        if one.line is not None:
            place |= {"line": one.line, "column": one.column or 1}
            place |= {"endColumn": one.end_column} if one.end_column else {}
        yield {"message": one.message, "hint": one.hint, "at": place}


def _where_it_loads(
    request: ChangeRequest, tell: Callable[[], Mapping[str, Any]], *, is_loading: bool
) -> Mapping[str, Any]:
    """What own policies would come to. Where nothing would load, nobody can ask them."""
    if not request.change.control:
        return {"status": "absent", "reason": "no control file changed"}
    if not is_loading:
        return {"status": "absent", "reason": "what configures the gate would not work after the merge"}
    return tell()


def _unknown(request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """The names that the change brings and that stand for nothing."""
    if not request.change.control:
        return
    from changegate.change.named import unknown_names

    yield from unknown_names(request)


def _signers(request: ChangeRequest) -> dict[str, Any]:
    """Whether anybody may sign; where nobody is named, the releases of the change of which nothing can be verified."""
    if request.signers.configured:
        return {"configured": True, "releases": []}
    changed = (one.manifest for one in request.change.items if one.in_change)
    read = (one for one in changed if isinstance(one, Manifest))
    named = (one for one in read if block(one.value["spec"].get("provenance")) == "present")
    return {"configured": False, "releases": [_unsigned(request, one) for one in named]}


def _unsigned(request: ChangeRequest, manifest: Manifest) -> dict[str, Any]:
    at = {
        "file": manifest.file,
        "revision": "head",
        "document": manifest.document.index,
        "path": ["spec", "provenance"],
    }
    return {"name": manifest.identity.name, **risk_of(request.config, manifest), "at": at}


def _broken_glass(request: ChangeRequest) -> Mapping[str, Any]:
    """What the change does with waivers of incidents."""
    from changegate.change.broken_glass import broken_glass

    return broken_glass(request)


def _waivers(request: ChangeRequest) -> Iterator[dict[str, Any]]:
    """The waivers that the change brings or lengthens. What does not load is told as such."""
    if not any(kind == "waivers" for _, kind in request.change.control):
        return
    from changegate.change.waived import new_waivers

    yield from new_waivers(request)
