"""What a verdict becomes on a host: a status that merging can hang on, and one comment; a file a host."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from changegate.publish.host import Publisher

HOSTS = {"github": "publish_github", "gitlab": "publish_gitlab"}
"""Host -> the function of the module of that name that publishes there."""


def publisher(host: str) -> Publisher:
    """The one of a host, by its name in `HOSTS`."""
    found: Any = getattr(import_module(f"changegate.publish.{host}"), HOSTS[host])
    publish: Publisher = found
    return publish
