"""Policies that a server has already, from a bundle of ours: used as they are if they are exactly ours."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from changegate.errors import EngineError, PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from changegate.errors import ChangegateError
    from changegate.rego.bundle import Bundle, Module
    from changegate.rego.engines.embedded import Given
    from changegate.rego.engines.opa.client import Client
    from changegate.rego.engines.opa.faults import RefusedError

_ROOT = "changegate"
_LOAD = "load the bundle that `changegate policy bundle` writes, or leave --opa-bundle-revision out"


class ServedBundle:
    """The bundle of ours that a server has, at a revision."""

    def __init__(self, client: Client, bundle: Bundle, revision: str, beside: Iterable[Module] = ()) -> None:
        """Make sure that the server has these policies, and no others in their place.

        Args:
            client: Asks the server.
            bundle: The policies.
            revision: What the server's bundle says of itself.
            beside: Modules that may stand next to them, since they decide nothing.

        Raises:
            EngineError: It has not.
        """
        self._client, self._revision = client, revision
        self._name = self._found()
        self._compare(bundle, beside)

    def _found(self) -> str:
        """The name of the bundle on the server."""
        stated = self._client.data("system/bundles", "state its bundles")
        bundles = stated if isinstance(stated, dict) else {}
        seen = []
        for name, one in sorted(bundles.items()):
            manifest = one.get("manifest") if isinstance(one, dict) else None
            manifest = manifest if isinstance(manifest, dict) else {}
            if _owns(manifest.get("roots")):
                if manifest.get("revision") == self._revision:
                    return str(name)
                seen.append(str(manifest.get("revision") or "without one"))
        has = f"it has revision {', '.join(seen)}" if seen else "it has no bundle with the root `changegate`"
        raise self._refused(f"has no bundle of revision {self._revision}: {has}")

    def _compare(self, bundle: Bundle, beside: Iterable[Module]) -> None:
        """Compare texts: a revision is a word that anybody can write into a manifest."""
        theirs = Counter(_texts(self._client.policies()))
        ours = Counter(module.text for module in bundle.modules)
        if ours - theirs or theirs - ours - Counter(module.text for module in beside):
            told = f"other modules below `{_ROOT}` than this changegate"
            raise self._refused(f"has {told}, although its bundle says revision {self._revision}")

    def _refused(self, what: str) -> EngineError:
        return EngineError(f"the OPA server at {self._client.where} {what}", hint=_LOAD)

    # A place, as upload.py has it

    def path(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Where a rule is on the server: where its package says."""
        return parts

    def send(self) -> None:
        """It is there."""

    def several(self, rules: Sequence[tuple[str, ...]], given: Given) -> None:
        """Of ours, only the decision is asked."""

    def check(self, answer: dict[str, Any]) -> None:
        """Make sure that an answer was made by the bundle that was looked at: a server may take a new one at any time.

        Raises:
            EngineError: It was not, or does not say.
        """
        stated: Any = answer
        for key in ("provenance", "bundles", self._name, "revision"):
            stated = stated.get(key) if isinstance(stated, dict) else None
        if stated != self._revision:
            raise self._refused("took another bundle in the middle of the run: run again")

    def must_be_there(self) -> None:
        """Each answer says already by which bundle it was made."""

    def translated(self, refused: RefusedError, file: str) -> ChangegateError:
        """Say what OPA found in a policy; its ids are paths in the bundle, so the package says which file it is."""
        if not refused.faults:
            return refused
        fault = refused.faults[0]
        message = f"the policy cannot be evaluated: {fault.message[:300]}"
        named = fault.file.removeprefix(self._name).strip("/")
        return PolicyError(message, hint="mend the policy", file=named or file, line=fault.line)


def _owns(roots: Any) -> bool:
    return isinstance(roots, list) and _ROOT in [str(root).strip("/") for root in roots]


def _texts(policies: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The texts of all modules in our packages."""
    for one in policies:
        path = one.get("ast", {}).get("package", {}).get("path", [])
        if len(path) > 1 and path[1].get("value") == _ROOT:
            yield str(one.get("raw"))
