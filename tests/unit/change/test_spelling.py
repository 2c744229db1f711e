"""The look at the bytes may let a file through too often, and never too seldom: the loader decides on what it lets."""

from __future__ import annotations

import json
import random

import pytest

from changegate.change.spelling import may_hold
from changegate.manifest import load_manifests
from changegate.names import Identity

MODEL = Identity("production", "model", "main")
TOP = "apiVersion: changegate.dev/v1\nkind: ModelRelease\n"
SPEC = """spec:
  version: 1.0.0
  artifacts:
    - name: model
      role: model
      uri: s3://models/model.bin
"""


def holds(text: str, identity: Identity = MODEL, file: str = "models/a.yaml") -> bool:
    return any(one.identity == identity for one in load_manifests(text.encode(), file).manifests)


HELD = {
    "plain": TOP + "metadata:\n  name: model\n  owner: team\n" + SPEC,
    "after others": TOP + "metadata:\n  owner: team\n  name: model\n" + SPEC,
    "single quotes": TOP + "metadata:\n  owner: team\n  name: 'model'\n" + SPEC,
    "double quotes": TOP + 'metadata:\n  owner: team\n  name: "model"\n' + SPEC,
    "a quoted key": TOP + 'metadata:\n  owner: team\n  "name": model\n' + SPEC,
    "escapes": TOP + 'metadata:\n  owner: team\n  name: "m\\x6fdel"\n' + SPEC,
    "an escaped key": TOP + 'metadata:\n  owner: team\n  "n\\x61me": model\n' + SPEC,
    "an escaped line break": TOP + 'metadata:\n  owner: team\n  name: "mo\\\n    del"\n' + SPEC,
    "a comment": TOP + "metadata:\n  owner: team\n  name: model # mine\n" + SPEC,
    "a line of its own": TOP + "metadata:\n  owner: team\n  name:\n    model\n" + SPEC,
    "behind a comment": TOP + "metadata:\n  owner: team\n  name: # this\n    model\n" + SPEC,
    "a block scalar": TOP + "metadata:\n  owner: team\n  name: |-\n    model\n" + SPEC,
    "a folded scalar": TOP + "metadata:\n  owner: team\n  name: >-\n    model\n" + SPEC,
    "an anchor": TOP + "metadata:\n  owner: team\n  name: &a model\n" + SPEC,
    "an alias": TOP + "metadata:\n  owner: &a model\n  name: *a\n" + SPEC,
    "an explicit key": TOP + "metadata:\n  owner: team\n  ? name\n  : model\n" + SPEC,
    "an explicit key above": TOP + "? metadata\n: \n  owner: team\n  name: model\n" + SPEC,
    "flow": TOP + "metadata: {owner: team, name: model}\n" + SPEC,
    "flow over lines": TOP + "metadata: {\n  owner: team,\n  name: model\n}\n" + SPEC,
    "flow with the comma before": TOP + "metadata: {\n  owner: team\n  , name: model\n}\n" + SPEC,
    "flow with the value below": TOP + "metadata: {owner: team, name:\n  model}\n" + SPEC,
    "flow after a key of its own": TOP + "metadata: {owner: team,\n labels:\n  {},\n  name: model\n }\n" + SPEC,
    "flow after a lone comma": TOP + "metadata: {owner: team,\n labels:\n  {}\n  ,\n  name: model\n }\n" + SPEC,
    "flow after an anchor": TOP + "metadata: {owner: team,\n labels:\n  {x: y},\n  &k\n  name: model\n }\n" + SPEC,
    "flow after a question mark": TOP + "metadata: {owner: team,\n ?\n  name : model\n }\n" + SPEC,
    "below a collection that ends further left": TOP
    + "metadata:\n  owner: team\n  labels: {\nspec: x\n  }\n  name: model\n"
    + SPEC,
    "below a text that ends further left": TOP
    + 'metadata:\n  owner: team\n  labels: {a: "\nspec:\n  "}\n  name: model\n'
    + SPEC,
    "below a text with what looks like a comment": TOP
    + 'metadata:\n  owner: team\n  labels: {a: "\nspec:\n# "}\n  name: model\n'
    + SPEC,
    "in a text that looks like a comment": TOP
    + 'metadata: {owner: team, labels: {a: "b\n # b"}, name: model}\n'
    + SPEC,
    "further right": TOP + "metadata:\n        owner: team\n        name: model\n" + SPEC,
    "a quoted block": TOP + '"metadata":\n  owner: team\n  name: model\n' + SPEC,
    "a space before the colon": TOP + "metadata :\n  owner: team\n  name : model\n" + SPEC,
    "a comment between": TOP + "metadata:\n  owner: team\n # x\n  name: model\n" + SPEC,
    "a comment behind the block": TOP + "metadata: # x\n  name: model\n  owner: team\n" + SPEC,
    "tabs": TOP + "metadata:\n  owner: team\n  name:\tmodel\n" + SPEC,
    "Windows": (TOP + "metadata:\n  owner: team\n  name: model\n" + SPEC).replace("\n", "\r\n"),
    "old Macs": (TOP + "metadata:\n  owner: team\n  name: model\n" + SPEC).replace("\n", "\r"),
    "the last line": TOP + SPEC + "metadata:\n  owner: team\n  name: model",
    "a second document": "a: b\n---\n" + TOP + "metadata:\n  owner: team\n  name: model\n" + SPEC,
    "two variants said": TOP + "metadata:\n  owner: team\n  name: model\n  variant: main\n" + SPEC,
    "below long labels": TOP
    + "metadata:\n  owner: team\n  labels:\n"
    + "".join(f"    l{n}: x\n" for n in range(50))
    + "  name: model\n"
    + SPEC,
}


