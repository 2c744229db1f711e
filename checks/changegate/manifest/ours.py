"""What says that it is ours, and what another reader of YAML or JSON could take for it.

The gate is one reader of several: what deploys a manifest may read YAML 1.1, fold the case of keys (as Go reads JSON),
take the last of two equal keys, follow merges, or take a list apart. A file that any of them could take for a manifest
is one to this gate, too, and what it cannot read in it is a finding.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from changegate.manifest.document import Parsed

API = "changegate.dev"
KIND = "ModelRelease"
OTHER_KINDS = frozenset({"Config", "Teams", "Waivers", "FeatureContract", "Inventory"})
"""Kinds that are ours and are no releases; each has its own reader."""
_NEARLY = 0.8
"""So much of the name has to be ours: `changgate.dev` and `changegate.io` are, `models.acme.dev` is not."""
_LISTS = ("items", "objects")
"""Where other documents hold documents: every list of Kubernetes, and templates of OpenShift."""
# NOTE: texts, which `re` compiles when they are first used: most files need none of them.
_SAYS_IT_IS_OURS = rb"apiVersion[\"']?\s*:\s*(?:[!&]\S*+\s++)*+[\"']?changegate\.dev/"
_FOLD = rb"(?:\\\r?\n[ \t]*+)*+"
"""A line break that is escaped stands for nothing. Nothing here goes back: such a run may be as long as a file."""
_BINARY = rb"binary>?[\s\"'|>+-]++([A-Za-z0-9+/=]{8,200})"
_TEMPLATE = r"\{\{|\{%|\$\{|\$\(|<%"


def mentions(data: bytes) -> bool:
    """Whether a file has to be read: it names our API or our kind, or could, with escapes or in another encoding."""
    if API.encode() in data or KIND.encode() in data or b"\\" in data or b"binary" in data:
        return True
    return b"\0" in data and any(name.encode() in _wide(data) for name in (API, KIND))


def _wide(data: bytes) -> bytes:
    """The bytes without what UTF-16 and UTF-32 put between letters."""
    return data.replace(b"\0", b"") if b"\0" in data else data


def _names_api(data: bytes) -> bool:
    text = _wide(data)
    if API.encode() in text or _spells_api(text):
        return True
    return b"binary" in text and any(API in decoded(one[1].decode("ascii")) for one in re.finditer(_BINARY, text))


def _spells_api(text: bytes) -> bool:
    """Whether a text has the name of our API with escapes: searched as it may be spelt, since a file may be large."""
    return b"\\" in text and re.search(_FOLD.join(map(_spelt, API)), text) is not None


def _spelt(letter: str) -> bytes:
    digits = "".join(f"[{one}{one.upper()}]" if one.isalpha() else one for one in f"{ord(letter):02x}")
    return rf"(?:{re.escape(letter)}|\\x{digits}|\\u00{digits}|\\U000000{digits})".encode()


def decoded(text: str) -> str:
    """What a scalar with the tag `!!binary` stands for, as readers of YAML 1.1 have it; itself where it is none."""
    import binascii

    try:
        return binascii.a2b_base64("".join(text.split())).decode("utf-8", "replace")
    except ValueError:
        return text


def says_it_is_ours(data: bytes) -> bool:
    """Whether the text of a file that cannot be read has an `apiVersion` of ours, or hides our name behind escapes."""
    text = _wide(data)
    if re.search(_SAYS_IT_IS_OURS, text, re.IGNORECASE) is not None:
        return True
    return API.encode() not in text and _spells_api(text)


def may_be_ours(data: bytes, parsed: Parsed) -> bool:
    """Whether a file that is not in order, and of which no document is ours, holds a manifest that was not seen.

    One that was not read to its end may, if it names the API at all. In one that was, a manifest can only hide where a
    key was refused: behind a second `apiVersion` or in a merge.
    """
    if not parsed.complete or not parsed.documents:
        return _names_api(data)
    return any(_is_shadow(key, value) for key, value in parsed.shadows)


def _is_shadow(key: Any, value: Any) -> bool:
    """Whether an entry that was refused would make its mapping one of ours to a reader who takes it."""
    merged = value if isinstance(value, list) else [value]
    found = merged if key == "<<" else [{key: value}] if isinstance(key, str) else []
    return any(_is_api(_named(one, "apiversion")) or KIND in texts(_named(one, "kind")) for one in found if one)


def claims(value: Any) -> bool:
    """Whether a document says that it, or one of those that it holds, is a release of ours.

    Args:
        value: The document.
    """
    return says(value) or any(map(says, _inside(value)))


def _inside(value: Any) -> Iterator[Any]:
    """The documents that a document holds, as readers of Kubernetes take lists apart, by an explicit stack.

    A bare list is none of theirs: in it only what says its kind, too, is one.
    """
    bare = value if isinstance(value, list) else []
    stack = [value, *(one for one in bare if KIND in texts(_named(one, "kind")))]
    yield from stack[1:]
    while stack:
        node = stack.pop()
        held = [one for key in _LISTS for one in _listed(node, key)]
        yield from held
        stack.extend(held)


def _listed(node: Any, key: str) -> list[Any]:
    found = node.get(key) if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def says(value: Any) -> bool:
    """Whether a document says that it is ours, and no other kind of ours.

    One that is of our kind and of no API at all, or of one that is nearly ours, is meant to be: it is misspelt.
    """
    if not isinstance(value, dict):
        return False
    versions, kinds = _named(value, "apiversion"), _named(value, "kind")
    if any(map(_is_api, versions)):
        return not kinds or not all(isinstance(kind, str) and kind in OTHER_KINDS for kind in kinds)
    if KIND not in texts(kinds):
        return False
    return not versions or any(not isinstance(one, str) or _is_meant(one, kinds) for one in versions)


def _named(value: Any, name: str) -> list[Any]:
    """What stands under a key, also in another case, or behind what is a comment to other readers (`// "kind"`)."""
    if not isinstance(value, dict):
        return []
    return [one for key, one in value.items() if _is_key(key, name)]


def _is_key(key: str, name: str) -> bool:
    folded = key.casefold()
    return folded == name or (name in folded and re.search(rf"(?<![a-z./-]){name}(?![a-z./-])", folded) is not None)


def _is_meant(version: str, kinds: list[Any]) -> bool:
    """Whether an `apiVersion` beside our kind is ours but for a letter or two, or is only filled in later."""
    if KIND not in kinds:
        return False
    return _is_nearly_api(version) or re.search(_TEMPLATE, version) is not None


def _is_nearly_api(version: str) -> bool:
    """Whether an `apiVersion` is ours but for a letter or two. Only asked of our kind: it is slow, and a guess."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, version.partition("/")[0].casefold()[:100], API).ratio() > _NEARLY


def _is_api(version: Any) -> bool:
    """Whether an `apiVersion` is ours, also where it stands in a list or a mapping: such a one is a mistake to tell."""
    return any(text.partition("/")[0] == API for text in texts(version))


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included, by an explicit stack: depth is the author's to choose."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            stack.extend((*node, *node.values()))
        elif isinstance(node, list):
            stack.extend(node)
