"""Signed approvals: small files that a person signs with an SSH key which teams.yaml lists, for hosts without reviews.

Each says what it is for: repository, request, approver, role, model, version, and the digest of everything that the
change is decided from. It is handed in from outside the checkout, and counts for exactly that.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from changegate.manifest.moments import moment
from changegate.names import same_login
from changegate.records import NamedTuple
from changegate.signing.sshsig import fault_of, read_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

NAMESPACE = "changegate-approval"
"""What a signature is for; one for anything else is none."""
MAXIMUM_BYTES = 64 * 1024
MOST_FILES = 200
CLOCKS_DIFFER_SECONDS = 300


class SignedApproval(NamedTuple):
    """One person's approval of one release, or of the control files of a change."""

    approver: str
    """The login, in lower case."""
    role: str
    model: str
    """The release's identity as it is shown; empty for control files."""
    version: str
    age: int
    """Seconds since it was signed."""


class Expected(NamedTuple):
    """What a signed approval has to be of, to count."""

    repository: str
    pull_request: int | None
    content: Callable[[], str]
    """The digest of what the change is decided from."""
    keys: Mapping[str, tuple[str, ...]]
    """Login, in lower case -> public keys, as the base has them."""
    now: int
    any_request: bool = False
    """Whether one for another pull request with the same content counts."""


class Counted(NamedTuple):
    """The signed approvals that count, and what is to be said of the others."""

    approvals: tuple[SignedApproval, ...] = ()
    notes: tuple[str, ...] = ()


def approval_text(approval: Mapping[str, Any]) -> str:
    """Write what is signed: one line of JSON, in order."""
    return json.dumps(approval, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def load_signed(paths: Iterable[Path], expected: Expected) -> Counted:
    """Read signed approvals from files and folders.

    One that does not hold costs the others nothing: it does not count, and a note says why.

    Args:
        paths: Files, and folders of files that end in `.json`; outside the checkout.
        expected: What they have to be of.
    """
    approvals, notes = [], []
    files = [file for path in paths for file in _files(path)]
    for file in files[:MOST_FILES]:
        found = _load(file, expected)
        if isinstance(found, str):
            notes.append(f"the signed approval {file.name[:100]} does not count: {found}")
        else:
            approvals.append(found)
    if len(files) > MOST_FILES:
        notes.append(f"of {len(files)} signed approvals only the first {MOST_FILES} were read")
    return Counted(tuple(approvals), tuple(notes))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    try:
        yield from sorted(file for file in path.iterdir() if file.suffix == ".json")
    except OSError:
        yield path  # reading it says why


def _load(file: Path, expected: Expected) -> SignedApproval | str:
    """Read and verify one file, or say why it does not count."""
    try:
        with file.open("rb") as stream:
            data = stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    value = _valid(data, "signed-approval")
    if isinstance(value, str):
        return value
    text: str = value["signed"]
    said = _valid(text.encode("utf-8", "surrogatepass"), "approval")
    if isinstance(said, str):
        return said
    return (
        _unproven(text, value["signature"], said, expected) or _otherwise(said, expected) or _approval(said, expected)
    )


def _valid(data: bytes, schema: str) -> dict[str, Any] | str:
    """The document of some bytes, or the first thing that is wrong with it."""
    from changegate.manifest.schema import compiled, validate

    value = _parsed(data, f"{schema}.json")
    if isinstance(value, str) or compiled(schema).is_valid(value):
        found: dict[str, Any] | str = value
        return found
    return validate(value, schema)[0].message


def _parsed(data: bytes, name: str) -> Any:
    """The one JSON document of some bytes, or what is wrong with them; a key stands once."""
    from changegate.manifest import parse

    if len(data) > MAXIMUM_BYTES:
        return "it is too large"
    parsed = parse(data, name)
    if parsed.faults:
        return f"line {parsed.faults[0].line}: {parsed.faults[0].message}"
    return parsed.documents[0].value


def _unproven(text: str, armored: str, said: Mapping[str, Any], expected: Expected) -> str:
    """Say why nobody can tell that the person whom it names has signed it; empty where that is proven."""
    keys = expected.keys.get(same_login(said["approver"]), ())
    if not keys:
        return f"teams.yaml lists no key of {said['approver']}"
    signature = read_signature(armored)
    if signature is None:
        return "its signature is none that `ssh-keygen -Y sign` makes"
    fault = fault_of(signature, text.encode("utf-8", "surrogatepass"), NAMESPACE, keys)
    return f"its signature is not believed: {fault}" if fault else ""


def _otherwise(said: Mapping[str, Any], expected: Expected) -> str:
    """Say what it is of, where that is something else; empty where it is of this change, now."""
    if same_login(said["repository"]) != same_login(expected.repository):
        return f"it is of the repository {said['repository'][:100]}"
    if said["pullRequest"] != expected.pull_request and not expected.any_request:
        return f"it is of another pull request ({said['pullRequest']}), and `approvals.signedForAnyRequest` is off"
    if wrong := _out_of_time(said, expected.now):
        return wrong
    is_same = said["content"] == expected.content()
    return "" if is_same else "something that is decided from has changed since it was signed"


def _out_of_time(said: Mapping[str, Any], now: int) -> str:
    signed, until = moment(said["signedAt"]), moment(said["until"])
    if signed is None or until is None:
        return "a time in it is none"
    if signed > now + CLOCKS_DIFFER_SECONDS:
        return f"it was signed in the future: {said['signedAt']}"
    return f"it held until {said['until']}" if until < now else ""


def _approval(said: Mapping[str, Any], expected: Expected) -> SignedApproval:
    age = max(0, expected.now - (moment(said["signedAt"]) or 0))
    return SignedApproval(same_login(said["approver"]), said["role"], said["model"], said["version"], age)
