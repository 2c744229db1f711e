package changegate.checks.lineage_test

content_rule := "lineage/content-changed-under-version"

at(state, path) := json.patch(
	{"kind": "artifact", "name": "model", "place": {"path": path}},
	[put("/state", state)],
)

another(state) := put("/facts/lineage/content/parts/0", at(state, ["spec", "artifacts", 0, "digest"]))

replaced(state) := {"op": "replace", "path": "/facts/lineage/content/parts/0/state", "value": state}

states := {
	"added", "algorithm", "digest", "form", "hosted", "moved", "removed",
	"repinned", "resized", "rewritten", "role", "unbound",
}

test_content_changed_under_version_fires_alone if {
	failures([another("digest")]) == {content_rule}
	outcomes({"critical"}, [another("digest")])[content_rule] == failed(["spec", "artifacts", 0, "digest"], {
		"kind": "artifact",
		"name": "model",
		"problem": "has another digest",
		"version": "2.3.0",
		"revision": "abc",
		"file": "models/a.yaml",
	})
}

test_content_changed_under_version_fires_for_whatever_is_not_the_same if {
	every state in states | {"typo"} {
		found := outcomes({"critical"}, [replaced(state)])[content_rule]
		[one.path | some one in found.violations] == [["spec", "artifacts", 0]]
	}
	problems := {one.details.problem |
		some state in states
		some one in outcomes({"critical"}, [replaced(state)])[content_rule].violations
	}
	count(problems) == count(states)
	count(outcomes({"critical"}, [another("digest"), another("added")])[content_rule].violations) == 2
}

test_content_changed_under_version_passes_only_where_all_is_the_same if {
	outcomes({"critical"}, [])[content_rule] == passed
	other := put("/facts/lineage/content", {"sameVersion": false, "parts": []})
	outcomes({"critical"}, [other])[content_rule].outcome == "not-applicable"
	outcomes({"critical"}, [another("digest"), put("/previous/how", "tag")])[content_rule].outcome == "failed"
	outcomes({"critical"}, [another("digest"), put("/previous/how", "replaces")])[content_rule].outcome == "not-applicable"
	outcomes(low, [another("digest")])[content_rule].outcome == "not-applicable"
}

test_content_changed_under_version_needs_a_previous_release_to_compare_with if {
	every status, outcome in {"absent": "not-applicable", "invalid": "not-applicable", "unavailable": "unknown"} {
		previous := put("/previous", {"status": status, "reason": "why"})
		outcomes({"critical"}, [another("digest"), previous])[content_rule].outcome == outcome
	}
}

test_content_changed_under_version_missing_facts_fail if {
	every path in ["", "/sameVersion", "/parts", "/parts/1/state"] {
		failures([drop(concat("", ["/facts/lineage/content", path]))]) == {content_rule}
	}
	failures([put("/facts/lineage/content/parts", [])]) == {content_rule}
	every path in [
		"/release", "/previous/file", "/previous/revision",
		"/facts/lineage/content/parts/0/name", "/facts/lineage/content/parts/0/kind",
	] {
		outcomes({"critical"}, [another("digest"), drop(path)])[content_rule] == failed(["spec", "version"], {})
	}
	placeless := outcomes({"critical"}, [another("digest"), drop("/facts/lineage/content/parts/0/place")])[content_rule]
	[one.path | some one in placeless.violations] == [["spec", "artifacts"]]
}
