"""Feature contracts as the real tools write them, for `tests/unit/evidence/contracts/`: run by hand, and committed.

`python tests/support/make_contracts.py [TOOL...]` makes an environment for each tool in a folder of its own, with the
versions below, one after the other (TFDV takes 2.5 GB), and lets the tool write its file there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = Path(__file__).parents[1] / "unit" / "evidence" / "contracts"

PINNED: dict[str, list[str]] = {
    "odcs": ["open-data-contract-standard==3.2.0"],
    "avro": ["avro==1.12.2"],
    "json_schema": ["pydantic==2.14.4"],
    "pandera": ["pandera[io,pandas]==0.35.0"],
    "onnx": ["onnx==1.23.2"],
    "dbt": ["dbt-core==1.11.16", "dbt-duckdb==1.11.1"],
    "mlflow": ["mlflow==3.17.2"],
    "feast": ["feast==0.67.0"],
    "tfdv": ["tensorflow-data-validation==1.16.1", "dill"],
}


def odcs(folder: Path) -> None:
    from open_data_contract_standard.model import (
        CustomProperty,
        OpenDataContractStandard,
        SchemaObject,
        SchemaProperty,
        ServiceLevelAgreementProperty,
        Team,
    )

    columns = [
        SchemaProperty(name="account_id", logicalType="string", physicalType="varchar", required=True, unique=True,
                       primaryKey=True, classification="restricted"),
        SchemaProperty(name="amount", logicalType="number", physicalType="double", required=True,
                       logicalTypeOptions={"minimum": 0, "maximum": 1000000}),
        SchemaProperty(name="merchant_category", logicalType="string", physicalType="varchar(40)", required=False),
        SchemaProperty(name="txn_count", logicalType="integer", physicalType="bigint", required=True),
        SchemaProperty(name="visits", logicalType="integer", required=True),
        SchemaProperty(name="is_foreign", logicalType="boolean", required=False),
        SchemaProperty(name="event_time", logicalType="timestamp", physicalType="timestamp", required=True),
        SchemaProperty(name="device", logicalType="object", physicalType="struct<os:string>", required=False),
    ]  # fmt: skip
    contract = OpenDataContractStandard(
        apiVersion="v3.0.2",
        kind="DataContract",
        id="53581432-6c55-4ba2-a65f-72344a91553a",
        name="transactions",
        version="1.1.0",
        status="active",
        domain="payments",
        team=Team(name="payments-ml"),
        schema=[SchemaObject(name="transactions", physicalName="transactions_v1", logicalType="object",
                             physicalType="table", properties=columns)],
        slaProperties=[ServiceLevelAgreementProperty(property="latency", value=4, unit="h",
                                                     element="transactions.event_time"),
                       ServiceLevelAgreementProperty(property="retention", value=3, unit="y")],
        customProperties=[CustomProperty(property="compatibility", value="BACKWARD")],
    )  # fmt: skip
    (folder / "odcs.yaml").write_text(contract.to_yaml())


def avro(folder: Path) -> None:
    import avro.schema

    written = {
        "type": "record",
        "name": "Transaction",
        "namespace": "com.acme.payments",
        "doc": "One card transaction.",
        "fields": [
            {"name": "account_id", "type": "string"},
            {"name": "amount", "type": "double"},
            {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
            {"name": "merchant_category", "type": {"type": "enum", "name": "Category", "symbols": ["FOOD", "FUEL"]}},
            {"name": "txn_count", "type": "long"},
            {"name": "visits", "type": "int"},
            {"name": "is_foreign", "type": ["null", "boolean"], "default": None},
            {"name": "event_time", "type": {"type": "long", "logicalType": "timestamp-millis"}},
            {"name": "device", "type": {"type": "map", "values": "string"}},
            {"name": "either", "type": ["int", "string"]},
        ],
    }
    made = avro.schema.parse(json.dumps(written))
    (folder / "transactions.avsc").write_text(json.dumps(made.to_json(), indent=2) + "\n")


def json_schema(folder: Path) -> None:
    from datetime import datetime  # noqa: TC003  (pydantic looks at it)
    from enum import StrEnum
    from typing import Literal

    from pydantic import BaseModel, Field

    class Channel(StrEnum):
        web = "web"
        shop = "shop"

    class Transactions(BaseModel):
        account_id: str
        amount: float = Field(ge=0, le=1000000)
        merchant_category: Literal["food", "fuel"]
        channel: Channel
        txn_count: int
        visits: int = Field(ge=0, le=100)
        is_foreign: bool | None = None
        event_time: datetime
        tags: list[str]
        either: int | str

    (folder / "json_schema.json").write_text(json.dumps(Transactions.model_json_schema(), indent=2) + "\n")


def pandera(folder: Path) -> None:
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {
            "account_id": pa.Column(str, unique=True),
            "amount": pa.Column(float, pa.Check.in_range(0, 1000000), title="EUR"),
            "merchant_category": pa.Column(str, pa.Check.isin(["food", "fuel"]), nullable=True),
            "txn_count": pa.Column("int64", pa.Check.ge(0)),
            "visits": pa.Column("Int32", nullable=True, required=False),
            "is_foreign": pa.Column(bool),
            "event_time": pa.Column("datetime64[ns]"),
            "channel": pa.Column("category"),
        },
        name="transactions",
    )
    (folder / "pandera.yaml").write_text(schema.to_yaml())


def onnx(folder: Path) -> None:
    from onnx import TensorProto, checker, helper, save

    inputs = [
        helper.make_tensor_value_info("amount", TensorProto.DOUBLE, [None, 1]),
        helper.make_tensor_value_info("merchant_category", TensorProto.STRING, ["batch", 1]),
        helper.make_tensor_value_info("txn_count", TensorProto.INT64, [None, 1]),
        helper.make_tensor_value_info("is_foreign", TensorProto.BOOL, [None, 1]),
    ]
    outputs = [helper.make_tensor_value_info("amount_out", TensorProto.DOUBLE, [None, 1])]
    node = helper.make_node("Identity", ["amount"], ["amount_out"])
    weights = [helper.make_tensor("weights", TensorProto.FLOAT, [2], [0.5, 1.5])]
    graph = helper.make_graph([node], "transactions", inputs, outputs, initializer=weights)
    model = helper.make_model(graph, producer_name="acme", opset_imports=[helper.make_opsetid("", 21)])
    model.model_version = 3
    checker.check_model(model)
    save(model, str(folder / "transactions.onnx"))
    packed = helper.make_graph(
        [helper.make_node("Identity", ["float_input"], ["scores"])],
        "packed",
        [helper.make_tensor_value_info("float_input", TensorProto.FLOAT, [None, 4])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, 4])],
    )
    save(helper.make_model(packed, opset_imports=[helper.make_opsetid("", 21)]), str(folder / "packed.onnx"))


def dbt(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        (root / "models").mkdir()
        (root / "dbt_project.yml").write_text("name: shop\nversion: '1.0'\nprofile: shop\n")
        (root / "profiles.yml").write_text("shop: {target: dev, outputs: {dev: {type: duckdb, path: ':memory:'}}}\n")
        for name in ("transactions_v1", "transactions_v2", "scratch"):
            (root / "models" / f"{name}.sql").write_text("select 1 as amount")
        (root / "models" / "schema.yml").write_text(_DBT)
        command = [str(Path(sys.executable).parent / "dbt"), "--no-send-anonymous-usage-stats", "parse"]
        subprocess.run(command, cwd=root, check=True, env={**os.environ, "DBT_PROFILES_DIR": made})
        found = json.loads((root / "target" / "manifest.json").read_text())
    # NOTE: the file has 572 kB of macros; what no contract is made of is left out, and nothing is written anew.
    kept = {key: found[key] for key in ("metadata", "nodes", "sources")}
    kept["metadata"].pop("user_id", None)
    (folder / "dbt_manifest.json").write_text(json.dumps(kept, indent=1) + "\n")


_DBT = """\
version: 2
models:
  - name: transactions
    latest_version: 2
    group: payments
    config: {contract: {enforced: true}, meta: {owner: payments-ml, compatibility: FORWARD}}
    columns:
      - {name: account_id, data_type: varchar, constraints: [{type: not_null}, {type: primary_key}]}
      - {name: amount, data_type: double, constraints: [{type: not_null}], meta: {unit: EUR, sensitivity: personal}}
      - {name: price, data_type: "decimal(9,2)"}
      - name: merchant_category
        data_type: varchar
        data_tests: [{accepted_values: {arguments: {values: [food, fuel]}}}]
      - {name: txn_count, data_type: bigint}
      - {name: is_foreign, data_type: boolean}
      - {name: event_time, data_type: timestamp}
      - {name: device, data_type: "struct(os varchar)"}
    versions:
      - v: 1
        deprecation_date: 2027-01-31
      - v: 2
  - name: scratch
    columns: [{name: amount, data_type: double}]
