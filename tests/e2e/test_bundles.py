"""changegate's own policies, packed and given to the real programs: they answer what changegate answers."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import urllib.request
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import pytest

from changegate import fixtures
from changegate.policy.catalogue import Catalogue
from changegate.rego.bundle import shipped
from changegate.rego.engines import EngineOptions, open_host
from changegate.rego.engines.engine import DECISION
from support.bundles import unpacked
from support.command import COMMAND, changegate, surroundings
from support.samples import samples
from support.tools import conftest, gator, jq, opa

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def decisions() -> dict[str, Any]:
    """What the embedded engine decides."""
    host = open_host(EngineOptions())
    try:
        engine = host.load(shipped())
        return {name: engine.decide(document) for name, document in samples().items()}
    finally:
        host.close()


def expected(name: str) -> tuple[set[str], set[str]]:
    """The rules that a decision has something against, by how they are meant: errors and warnings."""
    catalogue = Catalogue.of(shipped())
    wrong = [
        rule
        for rule, outcome in decisions()[name]["outcomes"].items()
        if outcome["outcome"] not in {"passed", "not-applicable"}
    ]
    errors = {rule for rule in wrong if catalogue.meant(rule)[0] == "error"}
    return errors, set(wrong) - errors


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, the same unpacked, and the documents as files."""
    made: Path = tmp_path_factory.mktemp("bundles")
    run = changegate("policy", "bundle", "-o", "changegate.tar.gz", cwd=made)
    assert (run.code, run.out, run.err) == (0, "", "")
    for path, content in unpacked((made / "changegate.tar.gz").read_bytes()).items():
        (made / "unpacked" / path).parent.mkdir(parents=True, exist_ok=True)
        (made / "unpacked" / path).write_bytes(content)
    (made / "inputs").mkdir()
    for name, document in samples().items():
        (made / "inputs" / f"{name}.json").write_text(json.dumps(document))
    return made


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def test_the_documents_show_every_outcome() -> None:
    outcomes = [expected(name) for name in samples()]
    assert any(errors for errors, _ in outcomes)
    assert any(warnings for _, warnings in outcomes)
    assert any(not errors and not warnings for errors, warnings in outcomes)
    statuses = {one["outcome"] for answer in decisions().values() for one in answer["outcomes"].values()}
    assert statuses == {"passed", "failed", "unknown", "not-applicable"}
    assert {one["subject"]["kind"] for one in samples().values()} == {"release", "retirement", "change-set"}


# OPA


