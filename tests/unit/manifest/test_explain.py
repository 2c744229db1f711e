"""A hint mends: what it has between backticks is typed into the manifest, and the fault is gone, and no other comes.

Every field of every manifest of the fixtures is spoilt in the ways in which people spoil such a field.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

import pytest

from changegate.manifest import load_manifests, parse
from changegate.manifest.schema import validate
from changegate.policy.settings import defaults
from changegate.resources import SCHEMAS
from support.manifests import MINIMAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from changegate.manifest.explain import SchemaFault
    from changegate.names import KeyPath

MODELS = sorted((SCHEMAS.parent / "fixtures/gitops-repo/models").glob("*/manifest.yaml"))
MANIFESTS = {path.parent.name: parse(path.read_bytes(), path.name).documents[0].value for path in MODELS}

TEXTS: Sequence[Any] = (30, 2.5, True, None, [], {}, "", "A b", " x")
SPOILT: dict[type, Sequence[Any]] = {
    bool: ("yes", "no", "on", "Off", "y", "n", "true", 1, 0, "maybe", None, [], 2.5),
    int: ("300", "300ms", "3h", "30d", "5%", "2GiB", "1_000", "many", True, None, -1, 1e18, 2.5, []),
    float: ("0.5", "300ms", "5%", "many", True, None, -1, 1e18, []),
    list: ("x", {}, None, 5, []),
    dict: ("x", [], None, 5, True),
}
OF_TEXT = (
    str.upper,
    str.title,
    lambda text: f" {text} ",
    lambda text: f"/{text}",
    lambda text: f"./{text}",
    lambda text: text.replace("/", "\\"),
    lambda text: text[:-3],
    lambda text: f"{text}\n",
    lambda text: text.partition(":")[2],
    lambda text: text.replace("m", " minutes").replace("h", " hours"),
    lambda text: text.replace("T", " ").replace("Z", ""),
    lambda text: text.partition("T")[0],
)


def paths(node: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    yield path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from paths(inner, (*path, key))


def at(root: Any, path: KeyPath) -> Any:
    for key in path:
        root = root[key]
    return root


def put(root: Any, path: KeyPath, value: Any) -> Any:
    changed = copy.deepcopy(root)
    at(changed, path[:-1])[path[-1]] = value
    return changed


def spoilt(value: Any) -> Iterator[Any]:
    """What people write in the place of such a value."""
    if isinstance(value, str):
        yield from TEXTS
        yield from (change(value) for change in OF_TEXT)
    else:
        yield from SPOILT[type(value)]


def told(value: Any) -> list[SchemaFault]:
    return validate(value, "manifest")


def typed(fault: SchemaFault) -> Any:
    """What the hint says to type in the place of the value."""
    found = re.search(r"`([^`]+)`", fault.hint)
    assert found, fault
    read = parse(found[1].encode(), "typed.yaml")
    assert not read.faults, fault
    value = read.documents[0].value
    return value[fault.path[-1]] if isinstance(value, dict) and list(value) == [fault.path[-1]] else value


# A message says less than this of what nobody could guess: how a digest ends, how a long text is said shortly.
UNGUESSABLE = re.compile(r"Copy it whole|Let it have at (most|least)")


@pytest.mark.parametrize("name", ["fraud-detector"])
def test_what_a_hint_says_is_typed_and_mends(name: str) -> None:
    manifest, tried = MANIFESTS[name], 0
    for path in paths(manifest):
        if len(path) < 2 or path[:2] in {("metadata", "labels"), ("metadata", "annotations")} or 1 in path:
            continue  # of a list one item is enough
        for value in spoilt(at(manifest, path)):
            wrong = put(manifest, path, value)
            for fault in (one for one in told(wrong) if one.path == path):
                if UNGUESSABLE.match(fault.hint):
                    continue
                mended = put(wrong, path, typed(fault))
                assert told(mended) == [], (path, value, fault)
                tried += 1
    assert tried > 200


def test_every_sentence_of_a_hint_is_whole() -> None:
    manifest = MANIFESTS["support-chat"]
    for path in paths(manifest):
        for value in spoilt(at(manifest, path)) if path and 1 not in path else ():
            for fault in told(put(manifest, path, value)):
                assert re.fullmatch(r"[A-Z`].*[.?]", fault.hint, re.DOTALL), fault
                assert not re.search(r"  |, \.|\. \.", fault.message + fault.hint), fault
                assert len(fault.message) < 300


@pytest.mark.parametrize("name", ["fraud-detector", "support-chat"])
def test_a_key_that_is_missing_is_added_as_the_hint_says(name: str) -> None:
    manifest = MANIFESTS[name]
    for path in paths(manifest):
        if not path or not isinstance(path[-1], str):
            continue
        wrong = copy.deepcopy(manifest)
        del at(wrong, path[:-1])[path[-1]]
        for fault in (one for one in told(wrong) if one.code == "missing-field"):
            added = put(wrong, fault.path, typed(fault))
            assert fault.path not in {one.path for one in told(added)}, fault
            assert len(told(added)) < len(told(wrong)), fault


@pytest.mark.parametrize("name", ["fraud-detector", "voice-command"])
def test_a_key_in_the_wrong_place_is_told_where_it_belongs(name: str) -> None:
    """Every block of `spec` is put one level too deep and one level too high."""
    manifest, tried = MANIFESTS[name], 0
    blocks = [key for key, value in manifest["spec"].items() if isinstance(value, dict)]
    for block in blocks:
        for other in set(manifest["spec"]) - {block, "version", "artifacts"}:
            wrong = copy.deepcopy(manifest)
            wrong["spec"][block][other] = wrong["spec"].pop(other)
            fault = next((one for one in told(wrong) if one.path == ("spec", block, other)), None)
            if fault is not None and "`spec`" in fault.hint:
                assert fault.hint.startswith("It belongs under `spec`: move it there"), fault
                tried += 1
    assert tried > 5


@pytest.mark.parametrize(
    ("edit", "path", "hint"),
    [
        (("  slos:", "  rollout:\n    slos:"), ("spec", "rollout", "slos"), "It belongs under `spec`: move it there"),
        (("  slos:", "  tier: high\n  slos:"), ("spec", "tier"), "It belongs under `spec.risk`: move it there"),
        (("  slos:", "  weight: 5\n  slos:"), ("spec", "weight"), "It belongs into an item of `spec.rollout.steps`"),
        (("spec:", "version: 1.0.0\nspec:"), ("version",), "It belongs under `spec`: move it there"),
        (("  slos:", "  slso: []\n  slos:"), ("spec", "slso"), "Did you mean `slos`?"),
        (("  slos:", "  Slos: []\n  slos:"), ("spec", "Slos"), "Did you mean `slos`?"),
        (("  slos:", "  xyzzy: 1\n  slos:"), ("spec", "xyzzy"), "Take it out. There is `artifacts`, "),
    ],
)
def test_an_unknown_key(edit: tuple[str, str], path: KeyPath, hint: str) -> None:
    text = (MINIMAL + "  slos: []\n").replace(*edit)
    faults = load_manifests(text.encode(), "a.yaml").faults
    assert hint in next(fault.hint for fault in faults if fault.path == path)


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("bake: 30m", "bake: 30", "this is a number (30)", "Add a unit: `bake: 30m` is minutes"),
        ("bake: 30m", 'bake: "30"', '"30"', "Add a unit: `bake: 30m` is minutes"),
        ("bake: 30m", "bake: 30 min", '"30 min"', "`bake: 30m`"),
        ("bake: 30m", "bake: PT30M", '"PT30M"', "`bake: 30m`"),
        ("bake: 30m", "bake: 1 hour and 30 minutes", "malformed", "`bake: 1h30m`"),
        ("duration: 1h", "duration: 60", "this is a number (60)", "Add a unit: `duration: 60m`"),
        ("within: 20m", "within: 20", "this is a number (20)", "Add a unit: `within: 20m`"),
        ("window: 30d", "window: 30", "this is a number (30)", "`d` and `w`"),
        ("affectsUsers: true", "affectsUsers: yes", 'a text ("yes")', "Write `affectsUsers: true` without quotes"),
        ("affectsUsers: true", "affectsUsers: on", 'a text ("on")', "`affectsUsers: true`"),
        ("affectsUsers: true", "affectsUsers: off", 'a text ("off")', "`affectsUsers: false`"),
        ("affectsUsers: true", "affectsUsers: n", 'a text ("n")', "`affectsUsers: false`"),
        ("affectsUsers: true", 'affectsUsers: "true"', 'a text ("true")', "`affectsUsers: true` without quotes"),
        ("affectsUsers: true", "affectsUsers: 1", "a number (1)", "`affectsUsers: true`"),
        ("digest: sha256:0a", "digest: sha256:0A", "malformed", "Write it in lower case: `digest: sha256:0a"),
        ("00001b", "0000", '000000"', "Copy it whole; `sha256sum FILE`"),
        ("00001b", "0000", "a sha256 has 64 hex digits, and this has 62", "sha256sum"),
        ("00001b", "00001g", "'g' is no hex digit", "sha256sum"),
        ("00001b", "00001b0", "a sha256 has 64 hex digits, and this has 65", "sha256sum"),
        ("digest: sha256:", "digest: sha257:", "'sha257' is no algorithm that is known", "sha256sum"),
        ("digest: sha256:", "digest: ", "does not begin with an algorithm", "`digest: sha256:0a"),
        ("commit: 9fceb02", "commit: 1234e56", "a number (1.234e+59): 1234e56 is read as 1.234e+59", '"1234e56"`'),
        ("commit: 9fceb02", "commit: 0012345", "0012345 is read as 12345", 'Put it into quotes: `commit: "0012345"`'),
        ("commit: 9fceb02", "commit: 9FCEB02", "malformed", "Write it in lower case: `commit: 9fceb02`"),
        ("version: 2.4.0", "version: 2.10", "2.10 is read as 2.1", 'Put it into quotes: `version: "2.10"`'),
        ("version: 2.4.0", "version: 3", "this is a number (3)", 'Put it into quotes: `version: "3"`'),
        ("memory: 8Gi", "memory: 8", "this is a number (8)", "Add a unit: `memory: 8Gi`"),
        ("memory: 8Gi", "memory: 8GB", '"8GB"', "`memory: 8G`"),
        ('cpu: "4"', "cpu: 4", "this is a number (4)", 'Put it into quotes: `cpu: "4"`'),
        ("objective: 0.999", "objective: 99.9%", 'a text ("99.9%")', "Write the number alone: `objective: 0.999`"),
        (
            "objective: 0.999",
            "objective: 99.9",
            "less than 1, and this is 99.9",
            "more than 0 and less than 1, such as",
        ),
        ("weight: 5", "weight: 5%", 'a text ("5%")', "Write the number alone: `weight: 5`"),
        ("weight: 5", "weight: 150", "at most 100, and this is 150", "at least 0 and at most 100, such as `weight: 5`"),
        ("thresholdMs: 300", "thresholdMs: 300ms", 'a text ("300ms")', "Write the number alone: `thresholdMs: 300`"),
        ("thresholdMs: 300", "thresholdMs: 0.3s", 'a text ("0.3s")', "`thresholdMs: 300`"),
        ("sizeBytes: 1024", "sizeBytes: 46MiB", 'a text ("46MiB")', "such as `sizeBytes: 48210944`"),
        ("sizeBytes: 1024", "sizeBytes: 46Mi", 'a text ("46Mi")', "Write the number alone: `sizeBytes: 48234496`"),
        ("path: models/x", "path: ./models/x", "malformed", "`path: models/x`"),
        ("path: models/x", "path: /models//x", "malformed", "`path: models/x`"),
        ("path: models/x", "path: models\\x", "malformed", "`path: models/x`"),
        (
            "snapshotAt: 2026-10-01T00:00:00Z",
            "snapshotAt: 2026-10-01",
            "malformed",
            "`snapshotAt: 2026-10-01T00:00:00Z`",
        ),
        ("[sex, age_band]", "sex", 'a text ("sex")', "Write a list: `protectedAttributes: [sex]`"),
        ("{tier: high, affectsUsers: true}", "high", 'a text ("high")', "such as `risk: {tier: low}`"),
        ("tier: high", "tier: 3", "cannot be 3", "Write one of `low`, `medium`, `high`, `critical`"),
        ("name: x", "name: Fraud Detector", '"Fraud Detector"', "`name: fraud-detector`"),
        ("      uri: s3://x/y\n", "", "item 1 of `artifacts` has no `uri`", "Add `uri: s3://models/"),
    ],
)
def test_what_people_write_and_what_they_are_told(old: str, new: str, message: str, hint: str) -> None:
    assert RICH.count(old) >= 1
    assert load_manifests(RICH.encode(), "a.yaml").faults == ()
    (fault,) = load_manifests(RICH.replace(old, new, 1).encode(), "a.yaml").faults
    assert message in fault.message
    assert hint in fault.hint


RICH = f"""\
apiVersion: changegate.dev/v1
kind: ModelRelease
metadata:
  name: x
  owner: payments-ml
