"""What is compared of releases to find those that are one model under two names, or that answer the same requests.

An identity is its author's choice. What a release is made of, where it answers and what depends on it are not so
easily chosen, and hold the risk tier of one release for the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from changegate.change.changeset import model_references, references, related
from changegate.evidence.risk import claims_of
from changegate.names import Identity
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from changegate.manifest import Manifest
    from changegate.policy.settings import Config

_DOORS = frozenset({"inferenceservice", "seldondeployment", "rollout", "canary", "deployment", "service"})
"""Kinds of resources that requests arrive at."""
_LEAST_SIZE = 4096
"""Artifacts of fewer bytes may well have the same size by chance."""


class Traits(NamedTuple):
    """A release by what is compared of it; small, since it goes through a pipe."""

    identity: Identity
    claims: Mapping[str, Any]
    """What it claims about risk; what it does not say is the worst."""
    models: frozenset[str]
    """What its answers come from, by digest, address and path."""
    mentioned: frozenset[str]
    """The same of every artifact that may be another release's model, whatever it is called here."""
    sizes: frozenset[tuple[int, str]]
    """The sizes of its models, each with the algorithm of its digest."""
    doors: frozenset[str]
    """Where requests arrive: its endpoint, and what is deployed for it."""
    routes: frozenset[str]
    """The names that it shares its traffic with by tier."""
    needs: frozenset[Identity]
    """What it depends on."""
    place: Mapping[str, Any]
    """Where it stands, as a related place of a finding."""

    @property
    def tier(self) -> str:
        """The risk tier that it claims; the highest where it claims none."""
        return str(self.claims["tier"])

    def is_as(self, old: Traits) -> bool:
        """Whether all that may hold another release's tier for this one is as it was before."""
        kept = ("claims", "models", "mentioned", "sizes", "doors", "routes")
        return all(getattr(self, one) == getattr(old, one) for one in kept)

    @classmethod
    def of(cls, manifest: Manifest, revision: str = "head") -> Traits:
        """Take over what is compared of a release."""
        spec = manifest.value["spec"]
        return cls(
            identity=manifest.identity,
            claims=claims_of(manifest.value)[0],
            models=frozenset(model_references(manifest)),
            mentioned=frozenset(_mentioned(spec["artifacts"])),
            sizes=frozenset(_sizes(spec)),
            doors=frozenset(_doors(manifest)),
            routes=frozenset(_routes(spec)),
            needs=frozenset(map(Identity.of, spec.get("dependsOn", ()))),
            place=related("the release that it looks like", manifest, ("metadata", "name"), revision),
        )


def _mentioned(artifacts: Sequence[Mapping[str, Any]]) -> set[str]:
    """A base model is another release's model only where there is nothing beside it that could answer."""
    own = [one for one in artifacts if one["role"] != "base-model"]
    is_bare = all(one["role"] == "tokenizer" for one in own)
    return references(artifacts if is_bare else own)


def _sizes(spec: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for one in spec["artifacts"]:
        if one["role"] in {"model", "adapter"} and one.get("sizeBytes", 0) >= _LEAST_SIZE and "digest" in one:
            yield one["sizeBytes"], one["digest"].partition(":")[0]


def _doors(manifest: Manifest) -> Iterator[str]:
    """What requests arrive at; a release that serves and names nothing answers under its own name."""
    serving = manifest.value["spec"].get("serving", {})
    named = [serving["endpoint"]] if "endpoint" in serving else []
    named += [one["name"] for one in serving.get("deploys", ()) if one["kind"].casefold() in _DOORS]
    if serving and not named and serving.get("platform") != "batch":
        named = [manifest.identity.name]
    yield from (re.sub(r"[^a-z0-9._-]", "", one.casefold()) for one in named)


def _routes(spec: Mapping[str, Any]) -> set[str]:
    return {one["model"] for one in spec.get("rollout", {}).get("tiers", ())}


def common_artifact(one: Traits, other: Traits) -> str:
    """What to call the artifact that two releases share; empty where they share none.

    A digest of another algorithm cannot be compared: there the size tells, to the byte.
    """
    if one.mentioned & other.models:
        return "an artifact"
    mine, theirs = dict(one.sizes), dict(other.sizes)
    if any(mine[size] != theirs[size] for size in mine.keys() & theirs.keys()):
        return "an artifact of the same size, with a digest of another algorithm"
    return ""


def risk_of(config: Config, manifest: Manifest) -> dict[str, Any]:
    """What the tier of a release follows from: its claims, and the base's inventory where it lists it."""
    listed = config.inventory(manifest.identity)
    found: dict[str, Any] = {"claims": claims_of(manifest.value)[0]}
    return {**found, "inventory": {"tier": listed["tier"]}} if listed else found
