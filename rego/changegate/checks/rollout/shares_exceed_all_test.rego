package changegate.checks.rollout_test

divided(percent) := [put("/facts/rollout/divisions", [{
	"of": "tiers",
	"totalPercent": percent,
	"place": {"path": ["spec", "rollout", "tiers"]},
}])]

test_shares_exceed_all_fires_at_the_block if {
	outcomes("high", divided(120))["rollout/shares-exceed-all"] == failed(
		["spec", "rollout", "tiers"],
		{"of": "tiers", "totalPercent": 120},
	)
}

test_shares_exceed_all_passes_at_all if outcomes("high", divided(100))["rollout/shares-exceed-all"] == passed

test_shares_exceed_all_missing_sum_fails if {
	every path in ["/facts/rollout/divisions", "/facts/rollout/divisions/0/totalPercent"] {
		outcomes("high", array.concat(divided(100), [drop(path)]))["rollout/shares-exceed-all"].outcome == "failed"
	}
}
