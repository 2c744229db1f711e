"""Loading manifests: which documents are ours, what is wrong with one, and on which line."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from changegate.manifest import load_manifests
from changegate.manifest.ours import OTHER_KINDS
from changegate.names import Identity
from changegate.resources import SCHEMAS
from support.manifests import MINIMAL, edited, loaded, only, place, value

ROOT = SCHEMAS.parent
ARTIFACT = "    - name: model\n      role: model\n      uri: s3://models/example-model/0.1.0/model.safetensors\n"
URI = "      uri: s3://models/example-model/0.1.0/model.safetensors\n"


def test_the_research_manifest_of_the_readme_is_valid() -> None:
    readme = (ROOT / "README.md").read_text()
    block = readme.partition("A research model is fifteen lines:")[2].partition("```yaml\n")[2].partition("```")[0]
    assert block == MINIMAL
    assert block.count("\n") <= 15
    found = load_manifests(block.encode(), "a.yaml")
    assert (len(found.manifests), found.broken, found.faults, found.warnings) == (1, (), (), ())


@pytest.mark.parametrize("path", sorted((ROOT / "fixtures/gitops-repo/models").glob("*/manifest.yaml")), ids=str)
def test_the_manifests_of_the_example_repository_are_valid(path: Any) -> None:
    found = load_manifests(path.read_bytes(), path.name)
    assert (len(found.manifests), found.broken, found.faults, found.warnings) == (1, (), (), ())


def test_a_manifest_in_json_is_the_same_one() -> None:
    found = load_manifests(json.dumps(value(MINIMAL), indent=1).encode(), "models/a.json")
    assert found.manifests[0].value == loaded().manifests[0].value
    assert found.manifests[0].locate(("metadata", "name")) == (5, 11, 26, True)


def test_identity_and_rename() -> None:
    (plain,) = loaded().manifests
    assert plain.identity == Identity("production", "example-model", "main")
    assert plain.replaced is None
    more = "  owner: example-team\n  environment: staging\n  variant: challenger\n  replaces: old-name\n"
    (full,) = loaded(("  owner: example-team\n", more)).manifests
    assert full.identity == Identity("staging", "example-model", "challenger")
    assert full.replaced == Identity("staging", "old-name", "challenger")


WRONG = {
    "unknown field": (("owner: ", "onwer: "), ("unknown-field", 5, 3), "unknown field `onwer`", "mean `owner`?"),
    "unknown field in braces": (("{tier: low,", "{teir: low,"), ("unknown-field", 8, 10), "`teir`", "mean `tier`?"),
    "unknown mapping": (("  risk: ", "  rissk: {}\n  risk: "), ("unknown-field", 8, 3), "`rissk`", "mean `risk`?"),
    "unknown at the root": (("spec:", "status: {}\nspec:"), ("unknown-field", 6, 1), "`status`", "There is `apiV"),
    "misspelt by case": (("  risk: ", "  modelcard: a\n  risk: "), ("unknown-field", 8, 3), "", "mean `modelCard`?"),
    "missing field": (("  owner: example-team\n", ""), ("missing-field", 3, 1), "has no `owner`", "teams.yaml"),
    "no name": (("  name: example-model\n", ""), ("missing-field", 3, 1), "metadata has no `name`", "unique"),
    "empty": (("  version: 0.1.0\n", "  version:\n"), ("type", 7, 3), "this is empty", "version"),
    "a lost zero": (("0.1.0\n  risk", "2.10\n  risk"), ("type", 7, 12), "2.10 is read as 2.1", '`version: "2.10"`'),
    "a number": (("0.1.0\n  risk", "17\n  risk"), ("type", 7, 12), "must be a text, and this is a number (17)", '"17"'),
    "an octal": (("0.1.0\n  risk", "010\n  risk"), ("type", 7, 12), "010 is read as 10", '"010"'),
    "a boolean": (("owner: example-team", "owner: true"), ("type", 5, 10), "true or false (true)", '"true"'),
    "a text for a list": ((ARTIFACT, "      a\n"), ("type", 10, 7), "`artifacts` must be a list", "made of"),
    "a list for a mapping": (("{tier: low, exposure: research}", "[]"), ("type", 8, 3), "a mapping", "claims"),
    "no such word": (("tier: low", "tier: hgih"), ("enum", 8, 16), '`tier` cannot be "hgih"', "mean `tier: high`?"),
    "a pattern": (("example-team", "Example Team"), ("pattern", 5, 10), '"Example Team"', "`owner: example-team`"),
    "a bound": (("role: model", "role: model\n      sizeBytes: -1"), ("bound", 12, 18), "at least 0", "bytes"),
    "one of two": ((URI, ""), ("missing-field", 10, 7), "item 1 of `artifacts` has no `uri`", "`uri: s3://"),
    "in the other of two": ((URI, "      hosted: {provider: acme}\n"), ("missing-field", 12, 7), "no `model`", "name"),
    "another version": (("dev/v1", "dev/v2"), ("api-version", 1, 13), "dev/v2`", "apiVersion: changegate.dev/v1"),
    "another kind": (("ModelRelease", "ModelRelaese"), ("kind", 2, 7), "`ModelRelaese`", "kind: ModelRelease"),
    "no slash": (("dev/v1", "dev"), ("api-version", 1, 13), "`changegate.dev`", "apiVersion: changegate.dev/v1"),
    "a misspelt API": (("changegate.", "changgate."), ("api-version", 1, 13), "not know", "changegate.dev/v1"),
    "in capitals": (("changegate.", "ChangeGate."), ("api-version", 1, 13), "not know", "changegate.dev/v1"),
    "no API": (("apiVersion", "apiVersoin"), ("unknown-field", 1, 1), "`apiVersoin`", "mean `apiVersion`?"),
    "an API that is no text": (("changegate.dev/v1", "[changegate.dev/v1]"), ("enum", 1, 1), "cannot be", "dev/v1`"),
    "no kind": (("kind: ModelRelease\n", ""), ("kind", 1, 1), "no `kind`", "kind: ModelRelease"),
    "twice": (("kind: ModelRelease\n", "kind: ModelRelease\n" * 2), ("duplicate-key", 3, 1), "'kind'", "Keep one"),
    "a short reason": (("  risk: ", "  slos: {notApplicable: no}\n  risk: "), ("bound", 8, 25), "at least 10", "Why"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_where_and_what_to_do(name: str) -> None:
    edit, where, message, hint = WRONG[name]
    found = loaded(edit)
    fault = next(fault for fault in found.faults if place(fault) == where)
    assert message in fault.message
    assert hint in fault.hint
    assert found.manifests == ()
    assert found.is_manifest
    whose = None if name == "no name" else Identity("production", "example-model", "main")
    assert [broken.identity for broken in found.broken] == [whose]


def test_an_unknown_field_anywhere_is_placed_on_its_own_line() -> None:
    lines = (ROOT / "fixtures/gitops-repo/models/fraud-detector/manifest.yaml").read_text().splitlines()
    keys = [(number, match[1]) for number, line in enumerate(lines) if (match := re.match(r"( *)[a-zA-Z]+:", line))]
    assert len(keys) > 40
    for number, indentation in keys:
        text = "\n".join([*lines[:number], f"{indentation}zzz: [1]", *lines[number:]])
        fault = only(load_manifests(text.encode(), "a.yaml").faults)
        assert place(fault) == ("unknown-field", number + 1, len(indentation) + 1)


def test_a_fault_spans_the_word_that_is_wrong() -> None:
    unknown = loaded(("risk: {", "risk: {exposre: {deep: 1}, ")).faults[0]
    assert (unknown.column, unknown.end_column, unknown.path) == (10, 17, ("spec", "risk", "exposre"))
    wrong = only(loaded(("tier: low", "tier: hgih")).faults)
    assert (wrong.column, wrong.end_column, wrong.path) == (16, 20, ("spec", "risk", "tier"))


def test_faults_are_told_in_the_order_of_the_file() -> None:
    found = loaded(("owner: ", "onwer: "), ("tier: low", "tier: .inf, regulated: 1"), ("role: model", "role: x"))
    assert [place(fault) for fault in found.faults] == [
        ("missing-field", 3, 1),
        ("unknown-field", 5, 3),
        ("number", 8, 16),
        ("type", 8, 33),
        ("enum", 11, 13),
    ]


def test_a_place_in_json() -> None:
    text = json.dumps(value(edited(("owner: ", "onwer: "))), indent=2)
    assert [place(fault) for fault in load_manifests(text.encode(), "a.json").faults] == [
        ("missing-field", 4, 3),
        ("unknown-field", 6, 5),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("apiVersion: v1\nkind: ConfigMap\n", "another API"),
        ("apiVersion: example.org/v1\nkind: ModelRelease\n# changegate.dev/v1\n", "another API's kind"),
        ("kind: ModelRelease\nb: [", "unreadable, and does not name the API"),
        ("- apiVersion: changegate.dev/v1\n", "no mapping"),
        ("apiVersion: example.org/changegate.dev/v1\n", "another API"),
        ("metadata: {annotations: {changegate.dev/owner: a}}\n", "only named"),
        ("metadata: {annotations: {changegate.dev/owner: !reference [a]}, annotations: 1}\n", "faulty, only named"),
        ("{{ template }}\nb: [\n", "unreadable, and does not name it"),
        ('regex: "\\d+', "unreadable, with an escape, and does not name it"),
        ("just words", "no YAML mapping"),
    ],
)
def test_what_is_not_ours_is_left_alone(text: str, reason: str) -> None:
    found = load_manifests(text.encode(), "a.yaml")
    assert (found.is_manifest, found.entries, found.faults, found.warnings) == (False, (), (), ()), reason


@pytest.mark.parametrize("data", [b"\xff\xfea\x00", b"\x00\x01", b"\x89PNG\r\n\x1a\n\x00\\", b"\xff" * 100])
def test_bytes_that_do_not_name_it_are_left_alone(data: bytes) -> None:
    assert not load_manifests(data, "a.yaml").is_manifest


@pytest.mark.parametrize("kind", sorted(OTHER_KINDS))
def test_our_other_kinds_are_no_releases(kind: str) -> None:
    found = load_manifests(f"apiVersion: changegate.dev/v1\nkind: {kind}\n".encode(), "a.yaml")
    assert (found.is_manifest, found.faults) == (False, ())


@pytest.mark.parametrize("data", [b"", b" \n\n"])
def test_an_empty_file_says_so(data: bytes) -> None:
    found = load_manifests(data, "a.yaml")
    assert (found.is_manifest, found.problem) == (False, "empty")
    assert found.problem_reason


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_name_spelt_with_escapes_is_read(name: str) -> None:
    text = json.dumps(value(MINIMAL)).replace("changegate.dev", "\\u0063hangegate\\u002edev")
    assert len(load_manifests(text.encode(), name).manifests) == 1


def test_several_manifests_in_a_file() -> None:
    second = edited(("example-model\n", "second-model\n"), ("  risk:", "  rissk:"))
    config = "apiVersion: v1\nkind: ConfigMap\n"
    found = load_manifests("---\n".join([MINIMAL, config, second, MINIMAL]).encode(), "a.yaml")
    assert [manifest.identity.name for manifest in found.manifests] == ["example-model", "example-model"]
    assert [broken.identity and broken.identity.name for broken in found.broken] == ["second-model"]
    assert [place(fault) for fault in found.faults] == [("unknown-field", 24, 3)]
    assert [manifest.locate(("metadata", "name")).line for manifest in found.manifests] == [4, 33]
    assert len(found.entries) == 3


def test_what_was_not_read_may_be_a_manifest() -> None:
    found = load_manifests((MINIMAL + "---\n" + edited(("spec:", "spec: ["))).encode(), "a.yaml")
    assert [manifest.identity.name for manifest in found.manifests] == ["example-model"]
    assert [broken.identity for broken in found.broken] == [None]
    assert only(found.faults).code == "syntax"


@pytest.mark.parametrize(
    "front",
    [
        "a: 1\n---\n" * 256,
        "".join(f"a: {number}\n" for number in range(101)) + "---\n",
        "a: *unknown\n---\n",
        "a: [" + "0, " * 100_000 + "]\n---\n",
        "a: " + "[" * 65 + "]" * 65 + "\n---\n",
        "a: 'b\n---\n",
    ],
    ids=["documents", "faults", "alias", "nodes", "depth", "quote"],
)
def test_nothing_in_front_of_a_manifest_hides_it(front: str) -> None:
    found = load_manifests((front + MINIMAL).encode(), "a.yaml")
    assert found.is_manifest
    assert found.broken
    assert found.faults


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\n" + MINIMAL,
        "kind: Config\n" + MINIMAL,
        "<<: {apiVersion: changegate.dev/v1}\nkind: ModelRelease\n",
        '\'apiVersion\' : v1\n"apiVersion" : "changegate.dev/v1"\n',
        MINIMAL.replace("\n", "\u2028"),
        "# " + MINIMAL.replace("\n", "\n# "),
    ],
)
def test_a_manifest_cannot_hide_behind_what_is_refused(text: str) -> None:
    found = load_manifests(text.encode(), "a.yaml")
    assert found.is_manifest
    assert found.manifests == ()
    assert len(found.broken) == 1
    assert found.faults


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("{name: a, environment: b, variant: c}", Identity("b", "a", "c")),
        ("{name: a}", Identity("production", "a", "main")),
        ("{name: 5}", None),
        ("{name: a, variant: [b]}", None),
        ("{}", None),
        ("text", None),
    ],
)
def test_whose_a_broken_manifest_is(metadata: str, expected: Identity | None) -> None:
    text = f"apiVersion: changegate.dev/v1\nkind: ModelRelease\nmetadata: {metadata}\n"
    (broken,) = load_manifests(text.encode(), "a.yaml").broken
    assert broken.identity == expected
    assert broken.value["kind"] == "ModelRelease"


@pytest.mark.parametrize("more", ["", "apiversion: changegate.dev/v1\n", 'use: "\\x41"\n'])
def test_our_kind_of_no_api_is_meant_to_be_ours(more: str) -> None:
    found = load_manifests(f"kind: ModelRelease\n{more}".encode(), "a.yaml")
    assert "missing-field" in {fault.code for fault in found.faults}
    assert len(found.broken) == 1


def test_warnings_leave_a_manifest_valid() -> None:
    found = loaded(("  risk: ", "  intendedUse: off\n  risk: "))
    assert len(found.manifests) == 1
    assert place(only(found.warnings)) == ("ambiguous-scalar", 8, 16)
