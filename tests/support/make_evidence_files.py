"""Make the files that readers of evidence are held to, by the real libraries, each in an environment of its own.

    python tests/support/make_evidence_files.py [NAME…]

It needs a package index, so no test runs it. What it writes is committed, with the versions that wrote it beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
WRITERS = {
    "aequitas": ["aequitas==1.1.0"],
    "dvclive": ["dvclive==3.49.1"],
    "fairlearn": ["fairlearn==0.15.0", "scikit-learn==1.9.1"],
    "huggingface_hub": ["huggingface-hub==2.4.0"],
    "lm_eval": ["lm-eval==0.4.13"],
    "locust": ["locust==2.47.0"],
    "mlflow": ["mlflow-skinny==3.17.2"],
    "pytest": ["pytest==9.2.0"],
    "scikit_learn": ["scikit-learn==1.9.1"],
}
"""A script of `evidence_writers` -> what it imports, pinned."""


def write_files(name: str) -> None:
    """Run one script in a throw-away environment, and say what wrote its files.

    Args:
        name: A key of `WRITERS`.
    """
    out = HERE / "evidence_files" / name
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = f"{folder}/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *WRITERS[name]], check=True)
        subprocess.run([python, str(HERE / "evidence_writers" / f"write_{name}.py"), str(out)], check=True)
        (out / "versions.json").write_text(json.dumps(_versions(python, WRITERS[name]), indent=2) + "\n")


def _versions(python: str, pinned: list[str]) -> dict[str, str]:
    names = {one.partition("==")[0] for one in pinned} | {"pandas", "numpy"}
    text = subprocess.run([python, "-m", "pip", "list", "--format=json"], check=True, capture_output=True, text=True)
    found = {one["name"].lower().replace("_", "-"): one["version"] for one in json.loads(text.stdout)}
    return {name: version for name, version in found.items() if name in names}


if __name__ == "__main__":
    for chosen in sys.argv[1:] or WRITERS:
        write_files(chosen)
