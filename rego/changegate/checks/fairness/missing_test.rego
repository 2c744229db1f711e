package changegate.checks.fairness_test

nothing_named := [
	put("/evidence/fairness", {"status": "absent", "reason": "none", "files": []}),
	fact("/block", "absent"),
]

test_missing_fires_alone if {
	failures("high", nothing_named) == {"fairness/missing"}
	outcomes("high", nothing_named)["fairness/missing"] == failed(block, {})
}

test_missing_passes_where_nobody_is_affected if {
	nobody := object.union(claims, {"affectsUsers": false, "personalData": false})
	alone := array.concat(nothing_named, [put("/facts/risk", {"claims": nobody})])
	failures("high", alone) == set()
	outcomes("high", alone)["fairness/missing"].outcome == "not-applicable"
	still := array.concat(nothing_named, [put("/facts/risk", {"claims": nobody, "previous": claims})])
	failures("high", still) == {"fairness/missing"}
}

test_missing_fires_where_only_one_of_the_claims_is_denied if {
	every key in ["affectsUsers", "personalData"] {
		one := object.union(claims, {key: false})
		failures("high", array.concat(nothing_named, [put("/facts/risk", {"claims": one})])) == {"fairness/missing"}
	}
}

test_missing_takes_research_at_its_word if {
	research := [put("/facts/risk", {"claims": {"tier": "high", "exposure": "research"}})]
	failures("high", array.concat(nothing_named, research)) == set()
	affecting := [put("/facts/risk", {"claims": {"tier": "high", "exposure": "research", "affectsUsers": true}})]
	failures("high", array.concat(nothing_named, affecting)) == {"fairness/missing"}
}

test_missing_missing_claims_and_block_fail if {
	failures("high", array.concat(nothing_named, [drop("/facts/risk/claims")])) == {"fairness/missing"}
	"fairness/missing" in failures("high", [put("/evidence/fairness/files", [])])
	"fairness/missing" in failures("high", [drop("/facts/fairness/block")])
}
