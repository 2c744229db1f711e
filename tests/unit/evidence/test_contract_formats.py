"""Contracts in the formats of other tools: files that these tools wrote, what is read of each, and what is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from changegate.evidence.contracts import read_contract
from changegate.evidence.dtypes import conversion
from changegate.evidence.files import EvidenceFiles
from changegate.evidence.sqltypes import sql_type
from support.trees import DictTree

FILES = Path(__file__).parent / "contracts"
INF = float("inf")


def read(data: bytes, path: str = "contract.yaml", **entry: Any) -> Any:
    stated = {"name": "transactions", "version": 1, "path": path, **entry}
    return read_contract(EvidenceFiles(DictTree({path: data}), None), stated, ("spec", "features", "contracts", 0))


def real(name: str, **entry: Any) -> Any:
    return read((FILES / name).read_bytes(), name, **entry)


def terms(report: Any) -> dict[str, dict[str, Any]]:
    assert report.status == "present", report.reason
    return {one.name: dict(one.terms) for one in report.value.features}


def types(report: Any) -> dict[str, str]:
    return {name: said["dtype"] for name, said in terms(report).items()}


def missing(report: Any) -> dict[str, Any]:
    """Of each feature whether it may be missing; nothing where that is not said."""
    return {name: said["nullable"] for name, said in terms(report).items() if "nullable" in said}


WRITTEN = {
    "odcs.yaml": "odcs",
    "feast_registry.json": "feast",
    "feast_definitions.py": "feast-definitions",
    "feast_view.yaml": "feast",
    "MLmodel": "mlflow-signature",
    "MLmodel-tensors": "mlflow-signature",
    "transactions.avsc": "avro",
    "json_schema.json": "json-schema",
    "dbt_manifest.json": "dbt-manifest",
    "pandera.yaml": "pandera",
    "transactions.onnx": "onnx",
    "packed.onnx": "onnx",
    "schema.pbtxt": "tfdv-schema",
}


def test_every_committed_file_is_looked_at() -> None:
    assert sorted(WRITTEN) == sorted(one.name for one in FILES.iterdir())


@pytest.mark.parametrize(("name", "expected"), WRITTEN.items())
def test_a_file_that_its_tool_wrote_is_told_by_its_shape_and_by_its_format(name: str, expected: str) -> None:
    by_shape, stated = real(name), real(name, format=expected)
    assert (by_shape.status, by_shape.value.format) == ("present", expected)
    assert stated.value == by_shape.value


def test_the_open_data_contract_standard() -> None:
    found = real("odcs.yaml")
    assert types(found) == {
        "account_id": "string", "amount": "float64", "merchant_category": "string", "txn_count": "int64",
        "visits": "integer", "is_foreign": "bool", "event_time": "datetime", "device": "json",
    }  # fmt: skip
    assert [name for name, may in missing(found).items() if may] == ["merchant_category", "is_foreign", "device"]
    assert terms(found)["amount"]["range"] == [0, 1000000]
    assert terms(found)["event_time"]["freshness"] == "4h"
    assert terms(found)["account_id"]["sensitivity"] == "restricted"
    assert (found.value.version, found.value.terms["compatibility"]) == ("1.1.0", "backward")
    assert found.value.features[1].at("dtype") == ("schema", 0, "properties", 1, "physicalType")


@pytest.mark.parametrize("name", ["feast_registry.json", "feast_view.yaml", "feast_definitions.py"])
def test_feast_says_nothing_of_missing_values(name: str) -> None:
    found = real(name)
    assert types(found) == {
        "amount": "float64", "merchant_category": "string", "txn_count": "int64", "visits": "int32",
        "is_foreign": "bool", "seen_at": "datetime", "history": "list",
    }  # fmt: skip
    assert missing(found) == {}
    assert terms(found)["amount"] == {"dtype": "float64", "unit": "EUR", "freshness": "1d"}
    assert (found.value.version, found.value.terms["owner"]) == (None, "payments-ml")
    assert found.value.terms["compatibility"] == "full"


def test_a_signature_of_mlflow_is_json_inside_a_text() -> None:
    found = real("MLmodel")
    assert types(found) == {
        "account_id": "string", "amount": "float64", "merchant_category": "string", "txn_count": "int64",
        "visits": "int32", "is_foreign": "bool", "event_time": "datetime", "photo": "binary", "history": "list",
        "device": "json",
    }  # fmt: skip
    assert [name for name, may in missing(found).items() if may] == ["merchant_category", "is_foreign"]
    assert [(one.name, one.terms["dtype"]) for one in found.value.outputs] == [("score", "float64")]
    tensors = real("MLmodel-tensors").value.features
    assert [(one.name, dict(one.terms)) for one in tensors] == [("float_input", {"dtype": "float32", "shape": [-1, 4]})]


def test_avro() -> None:
    found = real("transactions.avsc")
    assert types(found) == {
        "account_id": "string", "amount": "float64", "price": "decimal", "merchant_category": "string",
        "txn_count": "int64", "visits": "int32", "is_foreign": "bool", "event_time": "datetime", "device": "json",
        "either": "unknown",
    }  # fmt: skip
    assert [name for name, may in missing(found).items() if may] == ["is_foreign"]
    assert terms(found)["merchant_category"]["enum"] == ["FOOD", "FUEL"]
    assert found.value.names == ("Transaction", "com.acme.payments.Transaction")


def test_json_schema() -> None:
    found = real("json_schema.json")
    assert types(found) == {
        "account_id": "string", "amount": "number", "merchant_category": "string", "channel": "string",
        "txn_count": "integer", "visits": "integer", "is_foreign": "bool", "event_time": "datetime", "tags": "list",
        "either": "unknown",
    }  # fmt: skip
    assert [name for name, may in missing(found).items() if may] == ["is_foreign"]
    assert terms(found)["channel"]["enum"] == ["web", "shop"]
    assert found.value.features[3].at("enum") == ("$defs", "Channel", "enum")


def test_dbt() -> None:
    found = real("dbt_manifest.json")
    assert types(found)["price"] == "decimal"
    assert [name for name, may in missing(found).items() if not may] == ["account_id", "amount"]
    assert terms(found)["merchant_category"]["enum"] == ["food", "fuel"]
    assert terms(found)["amount"]["unit"] == "EUR"
    assert (found.value.version, found.value.terms["compatibility"]) == (2, "forward")
    assert real("dbt_manifest.json", object="transactions.v1").value.terms["deprecated"] == {"on": "2027-01-31"}
    assert "`scratch`" in real("dbt_manifest.json", object="scratch").reason


def test_pandera_leaves_out_its_defaults() -> None:
    found = real("pandera.yaml")
    assert missing(found) == {
        "account_id": False, "amount": False, "merchant_category": True, "txn_count": False, "visits": True,
        "is_foreign": False, "event_time": False, "channel": False,
    }  # fmt: skip
    assert (types(found)["visits"], types(found)["channel"]) == ("int32", "unknown")
    assert terms(found)["txn_count"]["range"] == [0, INF]
    assert terms(found)["amount"]["range"] == [0, 1000000]
    assert terms(found)["merchant_category"]["enum"] == ["food", "fuel"]


def test_onnx() -> None:
    found = real("transactions.onnx")
    assert types(found) == {
        "amount": "float64",
        "merchant_category": "string",
        "txn_count": "int64",
        "is_foreign": "bool",
    }
    assert missing(found) == {}
    assert terms(found)["merchant_category"]["shape"] == [-1, 1]
    assert (found.value.version, [one.name for one in found.value.outputs]) == (3, ["amount_out"])


def test_a_schema_of_tensorflow_data_validation() -> None:
    found = real("schema.pbtxt")
    assert types(found) == {
        "amount": "float32",
        "merchant_category": "string",
        "txn_count": "int64",
        "nickname": "string",
    }
    assert [name for name, may in missing(found).items() if may] == ["nickname"]
    assert terms(found)["merchant_category"]["enum"] == ["food", "fuel"]
    assert [one.line for one in found.value.features] == [1, 14, 28, 41]


# What is refused, with its place


BROKEN: list[tuple[str, bytes, str, dict[str, Any]]] = [
    ("odcs.yaml", b"kind: DataContract\napiVersion: v2.2.2\n", "version 3 is read", {"path": ["apiVersion"]}),
    (
        "odcs.yaml",
        b"kind: DataContract\napiVersion: v3.0.2\nschema: {}\n",
        "`schema` is a mapping",
        {"path": ["schema"]},
    ),
    (
        "odcs.yaml",
        b"kind: DataContract\napiVersion: v3.0.2\nschema: [{name: t, properties: [{name: a}, {name: a}]}]\n",
        "stands in it twice",
        {"path": ["schema", 0, "properties", 1, "name"]},
    ),
    (
        "feast.json",
        b'{"featureViews": [{"spec": {"name": "t", "features": [{"name": "a"}]}}]}',
        "`valueType` is missing",
        {},
    ),
    ("feast.json", b'{"featureViews": []}', "promises nothing", {}),
    (
        "feast.json",
        b'{"featureViews": [{"spec": {"name": "t", "ttl": "a day", "features": []}}]}',
        "`ttl` is no duration",
        {},
    ),
    ("MLmodel", b"flavors: {}\nmlflow_version: 3.17.2\n", "without a signature", {"path": []}),
    (
        "MLmodel",
        b'flavors: {}\nsignature:\n  inputs: \'[{"type": "long"\'\n',
        "no JSON",
        {"path": ["signature", "inputs"]},
    ),
    ("a.avsc", b'{"type": "record", "name": "t", "fields": {}}', "`fields` is a mapping", {"path": ["fields"]}),
    ("a.avsc", b'{"type": "record", "name": "t", "fields": []}', "no feature", {}),
    ("a.avsc", b'{"type": "record", "name": "t", "fields": [', "not valid JSON", {"line": 1}),
    ("a.json", b'{"$schema": "https://json-schema.org/draft/2020-12/schema"}', "`properties` is missing", {}),
    ("m.json", b'{"metadata": {"dbt_schema_version": "x"}, "nodes": {}}', "enforced contract", {"path": ["nodes"]}),
    ("p.yaml", b"schema_type: dataframe\ncolumns: [a]\n", "`columns` is a list", {"path": ["columns"]}),
    (
        "p.yaml",
        b"schema_type: dataframe\ncolumns:\n  a: {dtype: int8, in_range: {min_value: 0, max_value: 300}}\n",
        "int8 cannot hold all of the range",
        {"path": ["columns", "a", "in_range"]},
    ),
    ("m.onnx", b"\x08\x0a\x3a\xff\xff\x03", "breaks off", {"path": []}),
    ("m.onnx", b"PK\x03\x04", "known", {}),
    ("s.pbtxt", b'feature {\n  name: "a"\n', "breaks off", {"line": 2}),
    ("s.pbtxt", b"feature {\n  type: INT\n}\n", "no name", {"line": 1}),
    ("s.pbtxt", b"feature {" * 100, "too deep", {"line": 1}),
    (
        "f.py",
        b"from feast import FeatureView\nFeatureView(name='t', schema=fields())\n",
        "not written out",
        {"line": 2},
    ),
    ("f.py", b"from feast import FeatureView\nFeatureView(name='t'\n", "not valid Python", {}),
    (
        "f.py",
        b"from feast import FeatureView\nx = FeatureView(name=open('/etc/passwd'), schema=[])\n",
        "computed",
        {"line": 2},
    ),
    ("f.py", b"import feast\ndef f(): FeatureView(name='t', schema=[])\n", "no feature view", {}),
    ("f.py", b"# feast FeatureView(\nx = a" + b".b" * 30_000, "", {}),
    ("f.py", b"# feast FeatureView(\nx = " + b"-" * 90_000 + b"1", "", {}),
    ("f.py", b"# feast FeatureView(\nx = " + b"(" * 90_000, "", {}),
    ("f.py", b"# feast FeatureView(\nx = [" + b"[" * 90 + b"1" + b"]" * 91 + b"\n", "no feature view", {}),
    ("c.yaml", b"columns: [a]\n", "no format that is known", {"path": []}),
    ("c.yaml", b"id: x\nkind: DataProduct\n", "no format that is known", {"path": []}),
]


@pytest.mark.parametrize(("path", "data", "reason", "place"), BROKEN, ids=[f"{one[0]}-{one[2][:20]}" for one in BROKEN])
def test_what_cannot_be_right_is_refused_at_its_place(
    path: str, data: bytes, reason: str, place: dict[str, Any]
) -> None:
    found = read(data, path)
    assert found.status == "invalid"
    assert reason in found.reason
    at = found.place["at"]
    assert at["file"] == path
    assert {key: at.get(key) for key in place} == place


def test_a_stated_format_is_held_to() -> None:
    assert "has not the format `avro`" in real("odcs.yaml", format="avro").reason


def test_one_of_several_is_chosen_by_its_name_or_as_the_manifest_says() -> None:
    view = {"spec": {"features": [{"name": "amount", "valueType": "DOUBLE"}]}}
    views = [{"spec": {**view["spec"], "name": name}} for name in ("transactions", "merchants", "cards")]
    data = json.dumps({"featureViews": views}).encode()
    assert read(data, "r.json").value.names == ("transactions",)
    assert read(data, "r.json", object="cards").value.names == ("cards",)
    reason = read(data, "r.json", name="users").reason
    assert "it holds transactions, merchants, cards; the manifest asks for `users`: say which as `object`" in reason
    assert "asks for `users`" in read(data, "r.json", object="users").reason


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "r.json",
            '{"featureViews": [{"spec": {"name": "t", "tags": {"version": "7"}, '
            '"features": [{"name": "a", "valueType": "INT32"}]}}]}',
        ),
        (
            "f.py",
            "from feast import *\n"
            "FeatureView(name='t', tags={'version': '7'}, schema=[Field(name='a', dtype=Int32)])\n",
        ),
        ("p.yaml", 'schema_type: dataframe\nversion: 0.35.0\nmetadata: {version: "7"}\ncolumns: {a: {dtype: int32}}\n'),
        ("a.avsc", '{"type": "record", "name": "t", "version": "7", "fields": [{"name": "a", "type": "int"}]}'),
        ("s.json", '{"type": "object", "x-version": "7", "properties": {"a": {"type": "integer"}}}'),
    ],
)
def test_a_version_may_stand_where_a_format_is_free(path: str, text: str) -> None:
    assert read(text.encode(), path).value.version == "7"


def test_a_large_manifest_of_dbt_is_read() -> None:
    value = json.loads((FILES / "dbt_manifest.json").read_text())
    value["macros"] = {f"macro.dbt.{number}": {"macro_sql": "x" * 1000} for number in range(2000)}
    assert types(read(json.dumps(value).encode(), "manifest.json"))["amount"] == "float64"
    twice = json.dumps(value)[:-1] + ', "nodes": {}}'
    assert "a key stands twice" in read(twice.encode(), "manifest.json").reason
    deep = '{"a":' * 100_000 + " " * 1024 * 1024
    assert read(deep.encode(), "manifest.json").status == "invalid"


def test_references_in_a_circle_and_to_elsewhere_are_unknown() -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
        "properties": {
            "round": {"$ref": "#/$defs/a"},
            "far": {"$ref": "https://acme.example/x.json"},
            "no": {"$ref": "#/x"},
        },
    }
    assert set(types(read(json.dumps(schema).encode(), "s.json")).values()) == {"unknown"}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_part_of_a_file_never_ends_in_an_error(name: str) -> None:
    data = (FILES / name).read_bytes()
    for end in range(0, len(data), max(1, len(data) // 60)):
        assert read(data[:end], name).status in {"present", "invalid"}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_damaged_file_never_ends_in_an_error(name: str) -> None:
    data = bytearray((FILES / name).read_bytes())
    for number in range(200):
        mark = hashlib.sha256(f"{name} {number}".encode()).digest()
        damaged = bytearray(data)
        damaged[int.from_bytes(mark[:4]) % len(data)] = mark[4]
        assert read(bytes(damaged), name).status in {"present", "invalid"}


VALUES: list[Any] = [None, True, 0, -1, 1.5, "", "x", [], [[]], [{}], {}, {"a": []}, ["null"]]


@pytest.mark.parametrize("name", [one for one in WRITTEN if not one.endswith((".onnx", ".pbtxt", ".py"))])
def test_any_value_in_any_place_never_ends_in_an_error(name: str) -> None:
    value = yaml.load((FILES / name).read_text(), yaml.CSafeLoader)
    for path in list(_paths(value))[:400]:
        for other in VALUES:
            made = json.dumps(_put(value, path, other)).encode()
            assert read(made, name).status in {"present", "invalid"}


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Any:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from _paths(child, (*path, key))


def _put(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    key, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = _put(copy[key], tuple(rest), other) if rest else other
    return copy


# The lattice


@pytest.mark.parametrize(
    ("given", "read_as", "became"),
    [
        ("int32", "int64", "widening"),
        ("int64", "float64", "lossy"),
        ("int32", "float64", "widening"),
        ("integer", "int64", "unsized"),
        ("integer", "int8", "unsized"),
        ("integer", "float64", "lossy"),
        ("int64", "integer", "widening"),
        ("number", "float32", "unsized"),
        ("number", "int64", "incompatible"),
        ("float64", "number", "widening"),
        ("decimal", "float64", "lossy"),
        ("decimal", "int64", "incompatible"),
        ("text", "string", "unsized"),
        ("list", "embedding", "unsized"),
        ("list", "string", "incompatible"),
        ("time", "datetime", "incompatible"),
        ("unknown", "unknown", "unknown"),
        ("unknown", "float64", "unknown"),
        ("float64", "unknown", "unknown"),
    ],
)
def test_types_that_other_formats_leave_open(given: str, read_as: str, became: str) -> None:
    assert conversion(given, read_as) == became


@pytest.mark.parametrize(
    ("said", "dialect", "found"),
    [
        ("varchar(40)", "", "string"),
        ("DOUBLE PRECISION", "", "float64"),
        ("timestamp(3) with time zone", "", "datetime"),
        ("bigint unsigned", "mysql", "uint64"),
        ("integer[]", "postgres", "list"),
        ("int8", "postgres", "int64"),
        ("int8", "clickhouse", "int8"),
        ("int8", "", "integer"),
        ("float", "spark", "float32"),
        ("float", "snowflake", "float64"),
        ("float", "", "number"),
        ("int", "snowflake", "integer"),
        ("numeric(38, 0)", "snowflake", "decimal"),
        ("geography", "bigquery", "unknown"),
        ("'; drop table", "", "unknown"),
    ],
)
def test_types_of_sql(said: str, dialect: str, found: str) -> None:
    assert sql_type(said, dialect) == found