groups: [{name: payments, owner: {name: payments-ml}}]
"""


def mlflow(folder: Path) -> None:
    import numpy as np
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema, TensorSpec
    from mlflow.types.schema import Array, Object, Property

    columns = Schema(
        [
            ColSpec(DataType.string, "account_id"),
            ColSpec(DataType.double, "amount"),
            ColSpec(DataType.string, "merchant_category", required=False),
            ColSpec(DataType.long, "txn_count"),
            ColSpec(DataType.integer, "visits"),
            ColSpec(DataType.boolean, "is_foreign", required=False),
            ColSpec(DataType.datetime, "event_time"),
            ColSpec(DataType.binary, "photo"),
            ColSpec(Array(DataType.float), "history"),
            ColSpec(Object([Property("os", DataType.string)]), "device"),
        ]
    )
    answers = Schema([ColSpec(DataType.double, "score")])
    signature = ModelSignature(columns, answers, ParamSchema([ParamSpec("threshold", DataType.double, 0.5)]))
    Model(artifact_path="model", run_id="7f3a14c1", signature=signature).save(str(folder / "MLmodel"))
    tensors = ModelSignature(
        Schema([TensorSpec(np.dtype("float32"), (-1, 4), "float_input")]),
        Schema([TensorSpec(np.dtype("float32"), (-1, 1))]),
    )
    Model(artifact_path="model", signature=tensors).save(str(folder / "MLmodel-tensors"))


def feast(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        (root / "feature_store.yaml").write_text(
            "project: shop\nprovider: local\nregistry: registry.db\nonline_store: {type: sqlite, path: online.db}\n"
        )
        (root / "definitions.py").write_text(_FEAST)
        program = str(Path(sys.executable).parent / "feast")
        calm = {**os.environ, "FEAST_USAGE": "False", "IS_TEST": "True"}
        subprocess.run([program, "apply"], cwd=root, check=True, env=calm)
        for name, words in (
            ("feast_registry.json", ["registry-dump"]),
            ("feast_view.yaml", ["feature-views", "describe", "transactions"]),
        ):
            done = subprocess.run([program, *words], cwd=root, check=True, env=calm, capture_output=True, text=True)
            (folder / name).write_text(done.stdout)
        (folder / "feast_definitions.py").write_text(_FEAST)


_FEAST = """\
from datetime import timedelta

