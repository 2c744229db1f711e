"""Which artifacts of a release a report was made on: by digest, or for a model behind an API by its snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ANSWERING = ({"model", "adapter"}, {"base-model"})
"""The roles that a report must be made on: what was trained; where nothing was, the model that is used as it is."""


ARTIFACTS = ("the artifacts of this release", {"path": ["spec", "artifacts"]})
"""Where a report is looked at that was made on none of them."""


class Artifact(NamedTuple):
    """An artifact that decides what the release answers."""

    name: str
    place: int
    """Its 0-based place in `spec.artifacts`."""
    marks: frozenset[str]
    """What identifies its content: its digest, or `provider/model@snapshot`; empty where nothing does."""


def subjects(release: Mapping[str, Any]) -> tuple[Artifact, ...]:
    """The artifacts that reports have to be made on."""
    artifacts = release.get("spec", {}).get("artifacts", ())
    for roles in _ANSWERING:
        found = [(index, one) for index, one in enumerate(artifacts) if one.get("role") in roles]
        if found:
            return tuple(Artifact(str(one["name"]), index, _marks(one)) for index, one in found)
    return tuple(Artifact(str(one.get("name", "")), index, _marks(one)) for index, one in enumerate(artifacts))


def _marks(artifact: Mapping[str, Any]) -> frozenset[str]:
    marks = {str(artifact["digest"])} if "digest" in artifact else set()
    return frozenset(marks | _snapshot(artifact.get("hosted")))


def _snapshot(hosted: Any) -> set[str]:
    if not isinstance(hosted, dict) or "snapshot" not in hosted:
        return set()
    return {f"{hosted.get('provider')}/{hosted.get('model')}@{hosted['snapshot']}"}


def named(model: Any) -> frozenset[str]:
    """What a report's `model` says that it was made on."""
    if not isinstance(model, dict):
        return frozenset()
    hosted: Sequence[Any] = model.get("hosted", ())
    return frozenset(map(str, model.get("digests", ()))).union(*map(_snapshot, hosted))


def bound_to(model: Any, artifacts: Sequence[Artifact]) -> list[str]:
    """The names of the artifacts that a report was made on."""
    marks = named(model)
    return [one.name for one in artifacts if one.marks & marks]


def coverage(models: Sequence[Any], artifacts: Sequence[Artifact]) -> list[dict[str, Any]]:
    """Every artifact, and whether any of the reports was made on it."""
    marks = frozenset[str]().union(*map(named, models))
    return [
        {
            "name": one.name,
            "pinned": bool(one.marks),
            "bound": bool(one.marks & marks),
            "place": {"path": ["spec", "artifacts", one.place]},
        }
        for one in artifacts
    ]
