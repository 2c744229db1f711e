"""References to artifacts: which of them can mean something else tomorrow.

Hugging Face takes a branch where it takes a commit, a registry a tag where it takes a digest, MLflow an alias or a
stage where it takes a version. Every other URI is bound by the digest beside it, or not at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

# NOTE: texts, which `re` compiles when they are first used: few runs need them, and compiling takes start-up.
_HUGGING_FACE = r"hf://(?:(?:models|datasets|spaces)/)?[^/@]+(?:/[^/@]+)?@[0-9a-f]{40}(?:/.*)?"
_OCI = r"[a-z+]+://[^@?#]+@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})"
_MLFLOW = r"models:(?://[^/]+)?/(?:[^/@]+/[1-9][0-9]*|m-[0-9a-f]{32})(?:/[^@]*)?"
_SCHEMES = {
    "hf": (_HUGGING_FACE, "it names a branch or tag, or none, and not a commit: write @<40 hex digits>"),
    "oci": (_OCI, "it names a tag, or none, and not a digest: write @sha256:<64 hex digits>"),
    "docker": (_OCI, "it names a tag, or none, and not a digest: write @sha256:<64 hex digits>"),
    "models": (_MLFLOW, "it names an alias or a stage and not a version: write models:/<name>/<number>"),
}
_FLOATING = r"(?i:(?:.*[^a-z])?latest(?:[^a-z].*)?)"
_SUFFIX = re.compile(r"[a-z][a-z0-9_]{0,15}")


def of_uri(uri: str) -> dict[str, Any]:
    """Say what fixes a URI: `revision` (a part of it), `digest` (nothing but the digest beside it), or `none`."""
    scheme = uri.partition(":")[0]
    if scheme not in _SCHEMES:
        return {"text": uri, "pin": "digest"}
    pinned, reason = _SCHEMES[scheme]
    if re.fullmatch(pinned, uri):
        return {"text": uri, "pin": "revision"}
    return {"text": uri, "pin": "none", "reason": reason}


def of_hosted(hosted: Mapping[str, Any]) -> dict[str, Any]:
    """Say whether the call of a hosted model names a `snapshot`; a floating name is none."""
    model, snapshot = str(hosted.get("model", "")), str(hosted.get("snapshot", ""))
    text = f"{hosted.get('provider', '')}/{model}" + (f"@{snapshot}" if snapshot else "")
    if not snapshot:
        return {"text": text, "pin": "none", "reason": "it names no snapshot"}
    if snapshot == model or re.fullmatch(_FLOATING, snapshot) or not any(character.isdigit() for character in snapshot):
        return {"text": text, "pin": "none", "reason": "its snapshot is a floating name, without a date or number"}
    return {"text": text, "pin": "snapshot"}


def formats(artifact: Mapping[str, Any]) -> list[str]:
    """The formats that an artifact may be in: the one it states, and what the names of its file say."""
    names = [_last_segment(str(artifact.get("uri", ""))), str(artifact.get("path", "")).rpartition("/")[2]]
    suffixes = {part.lower() for name in names for part in name.split(".")[1:]}
    found = {suffix for suffix in suffixes - {"dvc"} if _SUFFIX.fullmatch(suffix)}
    return sorted(found | ({str(artifact["format"])} if "format" in artifact else set()))


def _last_segment(uri: str) -> str:
    """The last part of a URI's path, without query and fragment; empty where it has no path."""
    plain = re.split(r"[?#]", uri, maxsplit=1)[0].partition(":")[2].removeprefix("//")
    return unquote(plain.partition("/")[2].rpartition("/")[2])
