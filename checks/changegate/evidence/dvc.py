"""What DVC says of a file or a folder: a `.dvc` file beside it, or the `dvc.lock` of the stage that made it.

DVC knows an md5, which binds nothing by itself; a `sha256` may stand beside it, in `meta`.
Sources: https://dvc.org/doc/user-guide/project-structure/dvc-files, …/dvcyaml-files#dvclock-file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.evidence.files import EvidenceFiles, File

LOCK = "dvc.lock"
_SHA256 = r"[0-9a-f]{64}"
_MD5 = r"[0-9a-f]{32}"
_GREATEST = 2**53


class DvcFault(Exception):  # noqa: N818  (no error: it becomes a status)
    """What is no file of DVC, in words that follow its path."""


class DvcOutput(NamedTuple):
    """An output: what DVC keeps elsewhere."""

    path: str
    """From the folder of the file that lists it."""
    size: int
    """In bytes; of a folder, of all its files."""
    digests: Mapping[str, str]
    """Hex digits by algorithm. A folder has none: its md5 is of a list of DVC's own."""
    files: int | None = None
    """How many files a folder has; None for a file, 0 where that is not said."""


def is_dvc(path: str) -> bool:
    """Whether a file is one of DVC, by its name."""
    return path.endswith(".dvc") or path.rpartition("/")[2] == LOCK


def read_outputs(file: File) -> list[DvcOutput]:
    """All outputs that a `.dvc` file or a `dvc.lock` lists.

    Raises:
        DvcFault: It is none, or an output says no size.
    """
    kind = f"`{LOCK}`" if file.path.endswith(LOCK) else "`.dvc` file"
    value = _document(file, kind)
    listed = list(_of_stages(value)) if file.path.endswith(LOCK) else value.get("outs")
    if not isinstance(listed, list) or not listed or not all(isinstance(one, dict) for one in listed):
        raise DvcFault(f"is no {kind} of an output")
    return [_output(one) for one in listed]


def output_for(file: File, name: str) -> DvcOutput:
    """The output that a file of DVC lists for an artifact: its only one, or the one of a name.

    Args:
        file: A `.dvc` file, or a `dvc.lock`.
        name: How the artifact's file is called, where several are listed.

    Raises:
        DvcFault: It is none, or lists none or several of that name.
    """
    outputs = read_outputs(file)
    if len(outputs) == 1:
        return outputs[0]
    named = [one for one in outputs if name in (one.path, one.path.rstrip("/").rpartition("/")[2])]
    if len(named) != 1:
        listed = ", ".join(one.path[:60] for one in outputs[:5])
        raise DvcFault(f"has several outputs ({listed}), and {len(named)} of them is called `{name}`")
    return named[0]


def tracked_by(files: EvidenceFiles, path: str) -> tuple[File, DvcOutput] | None:
    """What DVC says of a path at which git has nothing: in a `.dvc` file beside it, or in a `dvc.lock` at or above it.

    Raises:
        DvcFault: Such a file is there and is none.
    """
    beside = files.quietly(f"{path}.dvc")
    if beside.status == "present":
        return beside, output_for(beside, path.rpartition("/")[2])
    for folder in _above(path):
        lock = files.quietly(f"{folder}{LOCK}")
        if lock.status != "present":
            continue
        inner = path.removeprefix(folder)
        named = [one for one in read_outputs(lock) if one.path.rstrip("/") == inner]
        if named:
            return lock, named[0]
    return None


def _above(path: str) -> Iterator[str]:
    """The folders of a path, from its own up to the root, each with its `/`."""
    while path:
        path = path.rpartition("/")[0]
        yield f"{path}/" if path else ""


def _document(file: File, kind: str) -> Mapping[str, Any]:
    from changegate.evidence.files import parsed

    read = parsed(file.data, f"{file.path}.yaml")
    if read.faults or len(read.documents) != 1:
        why = read.faults[0].message if read.faults else "it is not one document"
        raise DvcFault(f"is no {kind}: {why}")
    value = read.documents[0].value
    if not isinstance(value, dict):
        raise DvcFault(f"is no {kind}")
    return value


def _of_stages(value: Mapping[str, Any]) -> Iterator[Any]:
    stages = value.get("stages", value)
    for stage in stages.values() if isinstance(stages, dict) else ():
        if isinstance(stage, dict):
            outs = stage.get("outs", [])
            yield from outs if isinstance(outs, list) else [outs]


def _output(one: Mapping[str, Any]) -> DvcOutput:
    size, path, md5 = one.get("size"), one.get("path"), one.get("md5")
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size <= _GREATEST:
        raise DvcFault("states no `size` of its output")
    if not isinstance(path, str):
        raise DvcFault("states no `path` of its output")
    if isinstance(md5, str) and md5.endswith(".dir"):
        count = one.get("nfiles")
        return DvcOutput(path, size, {}, count if isinstance(count, int) and count >= 0 else 0)
    meta = one.get("meta")
    sha256 = one.get("sha256", meta.get("sha256") if isinstance(meta, dict) else None)
    forms = {"md5": (md5, _MD5), "sha256": (sha256, _SHA256)}
    known = {
        name: value for name, (value, form) in forms.items() if isinstance(value, str) and re.fullmatch(form, value)
    }
    return DvcOutput(path, size, known)
