"""`changegate verify`: what was found out about a release's artifacts and where they come from, without a judgement."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from changegate.cli.repository import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HELP = """Show what was found out about the artifacts of MANIFEST, and what could not be.

Sizes and digests as stated and as found, what each file is by its bytes, whether a reference can move, and what was
read of signatures and attestations. These are facts: nothing is decided, and no threshold is looked at.
"""

_EPILOG = """
\b
Examples:
  changegate verify models/fraud-detector/manifest.yaml
  changegate verify models/fraud-detector/manifest.yaml -o json
  changegate verify models/fraud-detector/manifest.yaml --evidence handed-in/
"""

_PATH = click.Path(path_type=Path)


@click.command(help=_HELP, epilog=_EPILOG)
@click.argument("manifest", type=_PATH)
@DIRECTORY
@click.option("--base", metavar="REF", default="", help="What the change lands on. [default: as for check]")
@click.option("--head", metavar="REF", default="", help="The change. [default: the working tree]")
@click.option("--evidence", metavar="DIR", type=_PATH, help="Evidence, outside the checkout.")
@click.option("--now", metavar="TIME", help="The time to look at, RFC 3339. [default: the clock's]")
@click.option("-o", "--output", type=click.Choice(["table", "json"]), default="table", help="[default: table]")
def command(manifest: Path, directory: Path, output: str, **options: Any) -> int:
    """Find the facts and print them."""
    from changegate.errors import UsageError
    from changegate.escape import terminal
    from changegate.judging.documents import documents
    from changegate.request import request_of

    request = request_of(directory, paths=(manifest,), all=True, stage="local", **options)
    inputs = [one.input for one in documents(request, os.environ).subjects if one.subject.identity is not None]
    known = [verified_facts(one) for one in inputs if one is not None]
    if not known:
        hint = f"`changegate check --all {manifest}` says what is wrong with it"
        raise UsageError(f"there is no model manifest in {manifest} that can be read", hint=hint)
    text = json.dumps(known, indent=2, sort_keys=True) if output == "json" else "\n\n".join(map(_table, known))
    click.echo(text if output == "json" else "\n".join(terminal(line) for line in text.split("\n")))
    return 0


def verified_facts(document: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a release's artifacts and provenance, out of its input document."""
    identity = document["subject"]["identity"]
    facts, evidence = document["facts"], document["evidence"]
    return {
        "model": identity,
        "artifacts": facts["artifacts"]["artifacts"],
        "signature": evidence["provenance"]["signature"],
        "attestations": evidence["provenance"]["attestations"],
        "secrets": facts["secrets"]["found"],
    }


def _table(known: Mapping[str, Any]) -> str:
    lines = [f"{known['model']['name']}"]
    for artifact in known["artifacts"]:
        lines += [f"  {artifact['name']} ({artifact['role']})"]
        lines += [f"    {name:<11}{value}" for name, value in _rows(artifact)]
    for name in ("signature", "attestations"):
        lines.append(f"  {name}: {_status(known[name])}")
    return "\n".join([*lines, f"  secrets: {len(known['secrets']) or 'none'} found"])


def _rows(artifact: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    reference, scan = artifact["reference"], artifact.get("scan", {})
    yield "reference", f"{reference['text']} ({_fixed(artifact)})"
    if artifact["kind"] == "hosted":
        return
    stored = artifact.get("stored", {"status": "absent", "reason": "the artifact has no path in this repository"})
    yield "digest", _beside(artifact["digest"].get("value"), stored.get("digest"), stored)
    yield "size", _beside(artifact["size"].get("statedBytes"), stored.get("sizeBytes"), stored)
    yield "format", f"{', '.join(artifact['formats']) or 'not stated'}; by its bytes: {scan.get('kind', 'not known')}"
    yield "content", f"{scan['status']}: {scan['reason']}" if "reason" in scan else f"{scan['status']}, {scan['form']}"
    for hazard in scan.get("hazards", ()):
        yield "hazard", hazard["what"]


def _fixed(artifact: Mapping[str, Any]) -> str:
    """What keeps a reference from meaning something else tomorrow."""
    reference = artifact["reference"]
    if reference["pin"] == "none":
        return f"can move: {reference['reason']}"
    if reference["pin"] == "digest" and not artifact["digest"]["stated"]:
        return "can move: no digest is stated beside it"
    return f"fixed by its {reference['pin']}"


def _beside(stated: Any, found: Any, stored: Mapping[str, Any]) -> str:
    """What is stated, and what was found."""
    said = "nothing stated" if stated is None else str(stated)
    if found is None:
        return f"{said}; not found: {stored.get('reason', 'nothing is known')}"
    pointer = _POINTERS.get(stored.get("kind", ""))
    if stated != found:
        return f"{said}; FOUND {found}{f' in its {pointer}' if pointer else ''}"
    return f"{said}; {f'its {pointer} says the same, and nobody saw the bytes' if pointer else 'the same was found'}"


_POINTERS = {"git-lfs": "Git LFS pointer", "dvc": "DVC file", "dvc-folder": "DVC file"}
"""What stands for the bytes, and is somebody's word about them."""


def _status(evidence: Mapping[str, Any]) -> str:
    """What is known of a signature, or of all attestations, each for itself."""
    each = [f"{one['predicateType']}: {one['told']}" for one in evidence.get("files", ()) if "told" in one]
    told = evidence.get("told") or "; ".join(each) or evidence.get("reason") or "read, not verified"
    return f"{evidence['status']}, {told}"
