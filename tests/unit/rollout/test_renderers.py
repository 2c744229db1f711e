"""The plan is neutral, and the registry of renderers is the one place that names controllers."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from changegate import fixtures
from changegate.cli.plan import command
from changegate.manifest import load_manifests
from changegate.resources import SCHEMAS
from changegate.rollout import RENDERERS, document, model, planned, planner, shares
from changegate.rollout.options import PlanOptions

ROOT = Path(__file__).parents[3]
TARGETS = json.loads((SCHEMAS / "manifest.schema.json").read_text())
MANIFESTS = sorted(fixtures.FIXTURES.glob("gitops-repo/models/*/manifest.yaml"))
ROUTERS = json.loads((SCHEMAS / "settings" / "rollout.json").read_text())["properties"]["trafficRouter"]["enum"]
CONTROLLERS = r"argo|flagger|kserve|knative|istio|nginx|gateway|sagemaker|lambda|kubernetes|virtualservice|httproute"
QUERIES = r"promql|prometheus|histogram_quantile|rate\(|sum\(|query|\{\{"
PAGE = (ROOT / "docs" / "rollout.md").read_text("utf-8")


def enum() -> list[str]:
    """The targets that a manifest may name."""
    found = [node for node in _walk(TARGETS) if "enum" in node.get("target", {})]
    assert len(found) == 1
    return list(found[0]["target"]["enum"])


def _walk(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for one in node for found in _walk(one)]
    own = [node["properties"]] if isinstance(node, dict) and isinstance(node.get("properties"), dict) else []
    return own + [found for one in node.values() for found in _walk(one)] if isinstance(node, dict) else []


@pytest.mark.parametrize("router", ROUTERS)
@pytest.mark.parametrize("path", MANIFESTS, ids=[path.parent.name for path in MANIFESTS])
def test_no_word_of_a_controller_and_no_query_stands_in_any_plan(path: Path, router: str) -> None:
    (entry,) = load_manifests(path.read_bytes(), str(path)).manifests
    plan = planned(entry.value, {"rollout": {"trafficRouter": router}}).plan
    text = json.dumps(plan or {})
    assert re.findall(f"{CONTROLLERS}|{QUERIES}", text, re.IGNORECASE) == []


def test_no_word_of_a_controller_stands_in_what_makes_the_plan() -> None:
    """A platform is what a manifest says, and no controller."""
    texts = {module.__name__: inspect.getsource(module) for module in (planner, model, document, shares)}
    texts["options"] = inspect.getsource(PlanOptions)
    texts["schema"] = (SCHEMAS / "plan.schema.json").read_text()
    words = f"{CONTROLLERS}|promql|prometheus|histogram_quantile".replace("|kubernetes", "")
    found = {name: re.findall(words, text, re.IGNORECASE) for name, text in texts.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_a_manifest_may_name_every_renderer() -> None:
    assert set(RENDERERS) <= set(enum())


def test_the_help_names_every_renderer_and_nothing_else() -> None:
    text = " ".join(CliRunner().invoke(command, ["--help"]).output.split())
    (named,) = re.findall(r"The controller to render for: ([^.]*)\.", text)
    assert named.replace("- ", "-").split(", ") == sorted(RENDERERS)


def test_the_docs_show_every_renderer_and_say_which_targets_have_none() -> None:
    assert sorted(re.findall(r"^`target: ([a-z-]+)` gives ", PAGE, re.MULTILINE)) == sorted(RENDERERS)
    others = PAGE.partition("## Other targets")[2].partition("There is no renderer")[0]
    assert sorted(re.findall(r"`([a-z-]+)`", others)) == sorted(set(enum()) - set(RENDERERS) - {"none"})


def test_what_a_controller_loses_is_its_own_to_say() -> None:
    (entry,) = load_manifests(MANIFESTS[0].read_bytes(), "m.yaml").manifests
    rendering = planned(entry.value).rendering
    assert rendering is not None
    assert rendering["target"] == "argo-rollouts"
    assert any("Argo Rollouts" in loss or "abort" in loss for loss in rendering["losses"])
