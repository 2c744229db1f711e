"""`MLmodel`: what MLflow writes beside a model that it logged.

Source: https://mlflow.org/docs/latest/ml/model/#mlmodel-file
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from changegate.mend.artifact_file import artifact_of
from changegate.mend.hub_names import text_of
from changegate.mend.source import SourceFacts

if TYPE_CHECKING:
    from pathlib import Path


def recognises(path: Path, value: Any) -> bool:
    """Whether it is one."""
    del path
    return isinstance(value, dict) and "flavors" in value and ("run_id" in value or "mlflow_version" in value)


def read(path: Path, value: Any, top: Path | None) -> SourceFacts:
    """Read the run and the model's file, where it lies beside it."""
    run = text_of(value.get("run_id"), 64)
    return SourceFacts(
        artifacts=_beside(path, value, top),
        training_run={"runId": run} if run else {},
        said="an MLmodel of MLflow",
    )


def _beside(path: Path, value: Any, top: Path | None) -> tuple[dict[str, Any], ...]:
    """The one file of the model that a flavour names, if it lies beside the `MLmodel`."""
    flavours = value["flavors"].values() if isinstance(value["flavors"], dict) else ()
    stated = (
        one.get(key) for one in flavours if isinstance(one, dict) for key in ("pickled_model", "data", "model_data")
    )
    names = dict.fromkeys(text_of(one) for one in stated)
    files = [path.parent / name for name in names if name and "/" not in name and (path.parent / name).is_file()]
    return (artifact_of(files[0], top),) if len(files) == 1 else ()
