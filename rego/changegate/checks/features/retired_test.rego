package changegate.checks.features_test

retired_stage(stage) := [put(facts_path("/deprecations"), [{
	"of": "feature", "name": "amount", "stage": stage, "on": "2027-01-31", "successor": "nothing is named in its place",
	"place": {"path": ["spec", "features", "inputs", 0, "name"]},
}])]

test_retired_fires_alone if {
	failures("high", retired_stage("past")) == {"features/retired"}
	outcomes("high", retired_stage("past"))["features/retired"] == failed(["inputs", 0, "name"], {
		"of": "feature", "name": "amount", "on": "2027-01-31", "successor": "nothing is named in its place",
	})
}

test_retired_passes_the_other_stage if not "features/retired" in failures("high", retired_stage("ahead"))

test_retired_missing if {
	"features/retired" in failures("high", [drop(facts_path("/deprecations"))])
	"features/retired" in failures("high", array.concat(retired_stage("past"), [drop(facts_path("/deprecations/0/stage"))]))
}
