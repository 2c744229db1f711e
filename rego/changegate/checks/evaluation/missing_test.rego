package changegate.checks.evaluation_test

nothing := [
	put("/evidence/evaluation", {"status": "absent", "reason": "none", "files": [], "comparison": {"status": "absent", "reason": "none"}}),
	fact(["block"], "absent"),
	fact(["reports"], []),
]

test_missing_fires_alone if {
	failures("high", nothing) == {"evaluation/missing"}
	outcomes("high", nothing)["evaluation/missing"] == failed(block_path, {})
	failures("high", array.concat(nothing, [fact(["block"], "not-applicable")])) == {"evaluation/missing"}
}

test_missing_passes_whatever_the_report_says if {
	outcomes("high", [put("/evidence/evaluation/status", "invalid")])["evaluation/missing"] == passed
}

test_missing_missing_keys if {
	"evaluation/missing" in failures("high", [no_fact(["block"])])
	"evaluation/missing" in failures("high", [drop("/evidence/evaluation/files")])
}
