"""Aequitas: a crosstab as JSON, with Python's NaN and with pandas' null, and as CSV; once with nobody selected."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import pandas as pd
from aequitas.bias import Bias
from aequitas.group import Group
from sample import people

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
table = pd.DataFrame(
    [
        {"score": one["said"], "label_value": one["truth"], "sex": one["sex"], "age_band": one["age_band"]}
        for one in people()
    ]
)
crosstab, _ = Group().get_crosstabs(table, attr_cols=["sex", "age_band"])
(out / "records.json").write_text(json.dumps(crosstab.to_dict("records"), default=int, indent=1) + "\n")
crosstab.to_csv(out / "crosstab.csv", index=False)
crosstab.to_csv(out / "crosstab_with_index.csv")
nobody = table.assign(
    score=[0 if sex == "female" else score for sex, score in zip(table["sex"], table["score"], strict=True)]
)
found, _ = Group().get_crosstabs(nobody, attr_cols=["sex"])
(out / "records_with_nan.json").write_text(json.dumps(found.to_dict("records"), default=int, indent=1) + "\n")
(out / "records_with_null.json").write_text(found.to_json(orient="records", indent=1) + "\n")
found.to_csv(out / "crosstab_with_nothing.csv", index=False)
disparities = Bias().get_disparity_min_metric(crosstab, original_df=table)
columns = ["attribute_name", "attribute_value", "pprev_disparity", "tpr_disparity", "fpr_disparity"]
(out / "oracle.json").write_text(json.dumps(disparities[columns].to_dict("records"), indent=1) + "\n")
