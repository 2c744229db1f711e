"""The semantic diff of who may sign what: whose signature counts from then on loosens, whose does not tightens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.names import Change
from changegate.policy.strictness import Strict, Turn, turn_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from changegate.names import KeyPath
    from changegate.policy.signers import Signers

SIGNERS = ".changegate/signers.yaml"
_KINDS = {"keys": "key", "authorities": "authority", "keyless": "identity"}
_LISTS = {"builders": "builders", "parameters": "external parameters", "verifiers": "verifiers"}
_TIMES = {"validFrom": Strict.HIGHER, "validUntil": Strict.LOWER, "revokedAt": Strict.LOWER}


def signer_changes(before: Signers, after: Signers) -> Iterator[Change]:
    """Compare who may sign what at two revisions."""
    for name in sorted(before.said.keys() | after.said):
        yield from _signer(name, before.said.get(name, {}), after.said.get(name, {}))
    yield from _covers(before, after)
    if before.trust_root != after.trust_root:
        text = (
            f"the trust root of keyless signatures: {before.trust_root or 'none'} becomes {after.trust_root or 'none'}"
        )
        yield _change(("trustRoot",), before.trust_root or None, after.trust_root or None, Turn.MAY_LOOSEN, text)
    elif before.trust_root_text != after.trust_root_text:
        text = f"the trust root of keyless signatures, {after.trust_root}, is another: other signatures may count"
        yield _change(("trustRoot",), before.trust_root, after.trust_root, Turn.MAY_LOOSEN, text)


def _change(path: KeyPath, before: Any, after: Any, turn: Turn, text: str) -> Change:
    op = "added" if before is None else "removed" if after is None else "changed"
    return Change((SIGNERS, *path), op, before, after, "signers", turn.value, text)


def _signer(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for kind, word in _KINDS.items():
        was, becomes = ({one["name"]: one for one in side.get(kind, ())} for side in (before, after))
        for key in sorted(was.keys() | becomes):
            yield from _material(
                f"the {word} {key} of signer {name}", (name, kind, key), was.get(key), becomes.get(key)
            )
    for key, word in _LISTS.items():
        one, other = list(before.get(key, ())), list(after.get(key, ()))
        if one != other:
            text = f"the {word} that {name} may vouch for: {_listed(one)} becomes {_listed(other)}"
            yield _change(("signers", name, key), one or None, other or None, turn_of(Strict.FEWER, one, other), text)


def _material(
    what: str, path: tuple[str, str, str], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[Change]:
    where = ("signers", *path)
    if before is None or after is None:
        turn, said = (Turn.LOOSENS, "counts") if before is None else (Turn.TIGHTENS, "does not count any more")
        yield _change(where, before and path[2], after and path[2], turn, f"{what} {said}")
        return
    for key in sorted(before.keys() | after):
        one, other = before.get(key), after.get(key)
        if one != other:
            told = f"`{key}` becomes {other or 'nothing'}" if key in _TIMES else f"`{key}` is another"
            yield _change((*where, key), _plain(one), _plain(other), _turn(key, one, other), f"{what}: {told}")


def _turn(key: str, before: Any, after: Any) -> Turn:
    if key not in _TIMES:
        return Turn.MAY_LOOSEN
    if before is None or after is None:
        return Turn.TIGHTENS if before is None else Turn.LOOSENS
    return Turn.TIGHTENS if (after > before) is (_TIMES[key] is Strict.HIGHER) else Turn.LOOSENS


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else ", ".join(map(str, value))


def _covers(before: Signers, after: Signers) -> Iterator[Change]:
    was, becomes = ({_whom(one.said): one for one in side.covers} for side in (before, after))
    for key in sorted(was.keys() | becomes):
        one, other = was.get(key), becomes.get(key)
        if one == other:
            continue
        whom = _told(json.loads(key))
        if one is None or other is None:
            turn, said = (Turn.TIGHTENS, "has to be signed") if one is None else (Turn.LOOSENS, "need not be signed")
            told = other or one
            text = f"{whom} {said}, {_needs(told.said) if told else ''}"
        else:
            turn = _covered(one.said, other.said)
            text = f"{whom} has to be signed {_needs(other.said)}, not {_needs(one.said)}"
        yield _change(("covers", key), one and _needs(one.said), other and _needs(other.said), turn, text)


def _covered(before: Mapping[str, Any], after: Mapping[str, Any]) -> Turn:
    for key, way in (("anyOf", Strict.FEWER), ("allOf", Strict.MORE)):
        if key in before and key in after:
            return turn_of(way, before[key], after[key])
    return Turn.MAY_LOOSEN


def _whom(said: Mapping[str, Any]) -> str:
    """For which releases a cover is, as a key."""
    return json.dumps({key: said[key] for key in sorted(said) if key not in ("anyOf", "allOf")})


def _told(whom: Mapping[str, Any]) -> str:
    words = {"models": "model", "owners": "owner", "tiers": "tier", "predicateTypes": "type of statement"}
    parts = [f"{word} {_listed(whom[key])}" for key, word in words.items() if key in whom]
    return f"what is of {' and '.join(parts)}" if parts else "every release"


def _needs(said: Mapping[str, Any]) -> str:
    return f"by any of {_listed(said['anyOf'])}" if "anyOf" in said else f"by all of {_listed(said['allOf'])}"


def _listed(names: Any) -> str:
    shown = [f"`{one}`" for one in names]
    more = len(shown) - 5
    return ", ".join(shown[:5]) + (f" and {more} more" if more > 0 else "") if shown else "none"