@pytest.mark.parametrize("text", HELD.values(), ids=HELD)
def test_no_spelling_of_a_name_is_overlooked(text: str) -> None:
    assert may_hold(text.encode(), [MODEL]) or not holds(text)


def test_few_of_the_spellings_are_refused_by_the_loader() -> None:
    assert sum(map(holds, HELD.values())) > len(HELD) * 3 / 4


@pytest.mark.parametrize("indent", [None, 2])
def test_json_is_not_overlooked(indent: int | None) -> None:
    spec = {"version": "1.0.0", "artifacts": [{"name": "x", "role": "model", "uri": "s3://m/m.bin"}]}
    release = {
        "apiVersion": "changegate.dev/v1",
        "kind": "ModelRelease",
        "metadata": {"owner": "team", "name": "model"},
        "spec": spec,
    }
    text = json.dumps(release, indent=indent)
    assert holds(text, file="models/a.json")
    assert may_hold(text.encode(), [MODEL])


OTHERS = {
    "an artifact": SPEC,
    "an artifact, its role first": "artifacts:\n  - role: model\n    name: model\n",
    "another key": "x: model\ny: 'model'\n",
    "items": "x:\n  - model\n  - 'model'\n",
    "a part of a word": "x: model-large\ny: a/model\nz: s3://m/model.bin\n",
    "in a text": "x: the model\ny: a model of things\n",
    "at the start of a text": "x: model of things\ny: 'model of things'\n",
    "another block": "spec:\n  labels:\n    name: model\n",
    "a key": "model: x\nmodel : x\n'model': x\ny: {model: x}\nmodel:\n",
    "not there": "x: y\n",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_surely_is_another_thing_is_not_opened(text: str) -> None:
    """Else the look at the bytes would be for nothing."""
    assert not may_hold((TOP + "metadata:\n  name: other\n" + text).encode(), [MODEL])


def test_an_environment_or_a_variant_that_is_not_there_needs_no_look() -> None:
    text = HELD["plain"].encode()
    assert not may_hold(text, [Identity("production", "model", "challenger")])
    assert not may_hold(text, [Identity("staging", "model", "main")])
    held = text.replace(b"  owner", b"  variant: challenger\n  owner")
    assert may_hold(held, [Identity("staging", "x", "main"), Identity("production", "model", "challenger")])
    assert may_hold(
        text.replace(b"  owner", b'  variant: "\\x63hallenger"\n  owner'), [MODEL._replace(variant="challenger")]
    )


NOISE = """labels:;labels: {;labels: {a: b,;};},;";';"};'};labels: {a: ";labels: {a: ';spec:;- x;- role: model;# x;# "
,;?;:;&a;a: b;annotations:;annotations: {;description: |-;x;a:;[;];a: >;owner: team,;owner: team;{;}};artifacts:
name: model: x;model:;model: x;- labels:;k: 'a;k: "a;name: x;environment: production;variant: main;variant:
labels: &m;- &m""".replace("\n", ";")
OPENED = (
    "metadata:",
    "metadata:\n  owner: team",
    "metadata:\n  owner: team\n  labels: {a: '",
    "metadata: {owner: team,",
    "metadata: {",
    "? metadata\n:",
)
NAMED = (
    *("name: model", "name: model", "name: 'model'", '"name": model', "name : model", "- name: model", "name: model,"),
    *("name:\n    model", ", name: model", "name: model }", "name: &z model", "name: model # c"),
)


def among_noise(chance: random.Random) -> str:
    """A manifest with a name, and around it whatever may hide from a reader of bytes in which block it stands."""
    noise = NOISE.split(";")

    def lines(most: int) -> str:
        return "".join(f"{' ' * chance.choice((0, 1, 2, 2, 2, 4))}{chance.choice(noise)}\n" for _ in range(most))

    owner = chance.choice(("", "  owner: team\n"))
    name = f"{' ' * chance.choice((0, 1, 2, 2, 2, 2, 4))}{chance.choice(NAMED)}\n"
    block = f"{chance.choice(OPENED)}\n{lines(chance.randint(0, 4))}{owner}{name}{lines(chance.randint(0, 2))}"
    spec = SPEC.replace("name: model", "name: x")
    return TOP + (block + spec if chance.random() < 0.5 else spec + block)


def test_no_release_among_noise_is_overlooked() -> None:
    """Wherever the loader finds the release, the look at the bytes lets it."""
    chance = random.Random(9)
    held = [text for text in (among_noise(chance) for _ in range(10_000)) if holds(text)]
    assert len(held) > 50
    assert [text for text in held if not may_hold(text.encode(), [MODEL])] == []
