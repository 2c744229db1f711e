"""lm-evaluation-harness: its dummy model on a task of our own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TASK = """
task: sums
dataset_path: json
dataset_kwargs: {{data_files: {{test: "{folder}/sums.jsonl"}}}}
output_type: multiple_choice
test_split: test
doc_to_text: "{{{{question}}}}"
doc_to_choice: ["yes", "no"]
doc_to_target: "{{{{answer}}}}"
metric_list:
  - {{metric: acc, aggregation: mean, higher_is_better: true}}
  - {{metric: acc_norm, aggregation: mean, higher_is_better: true}}
metadata: {{version: 1.0}}
"""
out = Path(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    rows = [{"question": f"Is {n} + 1 = {n + 1 + n % 3}?", "answer": "no" if n % 3 else "yes"} for n in range(60)]
    Path(folder, "sums.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path(folder, "sums.yaml").write_text(TASK.format(folder=folder))
    command = [
        *(sys.executable, "-m", "lm_eval", "--model", "dummy", "--tasks", "sums", "--include_path", folder),
        *("--output_path", f"{folder}/out", "--seed", "7"),
    ]
    quiet = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HOME": f"{folder}/hf",
        "PYTHONSAFEPATH": "1",
    }
    subprocess.run(command, cwd=folder, check=True, env=quiet, stdout=subprocess.DEVNULL)
    results = next(Path(folder, "out").rglob("results_*.json"))
    shutil.copy(results, out / "results.json")
    value = json.loads((out / "results.json").read_text().replace(folder, "/tmp/task"))
    for key in ("pretty_env_info", "git_hash"):
        value.pop(key, None)
    (out / "results.json").write_text(json.dumps(value, indent=2) + "\n")
