"""`changegate evidence` and `changegate.measured` write what the gate reads, and refuse what it would not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from changegate import fixtures
from changegate.measured import EvaluationReport, FairnessReport, MeasuredError, RollbackDrill, ToolReport, digest_of
from support.command import changegate
from support.hosted import FRAUD, Hosted

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = Path(__file__).parents[1] / "support/evidence_files"
FOLDER = "models/fraud-detector/evidence"
MODEL = "sha256:" + "a" * 64
AT = "2026-10-25T08:00:00Z"
SAID = ("--artifact", MODEL, "--dataset", "holdout", "--samples", "20000", "--evaluated-at", AT)


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def text(hosted: Hosted, file: str) -> str:
    return (hosted.path / file).read_text()


def stated(hosted: Hosted, file: str) -> str:
    """The digest that the manifest states of a file."""
    return text(hosted, FRAUD).partition(f"path: {file}")[2].partition("digest: ")[2].split()[0]


def write(hosted: Hosted, *words: str) -> Any:
    return changegate("evidence", *words, cwd=hosted.path)


def arguments(hosted: Hosted, kind: str) -> list[str]:
    """What a committed report says, as the command takes it."""
    report = json.loads(text(hosted, f"{FOLDER}/{kind}.json"))
    data = report.get("dataset", {})
    said = [word for digest in report["model"]["digests"] for word in ("--artifact", digest)]
    said += ["--evaluated-at", report["evaluatedAt"], *(["--dataset", data["name"]] if data else [])]
    said += ["--samples", str(data["sampleCount"])] if "sampleCount" in data else []
    said += ["--dataset-digest", data["digest"]] if "digest" in data else []
    said += ["--collected-at", data["collectedAt"]] if "collectedAt" in data else []
    for one in report.get("metrics", ()):
        part = f"[{one['slice']}]" if "slice" in one else ""
        count = f"/{one['sampleCount']}" if "sampleCount" in one else ""
        better = "higher" if one["higherIsBetter"] else "lower"
        said += ["--metric", f"{one['name']}{part}={one['value']}{count}:{better}"]
    for one in report.get("latency", ()):
        said += ["--latency", f"p{one['percentile']}={one['valueMs']}/{one['sampleCount']}"]
    for one in report.get("groups", ()):
        counts = ",".join(f"{key}={one[key]}" for key in ("tp", "fp", "tn", "fn"))
        said += ["--group", f"{one['attribute']}={one['group']}:{counts}"]
    leakage = report.get("checks", {}).get("leakage", {})
    return said + (["--leakage-method", leakage["method"]] if leakage else [])


@pytest.mark.parametrize("kind", ["evaluation", "fairness"])
def test_a_report_that_it_writes_opens_the_gate(hosted: Hosted, kind: str) -> None:
    file = f"{FOLDER}/{kind}.json"
    before = stated(hosted, file)
    done = write(hosted, kind, *arguments(hosted, kind), "--replace", "-o", file)
    assert done.code == 0, done.err
    digest = done.out.rpartition("digest: ")[2].strip()
    assert done.out == f"- path: {file}\n  digest: {digest}\n"
    assert digest == digest_of(hosted.path / file)
    release = hosted.edit(FRAUD, "version: 2.4.0", "version: 2.4.1").replace("to: 2.3.1", "to: 2.4.0")
    head = hosted.propose({FRAUD: release.replace(before, digest), file: text(hosted, file)})
    judged = hosted.judge(head)
    assert judged.code == 0, judged.out
    wrong = hosted.repo.commit({file: text(hosted, file) + " "})
    assert hosted.judge(wrong).code == 1


def test_a_drill_that_it_writes_is_read(hosted: Hosted) -> None:
    file = f"{FOLDER}/rollback-drill.json"
    said = ("--model", "fraud-detector", "--took", "412", "--performed-at", "2026-10-20T09:00:00Z", "-o", file)
    assert write(hosted, "drill", *said, "--succeeded", "--replace").code == 0
    report = json.loads(text(hosted, file))
    assert report == {
        "model": "fraud-detector", "performedAt": "2026-10-20T09:00:00Z", "durationSeconds": 412, "outcome": "succeeded"
    }  # fmt: skip


def test_the_same_words_write_the_same_bytes(hosted: Hosted) -> None:
    words = ("evaluation", *SAID, "--metric", "roc_auc=0.931", "-o")
    one, other = (write(hosted, *words, name).out.partition("digest")[2] for name in ("a.json", "b.json"))
    assert one == other
    again = write(hosted, *words, "a.json")
    assert again.code == 0, "the same file once more is no other file"


REAL = {
    "evaluation": ("scikit_learn/classification_report.json", "sklearn-report"),
    "fairness": ("aequitas/records.json", "aequitas"),
}


@pytest.mark.parametrize("kind", REAL)
def test_what_a_tool_wrote_stays_as_it_is_in_our_form(hosted: Hosted, kind: str) -> None:
    name, form = REAL[kind]
    done = write(hosted, kind, *SAID[:2], "--from", str(FILES / name), "--evaluated-at", AT, "-o", "t.json")
    assert done.code == 0, done.err
    assert f"the gate reads it as {form}" in done.err
    assert json.loads(text(hosted, "t.json"))["report"] == json.loads((FILES / name).read_text())


REFUSED = {
    "a percentage for a ratio": (("--metric", "accuracy=91.2"), "accuracy lies between 0 and 1, and it says 91.2"),
    "not a number": (("--metric", "accuracy=nan"), "has to be a finite number"),
    "no number": (("--metric", "accuracy=high"), "high is no number"),
    "nobody knows the direction": (("--metric", "desk_score=3.1"), "whether more of desk_score is better"),
    "twice": (("--metric", "accuracy=0.9", "--metric", "accuracy=0.8"), "accuracy is there already"),
    "none": ((), "the report has no metric yet"),
    "no such artifact": (("--metric", "accuracy=0.9", "--artifact", "gone.bin"), "gone.bin"),
    "half a digest": (("--metric", "accuracy=0.9", "--artifact", "sha256:ABC"), "is no digest"),
    "a latency of nobody": (
        ("--metric", "accuracy=0.9", "--latency", "p95=210"),
        "p95=210 is not understood",
    ),
    "a moment without its zone": (("--metric", "accuracy=0.9", "--collected-at", "2026-10-01"), "is no moment"),
    "more in a part than in all": (("--metric", "accuracy=0.9", "--metric", "recall[x=1]=0.5/30000"), "30000"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_gate_would_refuse_is_not_written(hosted: Hosted, what: str) -> None:
    words, said = REFUSED[what]
    done = write(hosted, "evaluation", *SAID, *words, "-o", "x.json")
    assert done.code == 2, done.out
    assert said in done.err
    assert not (hosted.path / "x.json").exists()


def test_another_file_is_not_written_over(hosted: Hosted) -> None:
    before = text(hosted, FRAUD)
    done = write(hosted, "evaluation", *SAID, "--metric", "accuracy=0.9", "-o", FRAUD)
    assert (done.code, text(hosted, FRAUD)) == (2, before)
    assert "--replace writes over it" in done.err


SCRIPT = """
from changegate.measured import EvaluationReport
import sys
report = EvaluationReport("holdout", samples=20_000, artifacts=["{model}"], evaluated_at="{at}")
report.metric("roc_auc", 0.931, higher_is_better=True)
report.leakage(found=False, method="duplicates by row hash")
report.write("evaluation.json")
beyond = {{name.partition(".")[0] for name in sys.modules}} - set(sys.stdlib_module_names)
loaded = sorted(name for name in sys.modules if name.startswith("changegate"))
print(loaded, sorted(name for name in beyond if not name.startswith(("_", "changegate", "sitecustomize"))))
"""


def test_a_training_script_needs_five_lines_and_nothing_of_the_gate(tmp_path: Path) -> None:
    script = SCRIPT.format(model=MODEL, at=AT)
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("['changegate', 'changegate.measured'] [")
    assert json.loads((tmp_path / "evaluation.json").read_text())["metrics"] == [
        {"name": "roc_auc", "value": 0.931, "higherIsBetter": True}
    ]


def test_predictions_are_counted_group_by_group() -> None:
    report = FairnessReport(artifacts=[MODEL], evaluated_at=AT)
    report.predictions("sex", ["f", "m", "f", "f", "m"], [1, 1, 0, 0, 0], [1, 0, 1, 0, 0])
    assert report.value["groups"] == [
        {"attribute": "sex", "group": "f", "tp": 1, "fp": 1, "tn": 1, "fn": 0},
        {"attribute": "sex", "group": "m", "tp": 0, "fp": 0, "tn": 1, "fn": 1},
    ]


CANNOT: dict[str, Callable[[], Any]] = {
    "nobody says of which model": lambda: EvaluationReport("holdout", 1),
    "true is no count": lambda: EvaluationReport("holdout", True, artifacts=[MODEL]),
    "a part is no count": lambda: EvaluationReport("holdout", 1.5, artifacts=[MODEL]),  # type: ignore[arg-type]
    "less than none": lambda: FairnessReport(artifacts=[MODEL]).group("sex", "f", tp=-1, fp=0, tn=0, fn=0),
    "not as many": lambda: FairnessReport(artifacts=[MODEL]).predictions("sex", ["f"], [1, 0], [1]),
    "infinite": lambda: EvaluationReport("h", 1, artifacts=[MODEL]).metric("a", float("inf"), higher_is_better=True),
    "an interval elsewhere": lambda: EvaluationReport("h", 1, artifacts=[MODEL]).metric(
        "a", 0.5, higher_is_better=True, interval=(0.6, 0.7)
    ),
    "a report that is no JSON": lambda: ToolReport({"a": float("nan")}, artifacts=[MODEL]).text,
    "no group": lambda: FairnessReport(artifacts=[MODEL]).text,
    "a drill in no zone": lambda: RollbackDrill(
        "m", duration_seconds=1, succeeded=True, performed_at="2026-10-01T00:00"
    ),
}


@pytest.mark.parametrize("what", CANNOT)
def test_what_cannot_be_is_refused_where_it_is_said(what: str) -> None:
    with pytest.raises(MeasuredError):
        CANNOT[what]()


def test_now_is_the_default(tmp_path: Path) -> None:
    report = EvaluationReport("holdout", 1, artifacts=[MODEL]).metric("accuracy", 1, higher_is_better=True)
    assert report.value["evaluatedAt"].endswith("Z")
    assert fixtures.NOW
    assert report.write(tmp_path / "deep/er/x.json").startswith("sha256:")
