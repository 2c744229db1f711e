package changegate.checks.external_test

test_licence_not_allowed_fires_alone if {
	closed := [put("/facts/external/licences", [["CC-BY-NC-4.0"]]), put("/facts/external/licence", "CC-BY-NC-4.0")]
	failures(closed) == {"external/licence-not-allowed"}
	expected := failed(array.concat(block, ["licence"]), {"licence": "CC-BY-NC-4.0"})
	outcomes("high", closed)["external/licence-not-allowed"] == expected
}

test_licence_not_allowed_passes_one_choice_whose_licences_are_all_allowed if {
	choices := put("/facts/external/licences", [["CC-BY-NC-4.0"], ["MIT", "Apache-2.0"]])
	outcomes("high", [choices])["external/licence-not-allowed"] == passed
	failures([put("/facts/external/licences", [["MIT", "CC-BY-NC-4.0"]])]) == {"external/licence-not-allowed"}
}

test_licence_not_allowed_missing_facts_fail if {
	every path in ["/facts/external/licences", "/settings/external/licences"] {
		failures([drop(path)]) == {"external/licence-not-allowed"}
	}
	every none in [[], [[]]] { failures([put("/facts/external/licences", none)]) == {"external/licence-not-allowed"} }
	failures([drop("/facts/external/licences"), drop("/facts/external/licence")]) == {"external/licence-not-allowed"}
}
