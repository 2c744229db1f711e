"""The rollouts of a change as a folder: of each release the neutral plan and its controller's documents.

`index.json` says what was rendered, for which controller, what could not be expressed and why, and whether it may be
applied. Described by `schemas/plan-index.schema.json`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import TYPE_CHECKING, Any

from changegate.errors import ReportError
from changegate.escape import json_text
from changegate.escape import path as quoted
from changegate.names import ENVIRONMENT, VARIANT, Stage
from changegate.report import view
from changegate.verdict import Gate, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from changegate.names import Identity
    from changegate.verdict import RolloutFiles, SubjectVerdict, Verdict

SCHEMA = "https://changegate.dev/schemas/plan-index.schema.json"
SCHEMA_VERSION = 1
INDEX = "index.json"
_PLAIN = r"[a-z0-9][a-z0-9._-]{0,62}"
_UNFINISHED = "it was not written whole: run changegate again"


def write_folder(verdict: Verdict, folder: Path, root: Path) -> ReportError | None:
    """Write the rollouts of every release in the change into a folder, which is made where it is missing.

    Args:
        verdict: With the rollouts as files.
        folder: Where. No link in it or, in the checkout, on the way to it is followed.
        root: The checkout.

    Returns:
        What could not be rendered because of a fault of changegate's own; the others were written.

    Raises:
        ReportError: It may not or cannot be written there, or something else lies among a release's files.
    """
    from changegate.files import write_file

    top = _top(folder, root)
    placed = list(_placed(verdict))
    for name, _, made in placed:
        if made is not None and name:
            _refuse_others(folder / name, {one for one, _ in made.files})
    # NOTE: first an index that allows nothing, and the real one last: a run that ends in between leaves no promise.
    write_file(folder / INDEX, top, _text({**_about(verdict), "mayBeApplied": False, "why": _UNFINISHED}))
    for name, _, made in placed:
        for file, text in made.files if made is not None and name else ():
            write_file(folder / name / file, top, _marked(verdict, file, text).encode())
    write_file(folder / INDEX, top, _text(index(verdict)))
    failed = [one.subject.label for _, one, made in placed if made is not None and made.failed]
    if failed:
        return ReportError(f"the plan is without {', '.join(failed)}, at which rendering failed", hint=f"see {INDEX}")
    return None


def index(verdict: Verdict) -> dict[str, Any]:
    """Say what was rendered, as `schemas/plan-index.schema.json` describes it."""
    releases = [_release(verdict, *one) for one in _placed(verdict)]
    may_be_applied, why = permission(verdict)
    return {**_about(verdict), "mayBeApplied": may_be_applied, "why": why, "releases": releases}


def permission(verdict: Verdict) -> tuple[bool, str]:
    """Whether the rollouts of a verdict may be applied, and why or why not."""
    headline = view.headline(verdict)
    if verdict.gate not in {Gate.OPEN, Gate.NOT_ENFORCED}:
        return False, f"not to be applied: the gate is not open ({headline})"
    if verdict.context.stage is Stage.LOCAL:
        return (
            False,
            f"not to be applied: outside of CI the verdict is only advice ({headline})",
        )
    return True, f"to be applied once the change is merged ({headline})"


def folder_of(identity: Identity) -> str:
    """The folder of a release: its name, and where they are not the usual ones environment and variant behind it."""
    if not all(re.fullmatch(_PLAIN, part) for part in identity):  # no manifest that is valid comes here
        return "release-" + hashlib.sha256("\0".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    usual = identity.environment == ENVIRONMENT and identity.variant == VARIANT and identity.name != INDEX
    return identity.name if usual else f"{identity.name}@{identity.environment}@{identity.variant}"


def _placed(verdict: Verdict) -> Iterator[tuple[str, SubjectVerdict, RolloutFiles | None]]:
    """The releases and retirements in the change: folder, empty where it has none, and files."""
    inside = [one for one in verdict.subjects if one.subject.kind is not SubjectKind.CHANGE_SET]
    inside = [one for one in inside if one.operation != "unchanged"]
    named = [one.subject.identity for one in inside if one.rollout is not None]
    for one in inside:
        identity, made = one.subject.identity, one.rollout
        if identity is None or made is None or not made.files:
            yield "", one, made
        elif named.count(identity) > 1:
            twice = f"{len([1 for other in named if other == identity])} manifests say that they are {identity}"
            yield "", one, made._replace(files=(), documents=(), losses=(), missing=twice)
        else:
            yield folder_of(identity), one, made


def _about(verdict: Verdict) -> dict[str, Any]:
    context = verdict.context
    return {
        "$schema": SCHEMA,
        "schemaVersion": SCHEMA_VERSION,
        "verdict": verdict.gate.value,
        "context": {
            "stage": context.stage.value,
            "repository": context.repository,
            "pullRequest": context.pull_request,
            "base": context.base,
            "head": context.head,
            "headTree": context.head_tree,
            "reviewedHead": context.reviewed_head,
            "toolVersion": context.tool_version,
        },
        "releases": [],
    }


def _release(verdict: Verdict, folder: str, one: SubjectVerdict, made: RolloutFiles | None) -> dict[str, Any]:
    identity = one.subject.identity
    missing = _missing(one) if made is None else made.missing
    files = made.files if made is not None else ()
    return {
        "label": one.subject.label,
        "identity": None if identity is None else identity._asdict(),
        "manifest": quoted(one.subject.file),
        "version": one.version,
        "operation": one.operation,
        "target": made.target or None if made is not None else None,
        "folder": folder or None,
        "files": [_file(verdict, f"{folder}/{name}", name, text) for name, text in files],
        "documents": [f"{folder}/{name}" for name in made.documents] if made is not None else [],
        "notExpressed": list(made.losses) if made is not None else [],
        "notRendered": {"reason": missing, "hint": made.hint if made is not None else ""} if missing else None,
    }


def _file(verdict: Verdict, path: str, name: str, text: str) -> dict[str, str]:
    return {"path": path, "digest": "sha256:" + hashlib.sha256(_marked(verdict, name, text).encode()).hexdigest()}


def _missing(one: SubjectVerdict) -> str:
    if one.subject.kind is SubjectKind.RETIREMENT:
        return "the release is retired: there is nothing to roll out"
    return one.not_evaluated or "it was not kept: this is changegate's own fault"


def _marked(verdict: Verdict, name: str, text: str) -> str:
    """A document that may not be applied says so in its first line, where a format has comments."""
    may_be_applied, _ = permission(verdict)
    if may_be_applied or not name.endswith(".yaml"):
        return text
    word = verdict.gate.value if verdict.context.stage is not Stage.LOCAL else "not judged in CI"
    return f"# changegate: NOT TO BE APPLIED ({word})\n{text}"


def _text(document: dict[str, Any]) -> bytes:
    return (json_text(json.dumps(document, indent=2, ensure_ascii=True)) + "\n").encode("ascii")


def _top(folder: Path, root: Path) -> Path:
    """Below what no link is followed: the checkout, or for a folder elsewhere the one that it lies in.

    Raises:
        ReportError: Something else than a folder is there, or a link leads to it.
    """
    from changegate.files import writable

    target = writable(folder / INDEX, root)
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ReportError(f"{folder} is no folder of its own", hint="remove it, or choose another folder")
    inside = target.is_relative_to(os.path.realpath(root))
    return root if inside else folder.parent


def _refuse_others(folder: Path, ours: Iterable[str]) -> None:
    """Refuse a release's folder with a file in it that is not of the plan: it would be applied with it.

    Raises:
        ReportError: There is one.
    """
    if folder.is_symlink() or not folder.is_dir():  # writing refuses that, or makes it
        return
    others = sorted(set(os.listdir(folder)) - set(ours))  # noqa: PTH208  (names alone)
    if others:
        what = f"{folder / others[0]} is not of the plan, and would be applied with it"
        raise ReportError(what, hint=f"remove the folder {folder}, or write into another one")
