"""Where own policies come from: the base's folder, what the command line names, bundle files that the base names.

Nothing is read from the change. A source is read whole, within bounds, and follows no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import ConfigurationError, UsageError
from changegate.policy.own import folder
from changegate.policy.rules import OWN
from changegate.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from changegate.policy.bundle import Module
    from changegate.policy.own.signature import Verification
    from changegate.policy.rules import Where
    from changegate.policy.settings import Config
    from changegate.workspace.tree import Content

CONFIG = ".changegate/config.yaml"
ARCHIVES = (".tar.gz", ".tgz")
LARGEST_ARCHIVE = 16 * 1024 * 1024
LARGEST_KEY = 64 * 1024


class Source(NamedTuple):
    """The policies of one place."""

    place: str
    """As people know it: `.changegate/policies`, `../policies`, `shared.tar.gz`."""
    modules: tuple[Module, ...]
    """Named by their place and their path below it."""
    data: Mapping[str, Any]
    data_files: Mapping[tuple[str, ...], str] = {}
    """Where below `data` each data file is laid, and the file."""
    roots: tuple[str, ...] = ()
    """What an archive claims; empty for a folder, which claims what it holds."""
    needs_rule: bool = True
    """Whether it is an error that there is no rule in it."""
    note: str = ""
    """What a reader must know about it, such as a signature that nobody verified."""


def sources(where: Where, config: Config, named: tuple[Path, ...]) -> tuple[Source, ...]:
    """Read every source of own policies of a run.

    Args:
        where: The base, the checkout, whether this is a laptop.
        config: The base's, which may name bundle files.
        named: What the command line names: folders, and bundle files.

    Raises:
        UsageError: A named source does not exist, or lies in the checkout where a change could bring it.
        ConfigurationError: A bundle that the base's configuration names cannot be read.
        PolicyError: A source has a link, too many or too large files, or no policy.
    """
    found = [_named(path, where) for path in named]
    stands_in = any(one.place == OWN for one in found)
    at_base = folder.of_tree(where.base, OWN) if where.base is not None and not stands_in else None
    return (*([at_base] if at_base else []), *_bundles(where, config), *found)


def _named(path: Path, where: Where) -> Source:
    found = _reached(path, where)
    if found.is_dir():
        root = where.root.resolve() if where.root is not None else None
        own = root is not None and found == root / OWN
        return folder.of_folder(found, OWN if own else str(path))
    if not found.name.endswith(ARCHIVES):
        hint = "name a folder of .rego files, or an OPA bundle (.tar.gz)"
        raise UsageError(f"{path} is neither a folder nor a bundle file", hint=hint)
    data = folder.read_file(found, str(path), LARGEST_ARCHIVE)
    return _archive(data, str(path), None)


def _reached(path: Path, where: Where) -> Path:
    """A named source, with links resolved; in CI outside the checkout: a change must not bring its own judge."""
    from changegate.workspace.output import outside

    return outside(path, None if where.is_local else where.root)


def _bundles(where: Where, config: Config) -> Iterator[Source]:
    """The bundle files that the base's configuration names, in its order."""
    for one in config.bundles:
        data = _at_base(where, one["path"], LARGEST_ARCHIVE)
        yield _archive(data, one["path"], _verification(where, one))._replace(needs_rule=False)


def _verification(where: Where, bundle: Mapping[str, Any]) -> Verification | None:
    """What a bundle's signature is verified with, or None where no key is configured."""
    if "keyFile" not in bundle:
        return None
    from changegate.policy.own.signature import Verification

    given = {"algorithm": "algorithm", "scope": "scope", "keyId": "key_id"}
    options = {name: bundle[key] for key, name in given.items() if key in bundle}
    return Verification.of_file(_at_base(where, bundle["keyFile"], LARGEST_KEY), bundle["keyFile"], **options)


def _at_base(where: Where, path: str, limit: int) -> bytes:
    content: Content | None = where.base.read(path, limit) if where.base is not None else None
    if content is None or content.data is None:
        reason = content.reason if content is not None else "there is no base"
        raise ConfigurationError(reason, hint="a file that `policies.bundles` names is read at the base", file=CONFIG)
    return content.data


def _archive(data: bytes, place: str, verification: Verification | None) -> Source:
    from changegate.policy.own.archive import read

    archive = read(data, place, verification=verification)
    modules = tuple(one._replace(name=folder.module_name(one.name)) for one in archive.modules)
    return Source(place, modules, archive.data, {(): place}, archive.roots, note=archive.note)