spec:
  version: 2.4.0
  risk: {{tier: high, affectsUsers: true}}
  artifacts:
    - name: model
      role: model
      uri: s3://x/y
      path: models/x
      sizeBytes: 1024
      digest: sha256:0a{"0" * 60}1b
  serving: {{platform: kubernetes, resources: {{cpu: "4", memory: 8Gi}}}}
  provenance:
    source: {{repository: https://github.com/acme/x, commit: 9fceb02}}
    trainingData: [{{name: t, snapshotAt: 2026-10-01T00:00:00Z}}]
  fairness:
    protectedAttributes: [sex, age_band]
    evidence: [{{path: models/x.json, digest: sha256:0a{"0" * 60}1b}}]
  rollout:
    strategy: canary
    steps: [{{weight: 5, bake: 30m}}, {{weight: 100}}]
    shadow: {{percent: 100, duration: 1h}}
    rollback: {{to: 2.3.1, within: 20m}}
  slos:
    - {{name: error-rate, objective: 0.999, window: 30d}}
    - {{name: latency-p95, thresholdMs: 300, objective: 0.95, window: 30d}}
"""


def test_a_file_of_json_is_told_json() -> None:
    text = '{"apiVersion": "changegate.dev/v1", "kind": "ModelRelease", "metadata": {"name": "x", "owner": "y"},'
    text += '"spec": {"version": 2.10, "artifacts": [{"name": "m", "role": "model", "uri": "s3://x/y"}]}}'
    (fault,) = load_manifests(text.encode(), "a.json").faults
    assert fault.hint == 'Put it into quotes: `"version": "2.10"`.'


@pytest.mark.parametrize("value", ["x", -1, None, True])
def test_a_setting_is_told_with_what_ships(value: Any) -> None:
    """Every threshold that ships, spoilt: the hint names the threshold as it ships, or what would fit."""
    shipped = {"settings": defaults()}
    base = {"apiVersion": "changegate.dev/v1", "kind": "Config", "settings": copy.deepcopy(defaults())}
    assert validate(base, "config") == []
    for path in paths(base["settings"]):
        if not path or any(isinstance(key, int) for key in path):
            continue
        wrong = put(base, ("settings", *path), value)
        for fault in (one for one in validate(wrong, "config", samples=shipped) if one.path == ("settings", *path)):
            assert re.fullmatch(r"[A-Z`].*[.?]", fault.hint, re.DOTALL), fault
            assert "Change it" not in fault.hint
            if fault.code in {"type", "bound"} and not UNGUESSABLE.match(fault.hint):
                assert validate(put(wrong, fault.path, typed(fault)), "config") == [], fault