import pandas as pd
from feast import Entity, FeatureService, FeatureView, Field, FileSource
from feast.types import Array, Bool, Float32, Float64, Int32, Int64, String, UnixTimestamp
from feast.value_type import ValueType

seen = pd.Timestamp("2026-10-01", tz="UTC")
pd.DataFrame({"account_id": ["a"], "event_time": [seen], "amount": [1.0]}).to_parquet("t.parquet")
source = FileSource(name="transactions_source", path="t.parquet", timestamp_field="event_time")
account = Entity(name="account", join_keys=["account_id"], value_type=ValueType.STRING)
transactions = FeatureView(
    name="transactions",
    entities=[account],
    ttl=timedelta(days=1),
    schema=[
        Field(name="amount", dtype=Float64, tags={"unit": "EUR"}),
        Field(name="merchant_category", dtype=String),
        Field(name="txn_count", dtype=Int64),
        Field(name="visits", dtype=Int32),
        Field(name="is_foreign", dtype=Bool),
        Field(name="seen_at", dtype=UnixTimestamp),
        Field(name="history", dtype=Array(Float32)),
    ],
    online=True,
    source=source,
    owner="payments-ml",
    tags={"compatibility": "FULL"},
)
service = FeatureService(name="fraud", features=[transactions])
"""


def tfdv(folder: Path) -> None:
    import pandas as pd
    import tensorflow_data_validation as checks

    rows = pd.DataFrame(
        {
            "amount": [1.5, 2.5, 3.5],
            "merchant_category": ["food", "fuel", "food"],
            "txn_count": [1, 2, 3],
            "nickname": ["a", None, None],
        }
    )
    schema = checks.infer_schema(checks.generate_statistics_from_dataframe(rows))
    checks.write_schema_text(schema, str(folder / "schema.pbtxt"))


WRITERS = {one.__name__: one for one in (odcs, avro, json_schema, pandera, onnx, dbt, mlflow, feast, tfdv)}


def make(tool: str) -> None:
    """Let one tool write its files, in an environment of its own."""
    with tempfile.TemporaryDirectory() as made:
        subprocess.run(["uv", "venv", "--quiet", "--python", "3.11", made], check=True)
        python = str(Path(made) / "bin" / "python")
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, *PINNED[tool]], check=True)
        write(tool, python)


def write(tool: str, python: str) -> None:
    """The same with an environment that is there."""
    FILES.mkdir(exist_ok=True)
    calm = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run([python, __file__, "--write", tool, str(FILES)], check=True, env=calm)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        WRITERS[sys.argv[2]](Path(sys.argv[3]))
    else:
        for wanted in sys.argv[1:] or PINNED:
            make(wanted)
