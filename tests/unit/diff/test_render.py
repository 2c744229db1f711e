"""The diff as text and as JSON."""

from __future__ import annotations

import json

from changegate.diff.render import as_json, difference, text
from changegate.names import Identity
from support.rollouts import fraud

FRAUD = Identity("production", "fraud-detector", "main")


def changed() -> dict[str, object]:
    release = fraud()
    release["spec"]["version"] = "2.5.0"
    release["spec"]["serving"]["endpoint"] = "fraud-v2"
    del release["spec"]["slos"][1]
    return release


def test_text_lists_the_worst_first_and_counts() -> None:
    entry = difference(FRAUD, "models/fraud.yaml", fraud(), changed(), "identity")
    assert text([entry]) == (
        "fraud-detector: update 2.4.0 → 2.5.0 (models/fraud.yaml)\n"
        "  breaking           serving  Endpoint: fraud → fraud-v2.\n"
        "  could-be-breaking  serving  Objective `error-rate` is no longer there: objective 0.999, window 30d.\n"
        "\n"
        "1 release: 1 breaking, 1 could-be-breaking\n"
    )


def test_nothing_changed_says_so() -> None:
    assert text([]) == "no release changed\n"


def test_what_was_not_compared_is_never_no_change() -> None:
    drawn = text([], ["models/a.yaml:3: a tab"])
    assert "no release changed" not in drawn
    assert "no change of meaning" not in drawn
    assert "models/a.yaml:3: a tab" in drawn
    assert "1 could not be compared" in drawn


def test_every_line_is_escaped_by_itself() -> None:
    release = changed()
    release["spec"]["version"] = "2\n::error::x"  # type: ignore[index]
    drawn = text([difference(FRAUD, "f", fraud(), release)], escape=lambda line: line.replace("\n", "?"))
    assert not any(line.startswith("::error") for line in drawn.splitlines())


def test_json_has_a_version_and_leaves_out_what_is_not_there() -> None:
    document = json.loads(as_json([difference(FRAUD, "f", None, fraud())], ["x"]))
    assert document["schemaVersion"] == 1
    assert document["notCompared"] == ["x"]
    (release,) = document["releases"]
    assert (release["operation"], release["versions"]) == ("create", {"after": "2.4.0"})
    assert all("before" not in change for change in release["changes"])


def test_a_change_plan_says_which_fields_leave_it_and_how_far_they_go() -> None:
    before = fraud()
    before["spec"]["changePlan"] = {"limits": {"fields": ["spec.version", "spec.serving"]}}
    after = changed() | {"spec": {**changed()["spec"], "changePlan": before["spec"]["changePlan"]}}  # type: ignore[dict-item]
    one = difference(FRAUD, "f", before, after)
    outside = [{"field": "spec.slos.error-rate"}, {"field": "spec.serving.endpoint", "level": "breaking"}]
    (release,) = json.loads(as_json([one]))["releases"]
    assert release["plan"]["furthest"] == "could-be-breaking"
    assert sorted(release["plan"]["outside"], key=len) == outside
    assert "outside of the change plan, which goes up to could-be-breaking: spec.serving.endpoint (breaking)" in text(
        [one]
    )
    before["spec"]["changePlan"]["limits"] = {
        "fields": ["spec.version", "spec.serving", "spec.slos"],
        "level": "breaking",
    }
    after["spec"]["changePlan"] = before["spec"]["changePlan"]  # type: ignore[index]
    assert "the change plan foresees these fields, up to breaking" in text([difference(FRAUD, "f", before, after)])
