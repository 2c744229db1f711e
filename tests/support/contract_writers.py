"""One contract in every format that is read, as their tools would write it: for the table of changes and formats."""

from __future__ import annotations

import json
from typing import Any

import yaml

Feature = dict[str, Any]
"""`name`, `type` (int32, int64, float64, string), and what is said of `nullable`, `range`, `enum`, `unit`, `age`."""

_SQL = {"int32": "int", "int64": "bigint", "float64": "double", "string": "varchar"}
_MLFLOW = {"int32": "integer", "int64": "long", "float64": "double", "string": "string"}
_AVRO = {"int32": "int", "int64": "long", "float64": "double", "string": "string"}
_FEAST = {"int32": "INT32", "int64": "INT64", "float64": "DOUBLE", "string": "STRING"}
_JSON = {
    "int32": ("integer", "int32"),
    "int64": ("integer", "int64"),
    "float64": ("number", "double"),
    "string": ("string", ""),
}
_ONNX = {"int32": 6, "int64": 7, "float64": 11, "string": 8}
_TFDV = {"int32": "INT", "int64": "INT", "float64": "FLOAT", "string": "BYTES"}


def _ours(features: list[Feature]) -> bytes:
    terms = {"type": "dtype", "age": "freshness"}
    made = [{terms.get(key, key): value for key, value in one.items()} for one in features]
    head = {"apiVersion": "changegate.dev/v1", "kind": "FeatureContract", "name": "transactions", "version": 1}
    return yaml.safe_dump({**head, "features": made}).encode()


def _custom(one: Feature) -> list[dict[str, Any]]:
    said = {"unit": one.get("unit"), "freshness": one.get("age")}
    return [{"property": key, "value": value} for key, value in said.items() if value]


def _odcs(features: list[Feature]) -> bytes:
    columns = [
        {
            "name": one["name"],
            "physicalType": _SQL[one["type"]],
            "required": not one.get("nullable", False),
            **(
                {"logicalTypeOptions": dict(zip(("minimum", "maximum"), one["range"], strict=True))}
                if "range" in one
                else {}
            ),
            **({"quality": [{"rule": "invalidValues", "validValues": one["enum"]}]} if "enum" in one else {}),
            "customProperties": _custom(one),
        }
        for one in features
    ]
    head = {"apiVersion": "v3.0.2", "kind": "DataContract", "id": "x", "name": "transactions", "version": "1.0.0"}
    return yaml.safe_dump({**head, "status": "active", "schema": [{"name": "t", "properties": columns}]}).encode()


def _tags(one: Feature) -> dict[str, Any]:
    return {key: value for key, value in (("unit", one.get("unit")), ("freshness", one.get("age"))) if value}


def _feast(features: list[Feature]) -> bytes:
    made = [{"name": one["name"], "valueType": _FEAST[one["type"]], "tags": _tags(one)} for one in features]
    return json.dumps({"featureViews": [{"spec": {"name": "transactions", "features": made}}]}).encode()


def _feast_definitions(features: list[Feature]) -> bytes:
    named = {"int32": "Int32", "int64": "Int64", "float64": "Float64", "string": "String"}
    fields = "".join(
        f"Field(name={one['name']!r}, dtype={named[one['type']]}, tags={_tags(one)!r}), " for one in features
    )
    return (
        f"from feast import FeatureView, Field\nview = FeatureView(name='transactions', schema=[{fields}])\n".encode()
    )


def _mlflow(features: list[Feature]) -> bytes:
    made = [
        {"type": _MLFLOW[one["type"]], "name": one["name"], "required": not one.get("nullable", False)}
        for one in features
    ]
    return yaml.safe_dump({"flavors": {}, "signature": {"inputs": json.dumps(made)}}).encode()


def _avro_type(one: Feature) -> Any:
    plain: Any = _AVRO[one["type"]]
    if "enum" in one:
        plain = {"type": "enum", "name": f"{one['name']}_values", "symbols": one["enum"]}
    return ["null", plain] if one.get("nullable") else plain


