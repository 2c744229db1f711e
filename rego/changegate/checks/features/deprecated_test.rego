package changegate.checks.features_test

deprecated_stage(stage) := [put(facts_path("/deprecations"), [{
	"of": "feature", "name": "amount", "stage": stage, "on": "2027-01-31", "successor": "nothing is named in its place",
	"place": {"path": ["spec", "features", "inputs", 0, "name"]},
}])]

test_deprecated_fires_alone if {
	failures("high", deprecated_stage("ahead")) == {"features/deprecated"}
	outcomes("high", deprecated_stage("ahead"))["features/deprecated"] == failed(["inputs", 0, "name"], {
		"of": "feature", "name": "amount", "on": "2027-01-31", "successor": "nothing is named in its place",
	})
}

test_deprecated_passes_the_other_stage if not "features/deprecated" in failures("high", deprecated_stage("past"))

test_deprecated_missing if {
	"features/deprecated" in failures("high", [drop(facts_path("/deprecations"))])
	"features/deprecated" in failures("high", array.concat(deprecated_stage("ahead"), [drop(facts_path("/deprecations/0/stage"))]))
}
