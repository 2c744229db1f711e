"""Where own policies come from: the base's folder, what the command line names, bundle files that the base names.

Nothing is read from the change. A source is read whole, within bounds, and follows no link.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from changegate.errors import ConfigurationError, UsageError
from changegate.own_policies import folder
from changegate.own_policies.origin import PolicySource
from changegate.own_policies.where import OWN
from changegate.policy.control import locate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from changegate.names import KeyPath
    from changegate.own_policies.signature import Verification
    from changegate.own_policies.where import PolicyPlace
    from changegate.policy.settings import Config
    from changegate.workspace.tree import Content

CONFIG = ".changegate/config.yaml"
ARCHIVES = (".tar.gz", ".tgz")
LARGEST_ARCHIVE = 16 * 1024 * 1024
LARGEST_KEY = 64 * 1024


def sources(where: PolicyPlace, config: Config, named: tuple[Path, ...]) -> tuple[PolicySource, ...]:
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
    read_archive = (attempt() for _, attempt in attempts(where, config, named))
    return tuple(source for source in read_archive if source is not None)


def attempts(
    where: PolicyPlace, config: Config, named: tuple[Path, ...]
) -> Iterator[tuple[str, Callable[[], PolicySource | None]]]:
    """What reads each source, one after another, with its place; takes what `sources` takes."""
    if where.base is not None and not any(_is_own(path, where) for path in named):
        yield OWN, partial(folder.of_tree, where.base, OWN)
    for index, one in enumerate(config.bundles):
        yield one["path"], partial(_bundle, where, one, index)
    for index, file in enumerate(config.data_files):
        yield file, partial(_data, where, file, index)
    for path in named:
        yield str(path), partial(_named, path, where)


def _named(path: Path, where: PolicyPlace) -> PolicySource:
    found = _reached(path, where)
    if found.is_dir():
        return folder.of_folder(found, OWN if _is_own(path, where) else str(path))
    if not found.name.endswith(ARCHIVES):
        hint = "name a folder of .rego files, or an OPA bundle (.tar.gz)"
        raise UsageError(f"{path} is neither a folder nor a bundle file", hint=hint)
    data = folder.read_file(found, str(path), LARGEST_ARCHIVE)
    return _archive(data, str(path), None)


def _is_own(path: Path, where: PolicyPlace) -> bool:
    """Whether a named source is the checkout's own folder, which then stands in for the base's."""
    return where.root is not None and path.resolve() == where.root.resolve() / OWN


def _reached(path: Path, where: PolicyPlace) -> Path:
    """A named source, with links resolved; in CI outside the checkout: a change must not bring its own judge."""
    from changegate.files import outside

    return outside(path, None if where.is_local else where.root)


def _bundle(where: PolicyPlace, one: Mapping[str, Any], index: int) -> PolicySource:
    """A bundle file that the base's configuration names, as the entry with that index."""
    data = _at_base(where, one["path"], LARGEST_ARCHIVE, ("policies", "bundles", index, "path"))
    return _archive(data, one["path"], _verification(where, one, index))._replace(needs_rule=False)


def _data(where: PolicyPlace, file: str, index: int) -> PolicySource:
    """A data file that the base's configuration names, at the root of `data`, as conftest lays those of `--data`."""
    content = _at_base(where, file, folder.LARGEST_FILE, ("policies", "data", index))
    return PolicySource(file, (), folder.mapping(content, file), {(): file}, needs_rule=False)


def _verification(where: PolicyPlace, bundle: Mapping[str, Any], index: int) -> Verification | None:
    """What a bundle's signature is verified with, or None where no key is configured."""
    if "keyFile" not in bundle:
        return None
    from changegate.own_policies.signature import Verification

    given = {"algorithm": "algorithm", "scope": "scope", "keyId": "key_id"}
    options = {name: bundle[key] for key, name in given.items() if key in bundle}
    data = _at_base(where, bundle["keyFile"], LARGEST_KEY, ("policies", "bundles", index, "keyFile"))
    return Verification.of_file(data, bundle["keyFile"], **options)


def _at_base(where: PolicyPlace, path: str, limit: int, named_at: KeyPath) -> bytes:
    content: Content | None = where.base.read(path, limit) if where.base is not None else None
    if content is None or content.data is None:
        reason = content.reason if content is not None else "there is no base"
        line, column = locate(where.base, "config.yaml", named_at) or (None, None)
        hint = "a file that `policies` names is read at the base"
        raise ConfigurationError(reason, hint=hint, file=CONFIG, line=line, column=column)
    return content.data


def _archive(data: bytes, place: str, verification: Verification | None) -> PolicySource:
    from changegate.own_policies.archive import read_archive

    archive = read_archive(data, place, verification=verification)
    modules = tuple(one._replace(name=folder.module_name(one.name)) for one in archive.modules)
    return PolicySource(place, modules, archive.data, {(): place}, archive.roots, note=archive.note)
