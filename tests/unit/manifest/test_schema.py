"""The schema: one library accepts, another explains, they agree, and an editor can show what every field means."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changegate.manifest import parse
from changegate.manifest.schema import ORIGIN, _explainer, _retrieve, _whole, compiled, load_schema, validate
from changegate.resources import SCHEMAS
from support.manifests import value

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = SCHEMAS.parent
MODELS = sorted((ROOT / "fixtures/gitops-repo/models").glob("*/manifest.yaml"))
MANIFESTS = [parse(path.read_bytes(), path.name).documents[0].value for path in MODELS]
NAMES = sorted(
    str(path.relative_to(SCHEMAS)).removesuffix(".json").removesuffix(".schema") for path in SCHEMAS.rglob("*.json")
)


def subschemas(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        yield path, schema
    for key, inner in schema.items() if isinstance(schema, dict) else enumerate(schema):
        if isinstance(inner, (dict, list)):
            yield from subschemas(inner, f"{path}/{key}")


def description(schema: dict[str, Any], root: dict[str, Any]) -> str:
    """The field's own words, or those of the definition that it refers to."""
    while "description" not in schema and schema.get("$ref", "").startswith("#/"):
        at: Any = root
        for key in schema["$ref"][2:].split("/"):
            at = at[key]
        schema = at
    return str(schema.get("description", ""))


@pytest.mark.parametrize("name", ["manifest", "feature-contract", "evaluation-report", "fairness-counts", "teams"])
def test_an_editor_can_say_what_every_field_means(name: str) -> None:
    root = load_schema(name)
    fields = [
        (f"{path}/{field}", schema)
        for path, parent in subschemas(root)
        for field, schema in (parent.get("properties") or {}).items()
        if isinstance(schema, dict)
    ]
    assert fields
    assert [path for path, schema in fields if not description(schema, root)] == []


def test_every_object_of_the_manifest_is_closed_but_those_with_names_of_the_authors_own() -> None:
    root = load_schema("manifest")
    open_ones = [
        path
        for path, schema in subschemas(root)
        if schema.get("type") == "object" and "required" not in path and schema.get("additionalProperties") is not False
    ]
    assert [path.rpartition("/")[2] for path in open_ones if not path.endswith("/if")] == [
        "labels", "annotations", "maximumLossRatio",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_valid_and_both_libraries_load_it(name: str) -> None:
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(load_schema(name))
    assert compiled(name).is_valid(None) == (not list(_explainer(name).iter_errors(None)))


@pytest.mark.parametrize("name", NAMES)
def test_a_pattern_matches_whole_texts_and_means_the_same_to_both_libraries(name: str) -> None:
    for path, schema in subschemas(load_schema(name)):
        pattern = schema.get("pattern")
        if isinstance(pattern, str):
            assert pattern.startswith("^"), path
            assert pattern.endswith("$"), path
            assert not re.search(r"\\[dwbDWB]", pattern), path  # each library has its own idea of Unicode
            outside = re.sub(r"\[[^]]*\]|\\.", "", pattern)
            assert not re.match(r"[^()]*\|", outside), path  # `^a|b$` is not whole


def test_a_dollar_does_not_accept_a_newline() -> None:
    assert _whole("^a$") == r"^a\Z"
    assert _whole(r"^a\$") == r"^a\$"
    manifest = value("apiVersion: changegate.dev/v1\nmetadata: {name: 'a\n\n'}")
    assert {fault.path for fault in validate(manifest, "manifest") if fault.code == "pattern"} == {("metadata", "name")}


@pytest.mark.parametrize("uri", ["https://example.org/a.json", "file:///etc/passwd", ORIGIN.replace("https", "http")])
def test_nothing_is_fetched(uri: str) -> None:
    with pytest.raises(LookupError, match="nothing is fetched"):
        _retrieve(uri)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=[path.parent.name for path in MODELS])
def test_a_valid_manifest_has_no_fault(manifest: Any) -> None:
    assert compiled("manifest").is_valid(manifest)
    assert validate(manifest, "manifest") == []
    assert list(_explainer("manifest").iter_errors(manifest)) == []


def test_accepting_a_manifest_loads_nothing_that_only_explaining_needs() -> None:
    code = (
        "import sys; from changegate.manifest import load_manifests; "
        "load_manifests(open(sys.argv[1], 'rb').read(), 'a.yaml').manifests[0]"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print(*sys.modules)", MODELS[0]], capture_output=True, text=True, check=True
    )
    assert "jsonschema_rs" in done.stdout.split()
    assert {"jsonschema", "referencing", "ruamel.yaml", "difflib"}.isdisjoint(done.stdout.split())


def test_a_fault_is_told_once_and_in_the_order_of_paths() -> None:
    manifest = copy.deepcopy(MANIFESTS[0])
    manifest["spec"]["slos"] = [{"name": 5}, *({"name": "a", "objective": number} for number in range(20))]
    faults = validate(manifest, "manifest")
    assert len(set(faults)) == len(faults)
    assert [fault.path[2] for fault in faults] == [0, 0, *range(1, 21)]


SCALARS = st.sampled_from(
    [None, True, False, 0, 1, -1, 1.0, 0.5, 2**53, 1e300, "", "a", "A b", "a\n", "\u0661", "30m", "sha256:" + "a" * 64,
     "2.4.0", "../x", "s3://x", "x" * 5000, "high", "10 letters", [], {}, [None], {"notApplicable": "no reason at all"}]
).map(copy.deepcopy)  # fmt: skip
KEYS = st.sampled_from(["name", "owner", "tier", "notApplicable", "path", "digest", "x", "", "Name", "nmae", "\n"])


def paths(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from paths(inner, (*path, key))


def damage(root: Any, path: tuple[str | int, ...], draw: Any) -> Any:
    """Change one node: take it out, put another value there, or spoil the one that is there."""
    if not path:
        return draw(SCALARS)
    parent = root
    for key in path[:-1]:
        parent = parent[key]
    old = parent[path[-1]]
    how = draw(st.sampled_from(["delete", "replace", "newline", "add", "twice"]))
    if how == "delete":
        del parent[path[-1]]
    elif how == "newline" and isinstance(old, str):
        parent[path[-1]] = old + draw(st.sampled_from(["\n", " ", "\r\n", "\u2028", "\0", "X"]))
    elif how == "add" and isinstance(old, dict):
        old[draw(KEYS)] = draw(SCALARS)
    elif how == "twice" and isinstance(old, list):
        old.extend(copy.deepcopy(old))
    else:
        parent[path[-1]] = draw(SCALARS)
    return root


@settings(max_examples=300)
@given(st.data())
def test_both_libraries_agree_on_nearly_valid_manifests(data: st.DataObject) -> None:
    manifest = copy.deepcopy(data.draw(st.sampled_from(MANIFESTS)))
    for _ in range(data.draw(st.integers(1, 2))):
        manifest = damage(manifest, data.draw(st.sampled_from(list(paths(manifest)))), data.draw)
    valid = compiled("manifest").is_valid(manifest)
    faults = validate(manifest, "manifest")
    assert valid == (not list(_explainer("manifest").iter_errors(manifest))) == (not faults)
    known = set(paths(manifest))
    for fault in faults:
        assert fault.code in {"unknown-field", "missing-field", "type", "enum", "pattern", "bound"}, fault
        assert fault.path in known or (fault.code == "missing-field" and fault.path[:-1] in known)
        assert len(fault.message) < 300
        assert fault.hint
        json.dumps([fault.message, fault.hint])
