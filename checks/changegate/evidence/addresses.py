"""Addresses that are written differently and lead to one place.

An address is its author's choice of many: a host in capitals, a port that is the usual one, a slash more, an encoded
letter, the web address of a bucket. Whoever asks whether two releases have the same address compares what this makes
of them. It is for comparing alone: what is shown stays as it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

_SCHEMES = {"http": "https", "s3a": "s3", "s3n": "s3", "gcs": "gs", "docker": "oci"}
"""Two schemes of one protocol -> one of them."""
_PORTS = {"https": "443", "oci": "443"}
_STORES = frozenset({"s3", "gs"})
"""Where `//` and `..` in a key are a part of it."""
_SIGNED = ("x-amz-", "x-goog-", "download=")
"""How the parts of a query begin that say who may read, or how, and not what."""

# NOTE: texts, which `re` compiles when they are first used: few runs need them, and compiling takes start-up.
_S3_HOST = r"(?:(?P<bucket>.+)\.)?s3(?:[.-][a-z0-9.-]*)?\.amazonaws\.com(?:\.cn)?"
_GOOGLE_HOST = r"(?:(?P<bucket>.+)\.)?storage\.(?:googleapis|cloud\.google)\.com"
_AZURE_HOST = r"(?P<account>[a-z0-9]+)\.(?:blob|dfs)\.core\.windows\.net"
_HUGGING_FACE = r"/(?P<name>[^/]+/[^/]+)(?:/(?:resolve|blob|raw|tree)/(?P<revision>[^/]+)(?P<file>/.*)?)?"
_ENCODED = r"%([0-9A-Fa-f]{2})"
_PLAIN = r"[A-Za-z0-9._~-]"
ENCODED = ("%2", "%3", "%4", "%5", "%6", "%7")
"""One of these is in every address in which a letter, a digit or a mark that needs none is encoded."""


@lru_cache(maxsize=4096)
def normalised_address(uri: str) -> str:
    """Write an address in the one form in which all are compared.

    Args:
        uri: An address as a manifest has it. What is no address comes back as it is.
    """
    try:
        parts = urlsplit(_of_arn(uri))
    except ValueError:
        return uri  # what cannot be taken apart is only equal to itself
    if not parts.scheme:
        return uri
    scheme = _SCHEMES.get(parts.scheme, parts.scheme)
    host, path = _host(parts, scheme), _path(parts, scheme)
    scheme, host, path = _in_store(scheme, host, path, parts.netloc.rpartition("@")[0])
    query = "&".join(one for one in parts.query.split("&") if one and not one.lower().startswith(_SIGNED))
    fragment = f"#{parts.fragment}" if parts.fragment and scheme != "https" else ""
    return f"{scheme}:{f'//{host}' if host else ''}{path}{f'?{query}' if query else ''}{fragment}"


def sought_in(address: str) -> str:
    """The part of a normalised address that stands in a file however its scheme and host are written.

    Args:
        address: As `normalised_address` gives it; a digest or a path stays as it is.
    """
    scheme, colon, rest = address.partition(":")
    if not colon or not rest.startswith("/"):
        return address
    whole = re.split("[?#]", rest.removeprefix("//"))[0]
    host, _, path = whole.partition("/")
    if scheme == "hf":
        return max(re.split("[@/]", whole), key=len)
    if host.endswith(".blob.core.windows.net"):
        path = path.partition("/")[2]  # the container may stand in front of the host
    return f"/{path}" if len(path) > 1 else host


def _of_arn(uri: str) -> str:
    return f"s3://{uri.removeprefix('arn:aws:s3:::')}" if uri.startswith("arn:aws:s3:::") else uri


def _host(parts: SplitResult, scheme: str) -> str:
    if scheme == "hf":
        return parts.netloc  # no host, but the first part of a name
    host, colon, port = parts.netloc.rpartition("@")[2].lower().partition(":")
    host = host.rstrip(".")
    return host if port in {"", _PORTS.get(scheme), "80" if parts.scheme == "http" else ""} else f"{host}{colon}{port}"


def _path(parts: SplitResult, scheme: str) -> str:
    path = re.sub(_ENCODED, _decoded, parts.path)
    if scheme not in _STORES:
        path = _without_detours(path)
    return path.rstrip("/")


def _decoded(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if re.fullmatch(_PLAIN, character) else match[0].upper()


def _without_detours(path: str) -> str:
    """Take `//`, `.` and `..` out, as servers do."""
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in {"", "."}:
            kept.append(part)
    return ("/" if path.startswith("/") else "") + "/".join(kept)


def _in_store(scheme: str, host: str, path: str, user: str) -> tuple[str, str, str]:
    """The store's own form of a web address that leads into it, as scheme, host and path."""
    if scheme in {"abfs", "abfss", "wasb", "wasbs"} and user:
        scheme, path = "https", f"/{user}{path}"
    if scheme == "hf":
        return scheme, *_of_hub(f"/{host}{path}")
    if scheme != "https":
        return scheme, host, path
    for store, pattern in (("s3", _S3_HOST), ("gs", _GOOGLE_HOST)):
        if found := re.fullmatch(pattern, host):
            bucket, _, key = path[1:].partition("/") if found["bucket"] is None else (found["bucket"], "", path[1:])
            return store, bucket, f"/{unquote(key)}" if key else ""
    if found := re.fullmatch(_AZURE_HOST, host):
        return scheme, f"{found['account']}.blob.core.windows.net", path
    if host in {"huggingface.co", "hf.co"} and (found := re.fullmatch(_HUGGING_FACE, path)):
        revision = f"@{found['revision']}" if found["revision"] else ""
        return "hf", *_of_hub(f"/{found['name']}{revision}{found['file'] or ''}")
    return scheme, host, path


def _of_hub(path: str) -> tuple[str, str]:
    """The name of a model on Hugging Face, and what follows it."""
    name = re.match(r"/(?:models/)?([^/@]+(?:/[^/@]+)?)", path)
    if name is None:
        return "", path
    return name[1], path[name.end() :]
