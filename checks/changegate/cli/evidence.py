"""`changegate evidence`: writes a report from counts and figures, or around what another tool wrote."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_PATH = click.Path(path_type=Path)
_METRIC = re.compile(
    r"(?P<name>[^=\[/:]+)(?:\[(?P<slice>[^\]]+)\])?=(?P<value>[^/:]+)(?:/(?P<samples>[0-9]+))?(?::(?P<better>higher|lower))?"
)
_LATENCY = re.compile(r"[pP]?(?P<percentile>[0-9.]+)=(?P<value>[0-9.]+)/(?P<samples>[0-9]+)")
_GROUP = re.compile(
    r"(?P<attribute>[^=]+)=(?P<group>.+):tp=(?P<tp>[0-9]+),fp=(?P<fp>[0-9]+),tn=(?P<tn>[0-9]+),fn=(?P<fn>[0-9]+)"
)
_ABOUT = (
    click.option("--artifact", "artifacts", multiple=True, metavar="FILE|DIGEST", help="What was measured."),
    click.option("--hosted", multiple=True, metavar="PROVIDER/MODEL@SNAPSHOT", help="A model behind an API."),
    click.option("--dataset", metavar="NAME", help="The data that it was measured on."),
    click.option("--samples", type=click.IntRange(0), metavar="N", help="How many samples that has."),
    click.option("--dataset-digest", metavar="FILE|DIGEST", help="The data itself, or its digest."),
    click.option("--collected-at", metavar="TIME", help="When the newest of the data was collected, RFC 3339."),
    click.option("--evaluated-at", metavar="TIME", help="When it was measured, RFC 3339.  [default: the clock's]"),
    click.option("--leakage-method", metavar="TEXT", help="How training data was looked for in it; none was found."),
    click.option("--leakage-found", is_flag=True, help="With --leakage-method: some was found."),
    click.option("--from", "tool", type=_PATH, metavar="FILE", help="What another tool wrote, as JSON."),
    click.option("-o", "--output", type=_PATH, required=True, metavar="FILE", help="Where to write the report."),
    click.option("--replace", is_flag=True, help="Write over a file that says something else."),
)  # fmt: skip


@click.group(
    epilog="\b\nExamples:\n"
    "  changegate evidence evaluation --artifact model.safetensors --dataset holdout --samples 20000 \\\n"
    "      --metric roc_auc=0.931 -o models/churn/evidence/evaluation.json\n"
    "  changegate evidence drill --model churn --took 412 --succeeded --performed-at 2026-10-30T09:00:00Z \\\n"
    "      -o models/churn/evidence/rollback-drill.json",
    help="Write a report that the gate reads: from counts and figures, or around what another tool wrote.\n\n"
    "What is written is read back first, as the gate reads it; what it would refuse is told, and not written. At the "
    "end stands what goes into the manifest. A training script writes the same with the Python module "
    "`changegate.measured`.",
)
def command() -> None:
    """Write a report."""


def _about(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_ABOUT):
        function = option(function)
    return function


@command.command(
    epilog="\b\nExamples:\n"
    "  changegate evidence evaluation --artifact model.safetensors --dataset holdout --samples 20000 \\\n"
    '      --metric roc_auc=0.931 --metric "recall[country=DE]=0.88/900" --latency p95=210/20000 \\\n'
    '      --leakage-method "duplicates by row hash" -o models/churn/evidence/evaluation.json\n'
    "  changegate evidence evaluation --artifact model.safetensors --dataset holdout --samples 20000 \\\n"
    "      --from classification_report.json -o models/churn/evidence/evaluation.json\n\n"
    "\b\nExit codes: 0 it is written, 2 it is not.",
    help="Write how good a model is.",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME[SLICE]=VALUE[/SAMPLES][:higher|:lower]",
    help="A value. Which way is better is known of usual metrics; of others say it. May be repeated.",
)
@click.option("--latency", "latencies", multiple=True, metavar="p95=MS/REQUESTS", help="A percentile. May be repeated.")
@_about
def evaluation(*, metrics: tuple[str, ...], latencies: tuple[str, ...], **about: Any) -> int:
    """Write an evaluation report."""
    from changegate.errors import UsageError
    from changegate.measured import EvaluationReport

    def made(given: dict[str, Any]) -> EvaluationReport:
        if given.get("dataset") is None or given.get("samples") is None:
            raise UsageError("say on what it was measured", hint="add --dataset NAME and --samples N")
        report = EvaluationReport(**given)
        for text in metrics:
            report.metric(**_metric(text))
        for text in latencies:
            found = _LATENCY.fullmatch(text)
            if found is None:
                raise UsageError(
                    f"--latency {text} is not understood", hint="write p95=210/20000: the milliseconds, and of how many"
                )
            report.latency(_figure(found["percentile"]), _figure(found["value"]), samples=int(found["samples"]))
        return report

    return _write("evaluation", about, made, figures=bool(metrics or latencies))


@command.command(
    epilog="\b\nExamples:\n"
    "  changegate evidence fairness --artifact model.safetensors --dataset holdout --samples 20000 \\\n"
    "      --group sex=female:tp=3100,fp=200,tn=6000,fn=700 --group sex=male:tp=3050,fp=210,tn=6040,fn=700 \\\n"
    "      -o models/churn/evidence/fairness.json\n"
    "  changegate evidence fairness --artifact model.safetensors --from aequitas.json \\\n"
    "      -o models/churn/evidence/fairness.json\n\n"
    "\b\nExit codes: 0 it is written, 2 it is not.",
    help="Write how groups of people fare, by counts.",
)
@click.option(
    "--group", "groups", multiple=True, metavar="ATTRIBUTE=GROUP:tp=N,fp=N,tn=N,fn=N", help="A group. May be repeated."
)
@_about
def fairness(*, groups: tuple[str, ...], **about: Any) -> int:
    """Write a fairness report."""
    from changegate.errors import UsageError
    from changegate.measured import FairnessReport

    def made(given: dict[str, Any]) -> FairnessReport:
        report = FairnessReport(**given)
        for text in groups:
            found = _GROUP.fullmatch(text)
            if found is None:
                raise UsageError(f"--group {text} is not understood", hint="write sex=female:tp=310,fp=20,tn=600,fn=70")
            counts = {key: int(found[key]) for key in ("tp", "fp", "tn", "fn")}
            report.group(found["attribute"], found["group"], **counts)
        return report

    return _write("fairness", about, made, figures=bool(groups))


@command.command(
    epilog="\b\nExample:\n"
    "  changegate evidence drill --model churn --took 412 --succeeded --performed-at 2026-10-30T09:00:00Z \\\n"
    "      -o models/churn/evidence/rollback-drill.json\n\n"
    "\b\nExit codes: 0 it is written, 2 it is not.",
    help="Write that going back was practised.",
)
@click.option("--model", required=True, metavar="NAME", help="The model's name, as in the manifest.")
@click.option("--took", required=True, type=float, metavar="SECONDS", help="Until the version of before answered.")
@click.option("--succeeded/--failed", required=True, default=None, help="Whether it did.")
@click.option("--performed-at", required=True, metavar="TIME", help="When, RFC 3339.")
@click.option("-o", "--output", type=_PATH, required=True, metavar="FILE", help="Where to write the report.")
@click.option("--replace", is_flag=True, help="Write over a file that says something else.")
def drill(*, model: str, took: float, succeeded: bool, performed_at: str, output: Path, replace: bool) -> int:
    """Write the report of a drill."""
    from changegate.evidence.written import read_drill_back
    from changegate.measured import RollbackDrill

    def work() -> str:
        seconds = int(took) if took.is_integer() else took
        report = RollbackDrill(model, duration_seconds=seconds, succeeded=succeeded, performed_at=performed_at)
        read_drill_back(report.text.encode(), str(output), model, int(time.time()))
        return report.write(output, replace=replace)

    return _told(output, work, "a rollback drill")


def _write(kind: str, about: dict[str, Any], made: Callable[[dict[str, Any]], Any], *, figures: bool) -> int:
    """Make a report, read it back, and write it."""
    from changegate.errors import UsageError
    from changegate.evidence.written import read_back

    output, replace, tool = about.pop("output"), about.pop("replace"), about.pop("tool")
    method, found = about.pop("leakage_method"), about.pop("leakage_found")
    if tool is not None and figures:
        raise UsageError(
            "--from and figures exclude each other",
            hint="a tool's report stays as the tool wrote it; write two reports",
        )
    if found and not method:
        raise UsageError("--leakage-found says nothing by itself", hint="add --leakage-method: how it was looked for")
    formats: list[str] = []

    def work() -> str:
        report = made(about) if tool is None else _around(tool, about)
        if method:
            report.leakage(found=found, method=method)
        data = report.text.encode()
        formats.append(read_back(kind, data, str(output), {}))
        return str(report.write(output, replace=replace))

    return _told(output, work, formats)


def _around(tool: Path, about: dict[str, Any]) -> Any:
    """What another tool wrote, in our own form."""
    from changegate.errors import UsageError
    from changegate.evidence.files import parsed
    from changegate.measured import ToolReport

    try:
        data = tool.read_bytes()
    except OSError as error:
        raise UsageError(f"{tool} cannot be read: {error.strerror}", hint="name the report of the tool") from error
    read = parsed(data, tool.name)
    if read.faults or len(read.documents) != 1 or not isinstance(read.documents[0].value, (dict, list)):
        why = read.faults[0].message if read.faults else "it holds no object and no list"
        hint = "name a report as JSON; others are named in the manifest as they are, with `of` beside their path"
        raise UsageError(f"{tool} cannot be put into our form: {why}", hint=hint)
    return ToolReport(read.documents[0].value, **about)


def _told(output: Path, work: Callable[[], str], read_as: Any) -> int:
    """Do the work, and say what goes into the manifest."""
    from changegate.errors import UsageError
    from changegate.escape import terminal
    from changegate.measured import MeasuredError

    try:
        digest = work()
    except MeasuredError as error:
        said = str(error).replace("replace=True", "--replace")
        raise UsageError(said, hint="mend what is given; nothing was written") from error
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}", hint="nothing was written") from error
    form = read_as if isinstance(read_as, str) else read_as[0]
    click.echo(terminal(f"wrote {output}; the gate reads it as {form}"), err=True)
    click.echo(terminal(f"- path: {_from_the_top(output)}"))
    click.echo(f"  digest: {digest}")
    return 0


def _from_the_top(output: Path) -> str:
    """The path as a manifest names it: from the top of the clone, where it lies in one."""
    whole = output.resolve()
    top = next((folder for folder in whole.parents if (folder / ".git").exists()), None)
    return whole.relative_to(top).as_posix() if top is not None else output.as_posix()


def _metric(text: str) -> dict[str, Any]:
    from changegate.errors import UsageError
    from changegate.evidence.metric_table import known_metric, spelled

    found = _METRIC.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--metric {text} is not understood", hint='write roc_auc=0.931, or "recall[country=DE]=0.88/900"'
        )
    known = known_metric(spelled(found["name"]), {})
    better = found["better"]
    if better is None and (known is None or known.more is None):
        hint = f"add it: --metric {text}:higher, or :lower"
        raise UsageError(f"nobody says whether more of {found['name']} is better", hint=hint)
    more = better == "higher" if better else bool(known and known.more)
    samples = {} if found["samples"] is None else {"samples": int(found["samples"])}
    part = {} if found["slice"] is None else {"slice": found["slice"]}
    return {"name": found["name"], "value": _figure(found["value"]), "higher_is_better": more, **samples, **part}


def _figure(text: str) -> int | float:
    from changegate.errors import UsageError

    try:
        return int(text) if re.fullmatch(r"-?[0-9]+", text) else float(text)
    except ValueError:
        raise UsageError(f"{text} is no number", hint="write it as 0.931") from None
