"""What a hub says of one revision of a model, as JSON: `GET /api/models/<org>/<model>/revision/<sha>?blobs=true`.

Source: https://huggingface.co/docs/hub/api
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.mend.hub_names import licence_of, task_of, text_of
from changegate.mend.source import SourceFacts

if TYPE_CHECKING:
    from pathlib import Path

_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}")
_SHA, _SHA256 = re.compile(r"[0-9a-f]{40}"), re.compile(r"[0-9a-f]{64}")
_WEIGHTS = (".safetensors", ".gguf", ".onnx")
_MOST = 64


def recognises(path: Path, value: Any) -> bool:
    """Whether it is such an answer."""
    del path
    return isinstance(value, dict) and "siblings" in value and "sha" in value


def read(path: Path, value: Any, top: Path | None) -> SourceFacts:
    """Read the files that hold weights, with size and digest, the licence and the task."""
    del top
    name, sha = value.get("id") or value.get("modelId"), value.get("sha")
    if not isinstance(name, str) or not _ID.fullmatch(name) or not isinstance(sha, str) or not _SHA.fullmatch(sha):
        raise UsageError(
            f"{path} names no model and no revision", hint="export it with its `id` and the 40 digits of its `sha`"
        )
    listed = value["siblings"] if isinstance(value["siblings"], list) else []
    files = [one for one in listed if isinstance(one, dict) and str(one.get("rfilename", "")).endswith(_WEIGHTS)]
    if not files:
        hint = "name a revision that has safetensors, GGUF or ONNX: pickles run code when they are loaded"
        raise UsageError(f"{path} lists no file of weights", hint=hint)
    if len(files) > _MOST:
        raise UsageError(
            f"{path} lists {len(files)} files of weights, and a manifest has {_MOST}", hint="write it by hand"
        )
    stated = value.get("cardData")
    card = stated if isinstance(stated, dict) else {}
    publisher = name.partition("/")[0]
    return SourceFacts(
        artifacts=tuple(_artifact(one, name, sha, alone=len(files) == 1) for one in files),
        task=task_of(value.get("pipeline_tag")),
        external={"publisher": publisher, **licence_of(card), "obtainedFrom": f"hf://{name}@{sha}"},
        said=f"{name}, as its hub describes it",
    )


def _artifact(one: dict[str, Any], name: str, sha: str, *, alone: bool) -> dict[str, Any]:
    file = text_of(one["rfilename"])
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", file):
        raise UsageError("a file of the model has a name that no manifest can hold", hint="write the manifest by hand")
    made: dict[str, Any] = {} if alone else {"name": re.sub(r"[^a-z0-9._-]", "-", file.lower())[:60].strip("-._")}
    made |= {"uri": f"hf://{name}@{sha}/{file}", "format": file.rpartition(".")[2]}
    stored = one.get("lfs")
    lfs = stored if isinstance(stored, dict) else {}
    size, digest = lfs.get("size", one.get("size")), lfs.get("sha256") or lfs.get("oid")
    made |= {"sizeBytes": size} if isinstance(size, int) and not isinstance(size, bool) and size > 0 else {}
    made |= {"digest": f"sha256:{digest}"} if isinstance(digest, str) and _SHA256.fullmatch(digest) else {}
    return made
