"""Kubernetes YAML with the same bytes every time, and names that Kubernetes takes.

Other readers of the chain resolve plain scalars by other rules (`1e3`, `no`, `012`), so a text is only left plain where
no reader could take it for anything else.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# NOTE: texts, which `re` compiles when they are first used: few runs need them, and compiling takes start-up.
_PLAIN = r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*"
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_DNS_LENGTH = 63
_HASH_LENGTH = 8


def dump(documents: Iterable[Any]) -> str:
    """Write documents, keys in their given order."""
    import yaml

    return yaml.dump_all(
        documents, Dumper=_dumper(), sort_keys=False, default_flow_style=False, width=4096, explicit_start=True
    )


@cache
def _dumper() -> Any:
    import yaml

    class Dumper(yaml.SafeDumper):
        """No aliases, and every text quoted that is not a plain word."""

        def ignore_aliases(self, _data: Any) -> bool:
            return True

    def text(dumper: Any, value: str) -> Any:
        plain = re.fullmatch(_PLAIN, value) is not None and value.lower() not in _WORDS
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else "'")

    Dumper.add_representer(str, text)
    return Dumper


def dns_name(*parts: str) -> str:
    """Join parts to a DNS label; what had to be changed or cut gets a hash, so that two names stay two."""
    wanted = "-".join(parts)
    name = re.sub(r"[^a-z0-9-]", "-", wanted.lower()).strip("-") or "model"
    if name[0].isdigit():
        name = "m-" + name
    if name == wanted and len(name) <= _DNS_LENGTH:
        return name
    return f"{name[: _DNS_LENGTH - _HASH_LENGTH - 1].rstrip('-')}-{_hash(wanted)}"


def label_value(text: str) -> str:
    """Make a text a label's value: at most 63 of letters, digits, `.`, `_` and `-`."""
    value = re.sub(r"[^A-Za-z0-9._-]", "-", text)[:_DNS_LENGTH].strip("._-")
    return value or "none"


def _hash(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
