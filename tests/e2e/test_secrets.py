"""A secret in a manifest, or in a file that it names, is found on its line, and is in nothing that is written."""

from __future__ import annotations

import base64
import json
import secrets
import string
from typing import TYPE_CHECKING

import pytest

from changegate import fixtures
from changegate.report.registry import REPORTS
from support.command import changegate, check, judge

if TYPE_CHECKING:
    from pathlib import Path

FRAUD = "models/fraud-detector"
MANIFEST, CARD = f"{FRAUD}/manifest.yaml", f"{FRAUD}/MODEL_CARD.md"
ATTESTATION = f"{FRAUD}/evidence/provenance.dsse.json"
LABELS = "labels: {domain: payments}"
NOTES = "annotations: {argocd.argoproj.io/hook: Skip}"
URI = "uri: s3://models/fraud-detector/2.4.0/model.safetensors"


def some(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


def lay_out(root: Path, edits: dict[str, list[tuple[str, str]]]) -> fixtures.LaidOut:
    edit = {path: [{"find": old, "replace": new} for old, new in pairs] for path, pairs in edits.items()}
    return fixtures.lay_out(root / "repository", fixtures.Case("secrets", root, {"title": "secrets", "edit": edit}))


TOKEN = f"hf_{some(34)}"
ESCAPED = TOKEN.replace("hf_", "\\x68f_")
PLACES = {
    "an annotation": (
        {MANIFEST: [(NOTES, f"annotations: {{token: {TOKEN}}}")]},
        "secrets/in-manifest",
    ),
    "a label": ({MANIFEST: [(LABELS, f"labels: {{domain: {TOKEN}}}")]}, "secrets/in-manifest"),
    "a key": ({MANIFEST: [(LABELS, f"labels: {{{TOKEN}: payments}}")]}, "secrets/in-manifest"),
    "a comment": ({MANIFEST: [(LABELS, f"{LABELS} # {TOKEN}")]}, "secrets/in-manifest"),
    "a text with escapes": ({MANIFEST: [(LABELS, f'labels: {{domain: "{ESCAPED}"}}')]}, "secrets/in-manifest"),
    "an address": ({MANIFEST: [(URI, f"{URI}?token={TOKEN}")]}, "secrets/in-manifest"),
    "a card": ({CARD: [("# ", f"HF_TOKEN={TOKEN}\n# ")]}, "secrets/in-evidence"),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_found_and_is_in_nothing_that_is_written(place: str, tmp_path: Path) -> None:
    edits, rule = PLACES[place]
    edits = {path: pairs if path != CARD else [(first_line(), f"HF_TOKEN={TOKEN}")] for path, pairs in edits.items()}
    laid_out = lay_out(tmp_path, edits)
    written = tmp_path / "written"
    written.mkdir()
    others = [name for name in REPORTS if name != "json"]
    more = [part for name in others for part in ("-o", f"{name}={written / name}")]
    run = judge(laid_out, *more, "--fail-on", "error")
    assert rule in {one["rule"] for one in run.findings}
    assert TOKEN not in json.dumps(run.verdict) + run.out + run.err
    for file in written.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes(), file.name
    for command in (("diff", "main", "HEAD"), ("input", MANIFEST), ("check", "--base", "main", "-o", "record=-")):
        shown = changegate(*command, cwd=laid_out.root)
        assert TOKEN not in shown.out + shown.err


def first_line() -> str:
    return (fixtures.FIXTURES / "gitops-repo" / CARD).read_text().splitlines()[0]


HEX = string.hexdigits[:16]
UPPER = string.ascii_uppercase + "234567"
FORMS = {
    "OpenAI": f"sk-proj-{some(48)}",
    "Anthropic": f"sk-ant-api03-{some(80)}AA",
    "AWS": f"AKIA{some(16, UPPER)}",
    "AWS, secret": f"aws_secret_access_key={some(40)}",
    "Google": f"AIza{some(35)}",
    "GitHub": f"ghp_{some(36)}",
    "GitHub, fine-grained": f"github_pat_{some(22)}_{some(59)}",
    "GitLab": f"glpat-{some(20)}",
    "Weights & Biases": f"WANDB_API_KEY={some(40, HEX)}",
    "Databricks": f"dapi{some(32, HEX)}",
    "MLflow": f"MLFLOW_TRACKING_PASSWORD={some(20)}",
    "Slack": f"xoxb-{some(12, string.digits)}-{some(24)}",
    "a private key": "-----BEGIN PRIVATE KEY-----" + some(64),
    "Azure": f"https://a.blob.core.windows.net/c/b?sv=2024-11-04&se=2027-01-01&sig={some(43)}%3D",
    "S3, signed": f"https://b.s3.amazonaws.com/k?X-Amz-Credential=a&X-Amz-Signature={some(64, HEX)}",
    "an address with a password": f"https://models.example:{some(12)}@models.example",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_found(form: str, tmp_path: Path) -> None:
    secret = FORMS[form]
    laid_out = lay_out(tmp_path, {MANIFEST: [(NOTES, f"annotations: {{note: '{secret}'}}")]})
    run = judge(laid_out)
    found = {one["rule"]: one["location"]["source"] for one in run.findings}
    assert {"secrets/in-manifest", "secrets/in-address"} & found.keys()
    tail = secret.removesuffix("@models.example").removesuffix("%3D")[-12:]
    assert tail not in json.dumps(run.verdict) + run.out


PLAIN = {
    "a digest": f"sha256:{some(64, HEX)}",
    "a commit": some(40, HEX),
    "a hex id": some(32, HEX),
    "what documentation shows": "AKIAIOSFODNN7EXAMPLE",
    "a variable": "https://${USER}:${PASSWORD}@models.example/m",
    "an address of mail": "payments-ml@acme.example",
    "a remote of git": "git@github.com:acme/models.git",
    "base64": base64.b64encode(secrets.token_bytes(600)).decode(),
    "a word": "sk-learn-pipeline hf_hub gh_pages glpat- https://acme.example/@user:name",
}


@pytest.mark.parametrize("what", PLAIN)
def test_what_is_no_secret_is_left_alone(what: str, tmp_path: Path) -> None:
    laid_out = lay_out(tmp_path, {MANIFEST: [(NOTES, f"annotations: {{note: '{PLAIN[what]}'}}")]})
    run = judge(laid_out)
    assert {one["rule"] for one in run.findings if one["rule"].startswith("secrets/")} == set()
    assert PLAIN[what] in json.dumps(run.verdict)


def test_a_secret_in_the_payload_of_an_attestation(tmp_path: Path) -> None:
    laid_out = lay_out(tmp_path, {})
    file = laid_out.root / ATTESTATION
    envelope = json.loads(file.read_text())
    statement = json.loads(base64.b64decode(envelope["payload"] + "=="))
    statement["predicate"] = {"environment": {"HF_TOKEN": TOKEN}}
    envelope["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    file.write_text(json.dumps(envelope))
    run = check("--base", "main", "--now", fixtures.NOW, cwd=laid_out.root)
    assert "secrets/in-evidence" in {one["rule"] for one in run.findings}
