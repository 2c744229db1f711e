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
_REVISION = r"[0-9a-f]{40}"
_OF_HOSTS = (
    (rf"https://huggingface\.co/.+/(?:resolve|raw|blob)/{_REVISION}/.+", ""),
    (
        r"https://huggingface\.co/.+/(?:resolve|raw|blob)/.+",
        "it names a branch or tag of the model hub: write its commit",
    ),
    (
        r"https://github\.com/[^/]+/[^/]+/releases/latest/.*",
        "it names the latest release: write the release's own address",
    ),
    (rf"https://raw\.githubusercontent\.com/[^/]+/[^/]+/{_REVISION}/.+", ""),
    (r"https://raw\.githubusercontent\.com/.+", "it names a branch or tag: write the commit"),
    (r"s3://[^?#]+\?(?:[^#]*&)?versionId=[^&#]+", ""),
    (r"gs://[^?#]+#[0-9]+|gs://[^?#]+\?(?:[^#]*&)?generation=[0-9]+", ""),
    (r"(?:az|abfss?|https)://[^?#]+\?(?:[^#]*&)?(?:versionid|snapshot)=[^&#]+", ""),
)
"""Forms of addresses whose host keeps versions -> why it can move; empty where the address names one version."""
_FLOATING = r"(?i:(?:.*[^a-z])?latest(?:[^a-z].*)?)"
_SUFFIX = re.compile(r"7z|[a-z][a-z0-9_]{0,15}")

_EMPTY = {
    "md5": "d41d8cd98f00b204e9800998ecf8427e",
    "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha384": "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
    "sha512": "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f"
    "63b931bd47417a81a538327af927da3e",
    "blake3": "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
}
"""The digests of the empty input."""

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_IMAGE_NAME = rf"(?:{_HOST}/)?{_PART}(?:/{_PART})*(?P<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?"
_IMAGE_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}


def of_uri(uri: str) -> dict[str, Any]:
    """Say what fixes a URI: `revision` (a part of it), `digest` (nothing but the digest beside it), or `none`."""
    scheme = uri.partition(":")[0]
    if scheme not in _SCHEMES:
        return _of_host(uri)
    pinned, reason = _SCHEMES[scheme]
    if re.fullmatch(pinned, uri):
        return {"text": uri, "pin": "revision"}
    return {"text": uri, "pin": "none", "reason": reason}


def _of_host(uri: str) -> dict[str, Any]:
    for form, reason in _OF_HOSTS:
        if re.fullmatch(form, uri):
            return {"text": uri, "pin": "none", "reason": reason} if reason else {"text": uri, "pin": "revision"}
    return {"text": uri, "pin": "digest"}


def of_hosted(hosted: Mapping[str, Any]) -> dict[str, Any]:
    """Say whether the call of a hosted model names a `snapshot`; a floating name is none."""
    model, snapshot = str(hosted.get("model", "")), str(hosted.get("snapshot", ""))
    text = f"{hosted.get('provider', '')}/{model}" + (f"@{snapshot}" if snapshot else "")
    if not snapshot:
        return {"text": text, "pin": "none", "reason": "it names no snapshot"}
    if snapshot == model or re.fullmatch(_FLOATING, snapshot) or not any(character.isdigit() for character in snapshot):
        return {"text": text, "pin": "none", "reason": "its snapshot is a floating name, without a date or number"}
    return {"text": text, "pin": "snapshot"}


def of_image(image: str) -> dict[str, Any]:
    """Say whether a container image is named by its digest, by the grammar of OCI references.

    Source: https://github.com/distribution/reference (reference.go, regexp.go).

    Returns:
        `text`, and `pin`: `digest`, or `none` with a reason.
    """
    name, at, digest = image.partition("@")
    reason = _name_fault(name) or (digest_fault(digest) if at else _unpinned(name))
    return {"text": image, "pin": "none", "reason": reason} if reason else {"text": image, "pin": "digest"}


def _name_fault(name: str) -> str:
    return "" if re.fullmatch(_IMAGE_NAME, name) else f"`{name}` is no name of an image"


def _unpinned(name: str) -> str:
    match = re.fullmatch(_IMAGE_NAME, name)
    tag = match["tag"] if match else None
    return f"it names the tag `{tag[1:]}`, which can move" if tag else "it names no digest, which is the tag `latest`"


def digest_fault(digest: str) -> str:
    """What is wrong with the digest in a reference to an image; empty where it is one."""
    algorithm, _, digits = digest.partition(":")
    wanted = _IMAGE_DIGITS.get(algorithm)
    if wanted is None:
        return f"its digest is none of {', '.join(_IMAGE_DIGITS)}"
    if len(digits) != wanted:
        return f"its {algorithm} has {len(digits)} digits and not {wanted}"
    if re.fullmatch(r"[0-9a-f]+", digits) is None:
        return "its digest is not in lower-case hex digits"
    return "its digest is the one of no content at all" if of_nothing(digest) else ""


def of_nothing(digest: str) -> bool:
    """Whether a digest is the one of the empty input, or made of zeros: nobody's content has it."""
    algorithm, _, digits = digest.partition(":")
    return bool(digits) and (digits == _EMPTY.get(algorithm) or not digits.strip("0"))


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
