"""Writes a waiver into `.changegate/waivers.yaml`, and leaves everything else of the file as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.errors import UsageError
from changegate.mend.splice import add_entry, change_entry
from changegate.names import Identity

if TYPE_CHECKING:
    from changegate.policy.waivers import BreakGlass, Waiver, Waivers

_HEAD = (
    "# yaml-language-server: $schema=https://changegate.dev/schemas/waivers.schema.json",
    "apiVersion: changegate.dev/v1",
    "kind: Waivers",
    "waivers: []",
)


def write_waiver(text: str, waiver: Waiver, known: Waivers, file: str) -> tuple[str, str]:
    """Put a waiver into the text of the file.

    Args:
        text: The file; empty where there is none.
        waiver: What is to stand in it.
        known: What stands in it.
        file: What errors call it.

    Returns:
        The text, and what was done in a few words. It is the same text where the waiver is there already.

    Raises:
        UsageError: The file has a form in which nothing can be written.
    """
    said = f"{waiver.rule} for {waiver.identity} is {waiver.text}"
    same = [index for index, one in enumerate(known.waivers) if one.key == waiver.key]
    if any(known.waivers[index].emergency != waiver.emergency for index in same):
        hint = "edit that entry by hand; who says that a follow-up is done writes `done` into it"
        raise UsageError(f"{file} has a waiver of {waiver.rule} for this release already, of another kind", hint=hint)
    if not same:
        return add_entry(_begun(text), "waivers", _entry(waiver), file), f"{said}"
    index = same[-1]
    before = known.waivers[index]
    if before == waiver:
        return text, f"it is there already: {said}"
    texts = {"reason": waiver.reason, "approvedBy": waiver.approved_by, "expires": waiver.expires.isoformat()}
    return change_entry(text, "waivers", index, texts, file), f"{said}; it was {known.waivers[index].text}"


def has_content(text: str) -> bool:
    """Whether a file holds more than comments."""
    lines = (line.strip() for line in text.splitlines())
    return any(line and not line.startswith("#") and line != "---" for line in lines)


def _begun(text: str) -> str:
    """The text with an empty list of waivers, where it holds nothing but comments."""
    if has_content(text):
        return text
    newline = "\r\n" if "\r\n" in text else "\n"
    above = text if not text or text.endswith("\n") else text + newline
    head = _HEAD if not text.strip() else _HEAD[1:]
    return above + newline.join(head) + newline


def _entry(waiver: Waiver) -> dict[str, Any]:
    usual = Identity.of({"name": waiver.identity.name})
    place = {
        key: value for key, value in waiver.identity._asdict().items() if key != "name" and value != getattr(usual, key)
    }
    return {
        "rule": waiver.rule,
        "model": waiver.identity.name,
        **place,
        "reason": waiver.reason,
        "approvedBy": waiver.approved_by,
        "expires": waiver.expires.isoformat(),
        **({} if waiver.emergency is None else {"breakGlass": _emergency(waiver.emergency)}),
    }


def _emergency(one: BreakGlass) -> dict[str, str]:
    return {"incident": one.incident, "onCall": one.role, "version": one.version, "followUp": one.follow_up}
