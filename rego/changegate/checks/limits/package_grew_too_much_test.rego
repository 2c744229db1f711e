package changegate.checks.limits_test

test_package_grew_too_much_fires_alone if {
	grown := [put(fact("packageGrowth/growthRatio"), 2.1)]
	failures("high", grown) == {"limits/package-grew-too-much"}
	some violation in outcomes("high", grown)["limits/package-grew-too-much"].violations
	violation.path == ["spec", "serving", "packageBytes"]
	violation.details == {"growthRatio": 2.1, "maximumRatio": 2}
}

test_package_grew_too_much_passes if outcomes("high", [])["limits/package-grew-too-much"] == passed

test_package_grew_too_much_missing if {
	every key in ["packageGrowth", "packageGrowth/status", "packageGrowth/growthRatio"] {
		failures("high", [drop(fact(key))]) == {"limits/package-grew-too-much"}
	}
}
