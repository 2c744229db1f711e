package changegate.checks.risk_test

import data.changegate.lib_test

claim_path := ["spec", "risk", "affectsUsers"]

fell := put("/facts/lineage/fallen", [{
	"claim": "affectsUsers", "before": "true", "now": "false",
	"place": {"path": claim_path, "related": [lib_test.before(claim_path)]},
}])

nobody_yet := put("/facts/approvals/roles/model-risk/approvedBy", [])

lowered_details := {"claim": "affectsUsers", "before": "true", "now": "false", "role": "model-risk", "candidates": []}

test_claims_lowered_fires_alone if {
	failures([fell, nobody_yet]) == {"risk/claims-lowered"}
	outcomes([fell, nobody_yet])["risk/claims-lowered"] == lib_test.seen_with(failed(claim_path, lowered_details), [lib_test.before(claim_path)])
}

test_claims_lowered_passes_what_is_approved if {
	outcomes([fell])["risk/claims-lowered"] == passed
	outcomes([nobody_yet])["risk/claims-lowered"] == passed
}

test_claims_lowered_asks_nothing_below_its_tier if {
	outcomes([fell, nobody_yet, put("/settings/risk/loweredFrom", "high")])["risk/claims-lowered"].outcome == "not-applicable"
}

test_claims_lowered_is_unknown_without_approvals if {
	unavailable := put("/evidence/approvals", {"status": "unavailable", "reason": "why"})
	outcomes([fell, unavailable])["risk/claims-lowered"] == {"outcome": "unknown", "reason": "why"}
	outcomes([unavailable])["risk/claims-lowered"] == passed
}

test_claims_lowered_missing_facts_fail if {
	every path in ["/facts/lineage/fallen", "/facts/lineage/checked", "/facts/lineage", "/settings/risk/loweredFrom"] {
		"risk/claims-lowered" in failures([drop(path)])
	}
	every path in ["/facts/approvals", "/facts/approvals/roles/model-risk/approvedBy", "/settings/risk/loweredRole", "/evidence"] {
		"risk/claims-lowered" in failures([fell, drop(path)])
	}
	"risk/claims-lowered" in failures([fell, put("/evidence/approvals/status", "invalid")])
	"risk/claims-lowered" in failures([put("/settings/risk/loweredFrom", "typo")])
}

test_who_has_to_approve_a_lower_claim_is_told if {
	expected := [{"role": "model-risk", "count": 1, "approvedBy": [], "candidates": []}]
	found := data.changegate.checks.risk.required with input as json.patch(good, [fell, nobody_yet])
	found == expected
	none := data.changegate.checks.risk.required with input as good
	none == []
}
