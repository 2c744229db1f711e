"""MLflow: a run as its API and its command export it, and the `metrics/` files of its file store."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
import mlflow

out = Path(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    mlflow.set_tracking_uri(f"file://{folder}/mlruns")
    with mlflow.start_run(run_name="evaluation") as run:
        for step, value in enumerate((0.71, 0.78, 0.8234)):
            mlflow.log_metric("accuracy", value, step=step)
        mlflow.log_metrics({"roc_auc": 0.9071, "val.log_loss": 0.4412, "example_count": 900})
        mlflow.log_param("seed", 20261001)
    found = mlflow.get_run(run.info.run_id)
    value = json.loads(json.dumps(found.to_dictionary(), default=str).replace(folder, "/tmp/store"))
    value["data"]["tags"] = {key: one for key, one in value["data"]["tags"].items() if ".source." not in key}
    (out / "run.json").write_text(json.dumps(value, indent=2) + "\n")
    metrics = next(Path(folder).rglob("metrics"))
    shutil.copytree(metrics, out / "metrics", dirs_exist_ok=True)
