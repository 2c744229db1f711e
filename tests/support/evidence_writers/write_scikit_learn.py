"""scikit-learn: a classification report, and the results of a cross-validation."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from sample import column
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import cross_validate

out = Path(sys.argv[1])
truth, said = column("truth"), column("said")
report = classification_report(truth, said, target_names=["kept", "churned"], output_dict=True)
(out / "classification_report.json").write_text(json.dumps(report, indent=2) + "\n")
labels = classification_report(truth, said, output_dict=True, labels=[1])
(out / "classification_report_of_one_label.json").write_text(json.dumps(labels, indent=2) + "\n")
scores = [[one] for one in column("score")]
results = cross_validate(
    LogisticRegression(), scores, truth, cv=5, scoring=["accuracy", "roc_auc", "neg_log_loss"], return_train_score=True
)
plain = {name: values.tolist() for name, values in results.items()}
(out / "cross_validate.json").write_text(json.dumps(plain, indent=2) + "\n")
