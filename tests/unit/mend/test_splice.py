"""An entry is added to a list of a YAML file in the form that the list has, and nothing else of the file changes."""

from __future__ import annotations

import difflib
from typing import Any

import pytest

from changegate.errors import UsageError
from changegate.manifest import parse
from changegate.mend.splice import add_entry, change_entry

ENTRY: dict[str, Any] = {"rule": "a/b", "reason": "it is: agreed # to", "expires": "2026-12-31"}
HEAD = "# ours\napiVersion: changegate.dev/v1   # fixed\nkind: Waivers\n"
FILES = {
    "block": HEAD + "waivers:\n  - rule: x\n    expires: 2026-01-01\n",
    "flush": HEAD + "waivers:\n- rule: x\n  expires: 2026-01-01\n",
    "four": HEAD + "waivers:\n    - rule: x\n      expires: 2026-01-01\n",
    "far": HEAD + "waivers:\n  -   rule: x\n      expires: 2026-01-01\n",
    "own line": HEAD + "waivers:\n  -\n    rule: x\n    expires: 2026-01-01\n",
    "comments": HEAD
    + "waivers:\n  # first\n  - rule: x  # why\n    # inside\n    expires: 2026-01-01  # end\n  # after\n",
    "more keys behind": "apiVersion: x\nwaivers:\n  - rule: x\n    y: z\n\n# about the kind\nkind: Waivers\n",
    "no line feed at the end": HEAD + "waivers:\n  - rule: x\n    expires: 2026-01-01",
    "folded": HEAD + "waivers:\n  - expires: 2026-01-01\n    reason: >-\n      it was\n      agreed\n",
    "literal": HEAD + "waivers:\n  - expires: 2026-01-01\n    reason: |\n      it was\n      agreed\n\nkeep: 1\n",
    "kept": HEAD + "waivers:\n  - expires: 2026-01-01\n    reason: |+\n      it was\n\n\nkeep: 1\n",
    "over lines": HEAD + "waivers:\n  - rule: x\n    reason: it was\n      agreed to\n",
    "flow items": HEAD + "waivers:\n  - {rule: x, expires: 2026-01-01}\n",
    "empty": HEAD + "waivers: []\n",
    "empty with a comment": HEAD + "waivers: [] # none yet\nmore: 1\n",
    "empty with space": HEAD + "waivers: [ ]\n",
    "empty over lines": HEAD + "waivers: [\n  # none yet\n]\n",
    "flow": HEAD + "waivers: [{rule: x}]\n",
    "flow over lines": HEAD + "waivers: [\n  {rule: x}, # why\n  {rule: y} # too\n]\n",
    "a comma at the end": HEAD + "waivers: [\n  {rule: x},\n]\n",
    "a comma on one line": HEAD + "waivers: [{rule: x},]\n",
    "JSON": '{"apiVersion": "x", "waivers": [{"rule": "x"}]}\n',
    "JSON, empty": '{"apiVersion": "x", "waivers": []}\n',
    "a document's start and end": "---\n" + HEAD + "waivers:\n  - rule: x\n...\n",
    "letters": HEAD + "waivers:\n  - rule: Größe 模型 😀\n    expires: 2026-01-01 # Größe\n# 模型\n",
    "an anchor": HEAD + "one: &one {rule: x}\nwaivers:\n  - *one\n",
    "nested": HEAD + "waivers:\n  - rule: x\n    more: {a: [b]}\n    deep:\n      deeper:\n        - 1\n",
}


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", FILES)
def test_an_entry_is_added_and_nothing_else_changes(name: str, ending: str) -> None:
    text = FILES[name].replace("\n", ending)
    made = add_entry(text, "waivers", ENTRY, "w.yaml")
    before, after = (parse(one.encode(), "w.yaml").documents[0].value for one in (text, made))
    assert after == {**before, "waivers": [*before["waivers"], ENTRY]}
    assert made.count("\n") == made.count(ending)
    lost = [one for one in difflib.ndiff(text.splitlines(), made.splitlines()) if one.startswith("- ")]
    assert len(lost) <= 1, lost
    assert [one for one in text.split("#")[1:] if one.split("\n")[0].strip() not in made] == []


def test_the_form_of_the_list_is_kept() -> None:
    added = add_entry(FILES["comments"], "waivers", ENTRY, "w.yaml").removeprefix(HEAD)
    assert added == (
        "waivers:\n  # first\n  - rule: x  # why\n    # inside\n    expires: 2026-01-01  # end\n"
        '  - rule: a/b\n    reason: "it is: agreed # to"\n    expires: 2026-12-31\n  # after\n'
    )
    assert add_entry(FILES["empty with a comment"], "waivers", {"rule": "a/b"}, "w.yaml").removeprefix(HEAD) == (
        "waivers: # none yet\n  - rule: a/b\nmore: 1\n"
    )
    assert add_entry(FILES["flow over lines"], "waivers", {"rule": "a/b"}, "w.yaml").removeprefix(HEAD) == (
        "waivers: [\n  {rule: x}, # why\n  {rule: y}, # too\n  {rule: a/b}\n]\n"
    )


def test_what_is_below_a_key_is_written_below_it() -> None:
    entry = {"rule": "a/b", "breakGlass": {"incident": "INC-1", "followUp": "look at it"}}
    made = add_entry(FILES["block"], "waivers", entry, "w.yaml")
    assert made.endswith("  - rule: a/b\n    breakGlass:\n      incident: INC-1\n      followUp: look at it\n")


@pytest.mark.parametrize(
    "text",
    ["yes", "on", "null", "~", "1e3", "0x1F", "12:30", "- a", "a: b", "a #b", "'x'", '"', "\\", "", " x ", "x\ny", "*a",
     "&a", "!t", "%", "@x", "`x`", "{a}", "[a]", "a, b", "Größe 模型 😀", "=", "<<", "\u2028", "\x07"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["block", "flow", "JSON"])
def test_any_text_is_read_back_as_it_is(name: str, text: str) -> None:
    made = add_entry(FILES[name], "waivers", {"rule": text}, "w.yaml")
    assert parse(made.encode(), "w.yaml").documents[0].value["waivers"][-1] == {"rule": text}


@pytest.mark.parametrize("text", [HEAD, HEAD + "waivers: 1\n", HEAD + "waivers:\n", HEAD + "waivers: {}\n"])
def test_where_there_is_no_list_nothing_is_made_up(text: str) -> None:
    with pytest.raises(UsageError):
        add_entry(text, "waivers", ENTRY, "w.yaml")


@pytest.mark.parametrize("name", ["comments", "flow", "folded", "JSON", "letters"])
def test_texts_of_an_entry_are_changed_and_nothing_else(name: str) -> None:
    text = FILES[name]
    key = next(iter(parse(text.encode(), "w.yaml").documents[0].value["waivers"][0]))
    made = change_entry(text, "waivers", 0, {key: "2027-01-01"}, "w.yaml")
    before, after = (parse(one.encode(), "w.yaml").documents[0].value for one in (text, made))
    before["waivers"][0][key] = "2027-01-01"
    assert after == before
