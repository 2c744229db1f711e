"""DVCLive: the metrics.json that `dvc metrics` reads."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ["DVC_NO_ANALYTICS"] = "1"
from dvclive import Live

out = Path(sys.argv[1]).resolve()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    with Live(f"{folder}/live", save_dvc_exp=False, dvcyaml=None) as live:
        for accuracy in (0.71, 0.8234):
            live.log_metric("accuracy", accuracy)
            live.log_metric("validation/roc_auc", 0.9)
            live.log_metric("test/f1_score", 0.79)
            live.next_step()
    shutil.copy(Path(folder, "live/metrics.json"), out / "metrics.json")
