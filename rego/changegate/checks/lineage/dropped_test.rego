package changegate.checks.lineage_test

import data.changegate.lib_test

slo_path := ["spec", "slos", "latency-p95"]

gone := put("/facts/lineage/dropped", [{
	"kind": "objective", "what": "the objective latency-p95",
	"place": {"path": slo_path, "related": [lib_test.before(slo_path)]},
}])

agreed := put("/facts/approvals/roles/model-risk/approvedBy", ["femi"])

gone_details := {
	"what": "the objective latency-p95", "revision": "abc", "file": "models/a.yaml",
	"role": "model-risk", "candidates": ["femi"],
}

test_dropped_fires_alone if {
	failures([gone]) == {"lineage/dropped"}
	outcomes({"critical"}, [gone])["lineage/dropped"] == lib_test.seen_with(failed(slo_path, gone_details), [lib_test.before(slo_path)])
}

test_dropped_passes_what_is_approved_or_not_asked_for if {
	outcomes({"critical"}, [gone, agreed])["lineage/dropped"] == passed
	outcomes({"critical"}, [gone, put("/settings/lineage/droppedKinds", ["signature"])])["lineage/dropped"] == passed
}

test_dropped_asks_nothing_below_its_tier if {
	outcomes(low, [gone])["lineage/dropped"].outcome == "not-applicable"
}

test_dropped_is_unknown_without_approvals if {
	unavailable := put("/evidence/approvals", {"status": "unavailable", "reason": "why"})
	outcomes({"critical"}, [gone, unavailable])["lineage/dropped"] == {"outcome": "unknown", "reason": "why"}
	outcomes({"critical"}, [unavailable])["lineage/dropped"] == passed
}

test_dropped_missing_facts_fail if {
	every path in ["/facts/lineage/dropped", "/settings/lineage/droppedFrom", "/settings/lineage/droppedKinds"] {
		failures([drop(path)]) == {"lineage/dropped"}
	}
	every path in ["/facts/approvals", "/settings/lineage/droppedRole", "/settings/lineage/droppedFrom", "/evidence"] {
		failures([gone, agreed, drop(path)]) == {"lineage/dropped"}
	}
	failures([gone, agreed, put("/evidence/approvals/status", "invalid")]) == {"lineage/dropped"}
	failures([put("/settings/lineage/droppedFrom", "typo")]) == {"lineage/dropped"}
}

test_who_has_to_approve_what_is_dropped_is_told if {
	found := data.changegate.checks.lineage.required with input as json.patch(good, [gone])
	found == [{"role": "model-risk", "count": 1, "approvedBy": [], "candidates": ["femi"]}]
	none := data.changegate.checks.lineage.required with input as good
	none == []
}
