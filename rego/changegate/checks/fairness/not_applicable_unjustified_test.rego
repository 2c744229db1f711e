package changegate.checks.fairness_test

excused := [
	put("/evidence/fairness", {"status": "absent", "reason": "products only", "files": []}),
	fact("/block", "not-applicable"),
]

test_not_applicable_unjustified_fires_alone if {
	failures("high", excused) == {"fairness/not-applicable-unjustified"}
	found := outcomes("high", excused)["fairness/not-applicable-unjustified"]
	found == failed({"path": ["spec", "fairness", "notApplicable"]}, {})
}

test_not_applicable_unjustified_passes_below_the_tier_and_where_no_user_is_affected if {
	outcomes("medium", excused)["fairness/not-applicable-unjustified"] == passed
	unaffecting := object.union(claims, {"affectsUsers": false})
	alone := array.concat(excused, [put("/facts/risk", {"claims": unaffecting})])
	outcomes("critical", alone)["fairness/not-applicable-unjustified"] == passed
	still := array.concat(excused, [put("/facts/risk", {"claims": unaffecting, "previous": claims})])
	failures("critical", still) == {"fairness/not-applicable-unjustified"}
}

test_not_applicable_unjustified_missing_claims_and_setting_fail if {
	failures("high", array.concat(excused, [drop("/facts/risk")])) == {"fairness/not-applicable-unjustified"}
	unset := array.concat(excused, [drop("/settings/fairness/measuredFrom")])
	failures("medium", unset) == {"fairness/not-applicable-unjustified"}
}
