"""What a release consists of, beside what it consisted of before: its artifacts, and the releases that it needs.

What the previous release stated has to be stated still; what it left open may be filled in. Else content could change
in two steps, by a change that takes a digest away and one that states another. What is content, and why: decision 23.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.diff.keys import keyed
from changegate.evidence.references import of_hosted, of_uri
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from changegate.change.changeset import ChangeSet
    from changegate.change.dependencies import Need
    from changegate.manifest import Manifest
    from changegate.workspace.tree import Tree

    Artifact = Mapping[str, Any]

State = tuple[str, tuple[str, ...]]
"""How a part stands to the one before, and the keys below it at which that is seen."""

_SAME: State = ("same", ())
_ADDRESS = {"uri": "moved", "path": "moved", "sizeBytes": "resized"}
"""What is compared where no digest decides, and what a difference is called."""


class Files(NamedTuple):
    """What became of the files beside the previous release."""

    head: Tree
    change: ChangeSet | None
    """What changed since the previous release; None where nobody looked, since it is one at a tag."""

    def replaced(self, path: str) -> bool:
        """Whether a path is known to hold something else now."""
        return self.change is not None and (path in self.change.touched or path in self.change.moved.values())

    def kept(self, path: str) -> bool:
        """Whether a path is known to hold the same file still. No byte of it is asked for."""
        if self.change is None or self.replaced(path):
            return False
        return self.head.read(path, 0).problem in {"", "too-large"}


def parts(before: Manifest, after: Manifest, files: Files) -> list[dict[str, Any]]:
    """Compare the parts of two releases, each with the one of the same name.

    Args:
        before: The previous release.
        after: The release.
        files: What became of the files that the previous release named.

    Returns:
        Every part with its kind, name, place and state: `same`, or in what way it is another one. Never empty.
    """
    found = [*_artifacts(before, after, files), *_dependencies(before, after)]
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "state": one.state,
            "place": {"path": one.path} if one.state == "same" else {"path": one.path, "related": [one.before()]},
        }
        for one in found
    ]


class _Part(NamedTuple):
    kind: str
    name: str
    state: str
    path: list[str | int]
    gone: tuple[str, ...] = ()
    """The name of a part that is there no more, below the list that it was in."""

    def before(self) -> dict[str, Any]:
        """Where the previous release says otherwise."""
        return {"message": "the previous release", "path": [*self.path, *self.gone], "revision": "previous"}


def _artifacts(before: Manifest, after: Manifest, files: Files) -> Iterator[_Part]:
    place = ("spec", "artifacts")
    old, new = (keyed(place, manifest.value["spec"]["artifacts"]) for manifest in (before, after))
    gone = {name: one for name, one in old.items() if name not in new}
    for index, (name, artifact) in enumerate(new.items()):
        state, key = ("added", ()) if name not in old else _state(old[name], artifact, files)
        if state == "added" and (was := next((one for one in gone if _is_same(gone[one], artifact)), None)) is not None:
            del gone[was]  # the same under another name
            state = "same"
        yield _Part("artifact", str(name), state, [*place, index, *key])
    yield from (_Part("artifact", str(name), "removed", [*place], (str(name),)) for name in gone)


def _is_same(before: Artifact, after: Artifact) -> bool:
    """Whether two artifacts of different names are known to be one: by role, and digest or snapshot."""
    if before["role"] != after["role"]:
        return False
    if "hosted" in before:
        return bool(before["hosted"] == after.get("hosted") and of_hosted(before["hosted"])["pin"] == "snapshot")
    return "digest" in before and before["digest"] == after.get("digest")


def _state(before: Artifact, after: Artifact, files: Files) -> State:
    """How an artifact stands to the one of its name, and at which of its keys that is seen."""
    if before["role"] != after["role"]:
        return "role", ("role",)
    if "hosted" in before or "hosted" in after:
        return _of_hosted(before, after)
    if "digest" in before:
        return _of_digest(before, after, files)
    return _of_address(before, after, files)


def _of_hosted(before: Artifact, after: Artifact) -> State:
    if "hosted" not in before or "hosted" not in after:
        return "form", ("hosted" if "hosted" in after else "uri",)
    key = _lost(before["hosted"], after["hosted"], before["hosted"])
    if key is not None:
        return "hosted", ("hosted", key)
    if _lost(before, after, ("digest",)):
        return "digest" if "digest" in after else "unbound", ("digest",)
    return _SAME


def _of_digest(before: Artifact, after: Artifact, files: Files) -> State:
    """Digests that the schema takes are in lower case, so that equal ones are equal texts."""
    was, now = str(before["digest"]), str(after.get("digest", ""))
    if was == now:
        return _SAME
    if was.partition(":")[0] == now.partition(":")[0]:
        return "digest", ("digest",)
    kept = _is_fixed(before) or (_is_here(before, after) and files.kept(before["path"]))
    if kept and before["uri"] == after["uri"]:
        return _SAME
    return "algorithm" if now else "unbound", ("digest",)


def _of_address(before: Artifact, after: Artifact, files: Files) -> State:
    if before["uri"] == after["uri"] and _is_fixed(before):
        return _SAME
    key = _lost(before, after, _ADDRESS)
    if key is not None:
        return _ADDRESS[key], (key,)
    return ("rewritten", ("path",)) if _is_here(before, after) and files.replaced(before["path"]) else _SAME


def _is_fixed(artifact: Artifact) -> bool:
    """Whether the address itself says what is there: by a commit, a digest or a version."""
    return bool(of_uri(artifact["uri"])["pin"] == "revision")


def _is_here(before: Artifact, after: Artifact) -> bool:
    return "path" in before and before["path"] == after.get("path")


def _lost(before: Artifact, after: Artifact, keys: Iterable[str]) -> str | None:
    """The first key that was stated and is not as it was."""
    return next((key for key in keys if key in before and before[key] != after.get(key)), None)


def _dependencies(before: Manifest, after: Manifest) -> Iterator[_Part]:
    if not any("dependsOn" in manifest.value["spec"] for manifest in (before, after)):
        return
    from changegate.change.dependencies import needs

    old, new = list(needs(before)), list(needs(after))
    known = {one.wanted for one in old}
    changed = set()
    for one in new:
        state = "same" if any(_keeps(was, one) for was in old) else "repinned" if one.wanted in known else "added"
        if state != "same":
            changed.add(one.wanted)
        yield _Part("dependency", str(one.wanted), state, ["spec", "dependsOn", one.position])
    gone = {was.wanted for was in old if was.wanted not in changed and not any(_keeps(was, one) for one in new)}
    yield from (_Part("dependency", str(one), "removed", ["spec", "dependsOn"], (one.name,)) for one in sorted(gone))


def _keeps(before: Need, after: Need) -> bool:
    """Whether a dependency still says all that it said."""
    return before.wanted == after.wanted and before.version in {None, after.version} and before.use in {None, after.use}