def _avro(features: list[Feature]) -> bytes:
    made = [{"name": one["name"], "type": _avro_type(one), **_tags(one)} for one in features]
    return json.dumps({"type": "record", "name": "transactions", "fields": made}).encode()


def _property(one: Feature) -> dict[str, Any]:
    kind, form = _JSON[one["type"]]
    made: dict[str, Any] = {"type": [kind, "null"] if one.get("nullable") else kind}
    made |= {"format": form} if form else {}
    made |= dict(zip(("minimum", "maximum"), one["range"], strict=True)) if "range" in one else {}
    made |= {"enum": one["enum"]} if "enum" in one else {}
    return made | {f"x-{key}": value for key, value in _tags(one).items()}


def _json_schema(features: list[Feature]) -> bytes:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "transactions", "type": "object"}
    properties = {one["name"]: _property(one) for one in features}
    return json.dumps({**head, "properties": properties, "required": list(properties)}).encode()


def _dbt(features: list[Feature]) -> bytes:
    columns = {
        one["name"]: {
            "name": one["name"],
            "data_type": _SQL[one["type"]],
            "constraints": [] if one.get("nullable") else [{"type": "not_null"}],
            "meta": _tags(one),
        }
        for one in features
    }
    name = "model.shop.transactions"
    model = {"resource_type": "model", "name": "transactions", "contract": {"enforced": True}, "columns": columns}
    tests = {
        f"test.{one['name']}": {
            "test_metadata": {"name": "accepted_values", "kwargs": {"values": one["enum"]}},
            "attached_node": name,
            "column_name": one["name"],
        }
        for one in features
        if "enum" in one
    }
    return json.dumps({"metadata": {"dbt_schema_version": "v12"}, "nodes": {name: model, **tests}}).encode()


def _pandera(features: list[Feature]) -> bytes:
    columns = {
        one["name"]: {
            "dtype": {"string": "str"}.get(one["type"], one["type"]),
            **({"nullable": True} if one.get("nullable") else {}),
            **(
                {"in_range": dict(zip(("min_value", "max_value"), one["range"], strict=True))} if "range" in one else {}
            ),
            **({"isin": one["enum"]} if "enum" in one else {}),
            "metadata": _tags(one),
        }
        for one in features
    }
    return yaml.safe_dump({"schema_type": "dataframe", "columns": columns}, sort_keys=False).encode()


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def _onnx(features: list[Feature]) -> bytes:
    inputs = (
        _field(11, _field(1, one["name"].encode()) + _field(2, _field(1, bytes([8, _ONNX[one["type"]]]))))
        for one in features
    )
    return b"\x08\x0a" + _field(7, b"".join(inputs))


def _tfdv(features: list[Feature]) -> bytes:
    text = ""
    for one in features:
        domain = ""
        if "range" in one:
            kind = "int_domain" if "int" in one["type"] else "float_domain"
            domain = f"  {kind} {{ min: {one['range'][0]} max: {one['range'][1]} }}\n"
        if "enum" in one:
            domain += "  string_domain {" + "".join(f' value: "{value}"' for value in one["enum"]) + " }\n"
        share = "" if one.get("nullable") else "min_fraction: 1.0 "
        text += (
            f'feature {{\n  name: "{one["name"]}"\n  type: {_TFDV[one["type"]]}\n{domain}  presence {{ {share}}}\n}}\n'
        )
    return text.encode()


WRITERS = {
    "feature-contract": ("c.yaml", _ours),
    "odcs": ("c.yaml", _odcs),
    "feast": ("c.json", _feast),
    "feast-definitions": ("features.py", _feast_definitions),
    "mlflow-signature": ("MLmodel", _mlflow),
    "avro": ("c.avsc", _avro),
    "json-schema": ("c.json", _json_schema),
    "dbt-manifest": ("manifest.json", _dbt),
    "pandera": ("c.yaml", _pandera),
    "onnx": ("c.onnx", _onnx),
    "tfdv-schema": ("schema.pbtxt", _tfdv),
}
"""Format -> the name of a file of it, and what writes it."""
