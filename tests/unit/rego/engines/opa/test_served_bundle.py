"""A server that has our bundle already: used as it is if it is exactly ours, and otherwise refused."""

from __future__ import annotations

import io
import json
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from changegate.errors import EngineError
from changegate.own_policies.pack import beside
from changegate.rego.bundle import Bundle, Module, shipped
from changegate.rego.engines import EngineOptions, open_host
from changegate.rego.engines.embedded import Embedded
from changegate.rego.engines.engine import DECISION
from support.command import changegate
from support.opa import odd, running

if TYPE_CHECKING:
    from pathlib import Path

    from support.opa import Odd

REVISION = "sha256:abc"
CHANGE_SET = {"subject": {"kind": "change-set"}}
OURS = {module.name: module.text for module in shipped().modules}


def pack(path: Path, files: dict[str, str], **manifest: Any) -> Path:
    """A bundle as OPA loads it."""
    stated = {"revision": REVISION, "roots": ["changegate"], "rego_version": 1, **manifest}
    with tarfile.open(path, "w:gz") as archive:
        for name, text in {".manifest": json.dumps(stated), **files}.items():
            data = text.encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def options(url: str, revision: str = REVISION) -> EngineOptions:
    return EngineOptions(engine="opa", opa_url=url, opa_bundle_revision=revision, beside=beside)


def test_the_servers_own_bundle_is_used_and_nothing_is_uploaded(tmp_path: Path) -> None:
    """The bundle is the one that `changegate policy bundle` writes, with all that it holds beside the rules."""
    assert changegate("policy", "bundle", "-o", "ours.tar.gz", cwd=tmp_path).code == 0
    own = Bundle((Module("own.rego", "package own\n\nanswer := data.changegate\n\nother := 2\n"),))
    with running(tmp_path, "--bundle", "ours.tar.gz") as server:
        host = open_host(options(server.url, shipped().digest))
        try:
            engine = host.load(shipped())
            assert engine.decide(CHANGE_SET) == Embedded(shipped()).query((DECISION,), CHANGE_SET)[DECISION]
            assert "PUT" not in {method for method, _ in server.asked()}
            # Policies of a user's own are still apart, and see nothing of ours.
            answers = host.load(own).query(("data.own.answer", "data.own.other"), {})
            assert answers == {"data.own.other": 2}
        finally:
            host.close()
        assert server.left() == []


@pytest.mark.parametrize(
    ("files", "manifest", "message"),
    [
        (OURS, {"revision": "other"}, "has no bundle of revision sha256:abc: it has revision other"),
        (OURS, {"revision": ""}, "it has revision without one"),
        ({"other.rego": "package other\n\nx := 1\n"}, {"roots": ["other"]}, "no bundle with the root"),
        (
            {**OURS, "changegate/more.rego": "package changegate.more\n\nx := 1\n"},
            {},
            "has other modules below `changegate` than this",
        ),
        (
            {**OURS, "changegate/risk.rego": OURS["changegate/risk.rego"] + "\n"},
            {},
            "has other modules below `changegate` than this",
        ),
        ({name: text for name, text in OURS.items() if "slos" not in name}, {}, "has other modules below"),
    ],
    ids=["revision", "no revision", "roots", "more", "changed", "fewer"],
)
def test_what_is_not_exactly_ours_is_refused(
    tmp_path: Path, files: dict[str, str], manifest: dict[str, Any], message: str
) -> None:
    with running(tmp_path, "--bundle", str(pack(tmp_path / "b.tar.gz", files, **manifest))) as server:
        host = open_host(options(server.url))
        try:
            with pytest.raises(EngineError, match=message) as caught:
                host.load(shipped())
        finally:
            host.close()
        assert "changegate policy bundle" in caught.value.hint


def test_a_server_without_bundles_has_none(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        host = open_host(options(server.url))
        try:
            with pytest.raises(EngineError, match="no bundle with the root"):
                host.load(shipped())
        finally:
            host.close()


@pytest.mark.parametrize("said", [{}, {"revision": "newer"}])
def test_a_bundle_that_is_replaced_in_the_middle_of_a_run(said: dict[str, str]) -> None:
    def act(handler: Odd) -> None:
        path = handler.path.partition("?")[0]
        answers = {
            "/v1/config": {"result": {"labels": {"version": "1.22.2"}}},
            "/v1/data/system/bundles": {"result": {"b": {"manifest": {"revision": REVISION, "roots": ["changegate"]}}}},
            "/v1/policies": {
                "result": [
                    {
                        "id": name,
                        "raw": text,
                        "ast": {"package": {"path": [{"value": "data"}, {"value": "changegate"}]}},
                    }
                    for name, text in OURS.items()
                ]
            },
        }
        decision = {"result": {"outcomes": {}}, "provenance": {"version": "1.22.2", "bundles": {"b": said}}}
        handler.reply(json.dumps(answers.get(path, decision)).encode())

    with odd(act, always=True) as server:
        host = open_host(options(server.url))
        try:
            with pytest.raises(EngineError, match="took another bundle in the middle of the run"):
                host.load(shipped()).decide(CHANGE_SET)
        finally:
            host.close()
