package changegate.checks.external_test

unapproved := put("/facts/approvals/roles/model-risk", {"members": ["femi"], "approvedBy": [], "candidates": ["femi"]})

test_not_approved_fires_alone if {
	failures([unapproved]) == {"external/not-approved"}
	details := {"publisher": "sentence-transformers", "role": "model-risk", "candidates": ["femi"]}
	outcomes("high", [unapproved])["external/not-approved"] == failed(block, details)
}

test_not_approved_passes_what_the_previous_release_took_over if {
	before := put("/previous", {"status": "present", "release": release})
	outcomes("high", [unapproved, before])["external/not-approved"] == passed
	another := put("/release/spec/artifacts/0/digest", "sha256:1")
	failures([unapproved, before, another]) == {"external/not-approved"}
	otherwise := put("/release/spec/provenance/external/publisher", "somebody")
	failures([unapproved, before, otherwise]) == {"external/not-approved"}
}

test_not_approved_is_unknown_without_approvals if {
	unknown := put("/evidence/approvals", {"status": "unavailable", "reason": "why"})
	outcomes("high", [unapproved, unknown])["external/not-approved"].outcome == "unknown"
}

test_not_approved_missing_facts_fail if {
	every path in ["/facts/approvals", "/evidence/approvals", "/settings/external/externalRole"] {
		"external/not-approved" in failures([drop(path)])
	}
	failures([unapproved, drop("/facts/external/publisher")]) == {"external/not-approved"}
}