def test_opa_decides_the_same(folder: Path) -> None:
    """Whole decisions, on every document, in one process."""
    files = sorted(f"inputs/{name}.json" for name in samples())
    done = run(
        opa(), "exec", "--bundle", "changegate.tar.gz", "--decision", "changegate/main/decision", *files, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    answers = {
        one["path"].removeprefix("inputs/").removesuffix(".json"): one["result"]
        for one in json.loads(done.stdout)["result"]
    }
    assert answers == decisions()


def test_opa_eval_as_the_documentation_says(folder: Path) -> None:
    name = "fraud-overnight-update-0"
    command = [opa(), "eval", "-b", "changegate.tar.gz", "-i", f"inputs/{name}.json", "-f", "raw", DECISION]
    assert json.loads(run(*command, cwd=folder).stdout) == decisions()[name]


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """A plain OPA that serves the bundle; answers once it is ready, and is ended."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{held.getsockname()[1]}"
    command = [opa(), "run", "--server", "--addr", address, "--bundle", "changegate.tar.gz", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = monotonic() + 60
        while not ready(address):
            assert process.poll() is None, "the server has ended"
            assert monotonic() < end, "the server is not ready"
        yield address
    finally:
        process.kill()
        process.wait()


def ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/health?bundles", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


def test_a_server_with_the_bundle_decides_the_same(server: str) -> None:
    for name, document in samples().items():
        request = urllib.request.Request(
            f"http://{server}/v1/data/changegate/main/decision",
            data=json.dumps({"input": document}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert json.load(answer)["result"] == decisions()[name], name


def test_the_server_names_the_revision_that_reports_name(server: str) -> None:
    with urllib.request.urlopen(f"http://{server}/v1/data/system/bundles", timeout=60) as answer:
        (bundle,) = json.load(answer)["result"].values()
    assert bundle["manifest"]["revision"] == shipped().digest


# conftest


def test_conftest_finds_what_fails_or_is_unknown(folder: Path) -> None:
    files = sorted(f"inputs/{name}.json" for name in samples())
    options = ["--policy", "unpacked", "--namespace", "changegate.conftest", "--output", "json"]
    done = run(conftest(), "test", *options, *files, cwd=folder)
    assert done.returncode == 1, done.stderr
    found = {one["filename"].removeprefix("inputs/").removesuffix(".json"): one for one in json.loads(done.stdout)}
    assert found.keys() == samples().keys()
    for name, result in found.items():
        shown = tuple({one["metadata"]["rule"] for one in result.get(key, ())} for key in ("failures", "warnings"))
        assert shown == expected(name), name
        violations = [
            one.get("violations", [{}])
            for one in decisions()[name]["outcomes"].values()
            if one["outcome"] in {"failed", "unknown"}
        ]
        assert len(result.get("failures", ())) + len(result.get("warnings", ())) == sum(map(len, violations))


def test_conftest_says_where_and_how_much(folder: Path) -> None:
    options = ["--policy", "unpacked", "--namespace", "changegate.conftest", "--output", "json"]
    done = run(conftest(), "test", *options, "inputs/fraud-overnight-update-0.json", cwd=folder)
    (result,) = json.loads(done.stdout)
    bakes = [one for one in result["failures"] if one["metadata"]["rule"] == "rollout/bake-too-short"]
    violations = decisions()["fraud-overnight-update-0"]["outcomes"]["rollout/bake-too-short"]["violations"]
    key = json.dumps
    assert sorted(([one["metadata"][part] for part in ("path", "details")] for one in bakes), key=key) == sorted(
        ([one["path"], one["details"]] for one in violations), key=key
    )
    assert bakes[0]["msg"] == "rollout/bake-too-short does not hold: Every step bakes long enough to see a fault"


def test_conftest_passes_a_good_document(folder: Path) -> None:
    good = next(name for name in samples() if expected(name) == (set(), set()))
    done = run(
        conftest(),
        "test",
        "--policy",
        "unpacked",
        "--namespace",
        "changegate.conftest",
        f"inputs/{good}.json",
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout


def test_conftest_on_a_manifest_instead_of_its_input_document_fails(folder: Path) -> None:
    (folder / "manifest.yaml").write_text("apiVersion: changegate.dev/v1\nkind: ModelRelease\n")
    done = run(
        conftest(), "test", "--policy", "unpacked", "--namespace", "changegate.conftest", "manifest.yaml", cwd=folder
    )
    assert done.returncode == 1
    assert "the input is not a changegate input document" in done.stdout


@pytest.mark.parametrize("options", [(), ("--all-namespaces",)], ids=["none", "all"])
def test_conftest_without_our_namespace_says_which_one_to_name(folder: Path, options: tuple[str, ...]) -> None:
    """A good document: who forgets the namespace is not told that everything holds."""
    good = next(name for name in samples() if expected(name) == (set(), set()))
    command = (conftest(), "test", "--policy", "unpacked", *options, "--output", "json", f"inputs/{good}.json")
    done = run(*command, cwd=folder)
    assert done.returncode == 1, done.stderr
    failures = [
        (one["namespace"], fault["msg"]) for one in json.loads(done.stdout) for fault in one.get("failures", [])
    ]
    ((namespace, message),) = failures
    assert namespace == "main"
    assert "`--namespace changegate.conftest`" in message


def test_conftest_with_all_namespaces_finds_what_ours_finds(folder: Path) -> None:
    """Nothing in the bundle has the name of a rule of conftest's and is something else, which is an error to it."""
    name = "fraud-overnight-update-0"
    command = (conftest(), "test", "--policy", "unpacked", "--all-namespaces", "-o", "json", f"inputs/{name}.json")
    done = run(*command, cwd=folder)
    assert done.returncode == 1, done.stderr
    found = {one["namespace"]: one.get("failures", []) for one in json.loads(done.stdout) if one.get("failures")}
    assert found.keys() == {"main", "changegate.conftest", "changegate.gatekeeper"}
    assert {one["metadata"]["rule"] for one in found["changegate.conftest"]} == expected(name)[0]
    assert {one["metadata"]["details"]["rule"] for one in found["changegate.gatekeeper"]} == expected(name)[0]


def test_conftest_reads_no_packed_bundle(folder: Path) -> None:
    """Why the documentation unpacks it."""
    done = run(
        conftest(),
        "test",
        "--policy",
        "changegate.tar.gz",
        "--namespace",
        "changegate.conftest",
        "manifest.yaml",
        cwd=folder,
    )
    assert done.returncode != 0
    assert "no policies found" in done.stderr + done.stdout


# Gatekeeper


def test_the_adaptor_for_gatekeeper_on_opa(folder: Path) -> None:
    """Gatekeeper's form of input, on a plain OPA."""
    for name in ("fraud-overnight-update-0", "artifacts-grew-too-much-0", "cost-traffic-unknown-0"):
        errors, warnings = expected(name)
        for parameters, wanted in (({}, errors), ({"warnings": True}, errors | warnings)):
            review = {"review": {"object": {"spec": samples()[name]}}, "parameters": parameters}
            (folder / "review.json").write_text(json.dumps(review))
            command = [
                "eval",
                "-b",
                "changegate.tar.gz",
                "-i",
                "review.json",
                "-f",
                "raw",
                "data.changegate.gatekeeper.violation",
            ]
            violations = json.loads(run(opa(), *command, cwd=folder).stdout)
            assert {one["details"]["rule"] for one in violations} == wanted
            assert all(one["msg"] for one in violations)


def test_gatekeeper_finds_what_fails_or_is_unknown(folder: Path) -> None:
    """The template in Gatekeeper's own engine, with every document as an object under review."""
    objects = folder / "gatekeeper"
    objects.mkdir()
    done = changegate("policy", "bundle", "--format", "gatekeeper", "-o", objects / "template.yaml", cwd=folder)
    assert (done.code, done.err) == (0, "")
    match = {"kinds": [{"apiGroups": ["changegate.dev"], "kinds": ["InputDocument"]}]}
    kind = {"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "ChangegateDecision"}
    spec = {"match": match, "parameters": {"warnings": True}}
    (objects / "constraint.json").write_text(json.dumps({**kind, "metadata": {"name": "gate"}, "spec": spec}))
    for name, document in samples().items():
        about = {"apiVersion": "changegate.dev/v1", "kind": "InputDocument", "metadata": {"name": name}}
        (objects / f"{name}.json").write_text(json.dumps({**about, "spec": document}))
    shown = run(gator(), "test", "--filename", str(objects), "--output", "json", cwd=folder)
    found: dict[str, set[str]] = {name: set() for name in samples()}
    for one in json.loads(shown.stdout):
        found[one["violatingObject"]["metadata"]["name"]].add(one["metadata"]["details"]["rule"])
    assert found == {name: set().union(*expected(name)) for name in samples()}


# The command


def test_the_same_policies_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = changegate("policy", "bundle", "-o", "again.tar.gz", cwd=tmp_path, env={"TZ": "Asia/Tokyo"})
    assert again.code == 0
    assert (tmp_path / "again.tar.gz").read_bytes() == (folder / "changegate.tar.gz").read_bytes()


def test_a_revision_of_one_s_own(tmp_path: Path) -> None:
    assert changegate("policy", "bundle", "--revision", "2026-11-02", "-o", "x.tar.gz", cwd=tmp_path).code == 0
    manifest = json.loads(unpacked((tmp_path / "x.tar.gz").read_bytes())[".manifest"])
    assert manifest == {"revision": "2026-11-02", "roots": ["changegate", "main"], "rego_version": 1}


def test_own_policies_are_packed_and_read_again(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    (policies / "acme/limits").mkdir(parents=True)
    (policies / "acme/p.rego").write_text('package acme\n\ndeny contains "no" if input.x > data.acme.limits.top\n')
    (policies / "acme/p_test.rego").write_text("package acme_test\n\ntest_it if true\n")
    (policies / "acme/limits/data.yaml").write_text("top: 3\n")
    (policies / "notes.txt").write_text("not packed")
    assert changegate("policy", "bundle", "--own", "policies", "-o", "shared.tar.gz", cwd=tmp_path).code == 0
    files = unpacked((tmp_path / "shared.tar.gz").read_bytes())
    assert files.keys() == {".manifest", "acme/p.rego", "acme/limits/data.yaml"}
    manifest = json.loads(files[".manifest"])
    assert (manifest["roots"], manifest["revision"][:7]) == (["acme"], "sha256:")
    (tmp_path / "input.json").write_text('{"x": 4}')
    command = [opa(), "eval", "-b", "shared.tar.gz", "-i", "input.json", "-f", "raw", "data.acme.deny"]
    assert json.loads(run(*command, cwd=tmp_path).stdout) == ["no"]


@pytest.mark.parametrize(
    ("file", "text", "message", "place"),
    [
        ("p.rego", "package changegate.main\n\nx := 1\n", "reserved", "policies/p.rego:1"),
        ("p.rego", "package a\n\nx := := 1\n", "cannot be evaluated", "policies/p.rego:3"),
        (".manifest", '{"roots": ["other"]}', "outside", "policies/ok.rego"),
        (".manifest", "{", "JSON", "policies/.manifest:1"),
        ("data.json", '{"changegate": 1}', "reserved", "policies"),
    ],
)
def test_what_could_not_be_read_again_is_not_packed(
    tmp_path: Path, file: str, text: str, message: str, place: str
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/ok.rego").write_text("package ok\n\nx := 1\n")
    (tmp_path / "policies" / file).write_text(text)
    done = changegate("policy", "bundle", "--own", "policies", "-o", "x.tar.gz", cwd=tmp_path)
    assert (done.code, message in done.err, f"changegate: {place}: " in done.err) == (2, True, True), done.err
    assert not (tmp_path / "x.tar.gz").exists()


def test_links_and_missing_folders_are_not_packed(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "secret.rego").write_text("package secret\n")
    (tmp_path / "policies/link.rego").symlink_to(tmp_path / "secret.rego")
    done = changegate("policy", "bundle", "--own", "policies", "-o", "x.tar.gz", cwd=tmp_path)
    assert (done.code, "a link is not packed" in done.err) == (2, True)
    done = changegate("policy", "bundle", "--own", "nowhere", "-o", "x.tar.gz", cwd=tmp_path)
    assert (done.code, "nowhere is not a folder" in done.err) == (2, True)


# The documentation


def test_the_documented_commands_run(tmp_path: Path) -> None:
    """Every console block of the page, line by line, in a repository with a folder of policies."""
    page = (Path(__file__).parents[2] / "docs/bundles.md").read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 7
    root = fixtures.lay_out(tmp_path / "repository", fixtures.case("fraud-overnight-update")).root
    (root / "policies").mkdir()
    annotation = "# METADATA\n# scope: package\n# schemas:\n#   - input: schema.input\n"
    policy = 'package acme\n\ndeny contains "x" if input.release.spec.risk.tier == "?"\n'
    (root / "policies/acme.rego").write_text(annotation + policy)
    folders = [str(Path(tool).parent) for tool in (opa(), conftest(), jq(), str(COMMAND))]
    environment = {**surroundings(), "PATH": ":".join([*folders, os.environ["PATH"]])}
    for line in "".join(blocks).splitlines():
        # What fails in the demonstration's own repository is not the question here, so conftest may find something.
        done = subprocess.run(
            ["bash", "-c", line], cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        codes = {0, 1} if line.startswith("conftest") else {0}
        assert done.returncode in codes, f"{line}\n{done.stdout}{done.stderr}"
        if line.startswith("conftest"):
            assert " tests, " in done.stdout, done.stdout
