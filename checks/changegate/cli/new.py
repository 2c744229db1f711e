"""`changegate new`: writes the first manifest of a model."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from changegate.mend.source import SourceFacts

_PATH = click.Path(path_type=Path)
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")
_HOSTED = re.compile(r"(?P<provider>[^/@\s]+)/(?P<model>[^@\s]+)@(?P<snapshot>[^@\s]+)")
_REMOTE = {
    "hf:": "export https://huggingface.co/api/models/ORG/MODEL/revision/SHA?blobs=true, and name that file",
    "mlflow:": "mlflow artifacts download -u models:/NAME/VERSION, and --from its MLmodel",
    "https:": "fetch it yourself, and name the file",
    "s3:": "fetch it yourself, and name the file",
}
_TASKS = (
    "classification", "regression", "ranking", "recommendation", "generation", "embedding", "detection", "segmentation",
    "speech", "forecasting", "clustering", "other",
)  # fmt: skip


@click.command(
    epilog="\b\nExamples:\n"
    "  changegate new churn --owner crm-ml --from build/churn.safetensors --tier medium\n"
    "  changegate new search --owner search-ml --from model.json        what a hub says of a model, as JSON\n"
    "  changegate new churn --owner crm-ml --from mlruns/…/MLmodel\n"
    "  changegate new help-desk --owner language-ml --hosted acme-llm/large@large-2026-08-01 --tier medium\n\n"
    "\b\nExit codes: 0 it is written, 2 it is not.",
    help="Write the first manifest of a model.\n\n"
    "It has what the source tells (sizes, digests, the format, parameters, run, licence, task) and asks only for what "
    "its tier asks. What only a person knows stands in it as a comment, and on a terminal is asked for. "
    "Nothing that is there is written over.",
)
@click.argument("name")
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="A model's file, its card, its MLmodel, its InferenceService, or a hub's JSON.",
)
@click.option("--hosted", metavar="PROVIDER/MODEL@SNAPSHOT", help="A model behind an API.")
@click.option("--owner", metavar="TEAM", help="The team of .changegate/teams.yaml that answers for it.")
@click.option(
    "--tier", type=click.Choice(("low", "medium", "high", "critical")), help="How risky it is.  [default: low]"
)
@click.option("--task", type=click.Choice(_TASKS), help="What it does.  [default: what the source says]")
@click.option("--intended-use", metavar="TEXT", help="What it is for, in a sentence.")
@click.option("--version", "version", default="0.1.0", metavar="VERSION", help="Its version.  [default: 0.1.0]")
@click.option("--uri", metavar="URI", help="Where the model is kept.  [default: what the source says]")
@click.option("--licence", metavar="SPDX", help="Of a model of somebody else.  [default: what the source says]")
@click.option("--obtained-from", metavar="URI", help="Where that was taken from.  [default: what the source says]")
@click.option("--reviewed-by", metavar="LOGIN", help="Who looked at it.")
@click.option(
    "--obtained-at", default="", metavar="TIME", help="When a model of somebody else was taken over, RFC 3339."
)
@click.option(
    "--output", "-o", type=_PATH, metavar="FILE", help="Where to write it.  [default: models/NAME/manifest.yaml]"
)
@click.option("-C", "directory", type=_PATH, default=Path(), help="The clone.")
def command(**given: Any) -> int:
    """Put together what is known, ask on a terminal, and write."""
    from changegate.cli.repository import look_up
    from changegate.errors import UsageError
    from changegate.escape import terminal
    from changegate.files import write_file
    from changegate.manifest import load_manifests
    from changegate.mend.draft import Draft, manifest_text

    name, directory = given["name"], given["directory"]
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a model", hint="use small letters, digits and - . _, at most 63")
    top = _top(directory)
    output = directory / (given["output"] or Path("models") / name / "manifest.yaml")
    if output.exists() or output.is_symlink():
        raise UsageError(f"{output} is there already", hint="edit it, or name another file with -o")
    hosted = _hosted(given["hosted"])
    told = _completed(_told(given["source"], directory, top), given, hosted)
    asked = _asked(given, told)
    draft = Draft(
        name=name,
        version=given["version"],
        told=told,
        hosted=hosted,
        settings=look_up(directory).config.settings_of(owner=asked["owner"], identity=None, tier=asked["tier"]),
        folder=_folder(output, top),
        **asked,
    )
    text = manifest_text(draft)
    wrong = [one for one in load_manifests(text.encode(), output.name).faults if one.code != "missing-field"]
    if wrong:
        hint = "give another value; nothing was written"
        raise UsageError(f"what is given makes no manifest: {wrong[0].message}", hint=hint)
    write_file(output, top, text.encode())
    said = f" with what {told.said} says" if told.said else ""
    left = sum(line.lstrip().startswith("# ") for line in text.splitlines()[1:])
    click.echo(terminal(f"wrote {output}{said}; {left} lines of it say what only you know"))
    click.echo("next: fill them in, then `changegate check`")
    return 0


def _top(directory: Path) -> Path | None:
    """The top of the clone, where there is one."""
    whole = directory.resolve()
    return next((folder for folder in (whole, *whole.parents) if (folder / ".git").exists()), None)


def _folder(output: Path, top: Path | None) -> str:
    whole = output.resolve().parent
    return (
        whole.relative_to(top).as_posix() if top is not None and whole.is_relative_to(top) else output.parent.as_posix()
    )


def _told(source: str | None, directory: Path, top: Path | None) -> SourceFacts:
    from changegate.errors import UsageError
    from changegate.mend.source import SourceFacts
    from changegate.mend.sources import told

    if source is None:
        return SourceFacts()
    for scheme, instead in _REMOTE.items():
        if source.startswith(scheme):
            raise UsageError(f"{source} is not fetched: this command does not reach out", hint=instead)
    return told(directory / source, top)


def _completed(told: SourceFacts, given: dict[str, Any], hosted: dict[str, str]) -> SourceFacts:
    """What the source says, with what the command line says."""
    keys = {
        "licence": "licence",
        "obtainedFrom": "obtained_from",
        "obtainedAt": "obtained_at",
        "reviewedBy": "reviewed_by",
    }
    said = {key: given[option] for key, option in keys.items() if given[option]}
    if hosted:
        said = {"publisher": hosted["provider"], **said}
    artifacts = told.artifacts
    if given["uri"]:
        artifacts = tuple(
            {"uri": given["uri"], **{k: v for k, v in one.items() if k != "uri"}} for one in artifacts or ({},)
        )
    return told._replace(artifacts=artifacts, external={**told.external, **said})


def _hosted(text: str | None) -> dict[str, str]:
    from changegate.errors import UsageError

    if text is None:
        return {}
    found = _HOSTED.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{text!r} is no hosted model", hint="write provider/model@snapshot, the snapshot with its date"
        )
    return found.groupdict()


def _asked(given: dict[str, Any], told: SourceFacts) -> dict[str, Any]:
    """What only a person knows: from the options, and on a terminal by asking."""
    from changegate.errors import UsageError
    from changegate.mend.draft import CLAIMS

    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not is_terminal:
        if not given["owner"]:
            raise UsageError(
                "nobody says who answers for it", hint="add --owner TEAM, a team of .changegate/teams.yaml"
            )
        known = {key: given[key] or "" for key in ("owner", "intended_use")}
        return {**known, "tier": given["tier"] or "low", "task": given["task"] or told.task, "claims": {}}
    asked: dict[str, Any] = {
        "owner": given["owner"] or click.prompt("The team that answers for it"),
        "tier": given["tier"]
        or click.prompt("How risky is it", type=click.Choice(("low", "medium", "high", "critical"))),
        "task": given["task"] or told.task or click.prompt("What does it do", type=click.Choice(_TASKS)),
        "intended_use": given["intended_use"] or click.prompt("What is it for, in a sentence"),
    }
    choices = {"exposure": ("research", "internal", "production"), "revenueBand": ("none", "under-1pct", "over-1pct")}
    asked["claims"] = {
        key: click.prompt(key, type=click.Choice(choices[key]))
        if key in choices
        else click.confirm(f"{key}: {meaning}")
        for key, meaning in CLAIMS.items()
    }
    return asked
