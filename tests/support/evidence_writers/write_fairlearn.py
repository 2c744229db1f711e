"""Fairlearn: a MetricFrame by one feature and by two, in every form that pandas writes."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

from fairlearn.metrics import (
    MetricFrame,
    count,
    demographic_parity_difference,
    demographic_parity_ratio,
    equalized_odds_difference,
    false_positive_rate,
    selection_rate,
    true_positive_rate,
)
from sample import column, people
from sklearn.metrics import accuracy_score, mean_absolute_error

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
METRICS = {
    "count": count,
    "selection_rate": selection_rate,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "accuracy": accuracy_score,
}
truth, said = column("truth"), column("said")
one = MetricFrame(metrics=METRICS, y_true=truth, y_pred=said, sensitive_features={"sex": column("sex")})
for orient in ("dict", "list", "split", "tight", "records", "index"):
    value = one.by_group.to_dict(orient=orient)
    (out / f"to_dict_{orient}.json").write_text(json.dumps(value) + "\n")
for orient in ("split", "records", "index", "columns", "values", "table"):
    (out / f"to_json_{orient}.json").write_text(one.by_group.to_json(orient=orient) + "\n")
one.by_group.to_csv(out / "by_group.csv")
(out / "to_json_reset.json").write_text(one.by_group.reset_index().to_json(orient="records") + "\n")
some = [index for index, row in enumerate(people()) if not (row["sex"] == "male" and row["age_band"] == "55+")]
both = MetricFrame(
    metrics=METRICS,
    y_true=[truth[index] for index in some],
    y_pred=[said[index] for index in some],
    sensitive_features={name: [column(name)[index] for index in some] for name in ("sex", "age_band")},
)
for orient in ("split", "tight"):
    value = both.by_group.to_dict(orient=orient)
    (out / f"intersections_to_dict_{orient}.json").write_text(json.dumps(value) + "\n")
for orient in ("split", "index", "columns", "table"):
    (out / f"intersections_to_json_{orient}.json").write_text(both.by_group.to_json(orient=orient) + "\n")
both.by_group.to_csv(out / "intersections.csv")
errors = MetricFrame(
    metrics={"count": count, "mean_absolute_error": mean_absolute_error},
    y_true=truth,
    y_pred=column("score"),
    sensitive_features={"sex": column("sex")},
)
(out / "regression.json").write_text(errors.by_group.to_json(orient="split") + "\n")
oracle = {
    "demographic_parity_ratio": demographic_parity_ratio(truth, said, sensitive_features=column("sex")),
    "demographic_parity_difference": demographic_parity_difference(truth, said, sensitive_features=column("sex")),
    "equalized_odds_difference": equalized_odds_difference(truth, said, sensitive_features=column("sex")),
    "age_band_parity_ratio": demographic_parity_ratio(truth, said, sensitive_features=column("age_band")),
}
(out / "oracle.json").write_text(json.dumps({name: float(one) for name, one in oracle.items()}, indent=2) + "\n")
