package changegate.checks.provenance_test

test_data_licence_not_allowed_fires_alone if {
	closed := [put("/facts/provenance/trainingData/0/licence", "CC-BY-NC-4.0")]
	expected := failed(array.concat(training_data, [0, "license"]), {
		"name": "transactions", "licence": "CC-BY-NC-4.0", "allowed": ["CC-BY-4.0"],
	})
	only("provenance/data-licence-not-allowed", closed, expected)
}

test_data_licence_not_allowed_passes_a_listed_one if {
	passes("provenance/data-licence-not-allowed", [])
	any_licence := [put("/settings/provenance/dataLicences", ["*"])]
	outcomes("high", any_licence)["provenance/data-licence-not-allowed"].outcome == "not-applicable"
}

test_data_licence_not_allowed_missing_licence_fails if {
	failures("high", [drop("/facts/provenance/trainingData/0/licence")]) == {"provenance/data-licence-not-allowed"}
	failures("high", [drop("/settings/provenance/dataLicences")]) == {"provenance/data-licence-not-allowed"}
}
