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
