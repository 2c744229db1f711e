package changegate.checks.provenance_test

from_repository(address) := put("/release/spec/provenance/source/repository", address)

test_source_not_allowed_fires_alone if {
	details := {"repository": "https://github.com/acme-evil/x", "allowed": ["https://github.com/acme/*", "https://git.example/one"]}
	expected := failed(["spec", "provenance", "source", "repository"], details)
	only("provenance/source-not-allowed", [from_repository("https://github.com/acme-evil/x")], expected)
}

test_source_not_allowed_passes_a_listed_one if {
	every address in ["https://github.com/acme/x", "https://git.example/one"] {
		passes("provenance/source-not-allowed", [from_repository(address)])
	}
	failures("high", [from_repository("https://git.example/one2")]) == {"provenance/source-not-allowed"}
	anywhere := [put("/settings/provenance/sourceRepositories", ["*"])]
	outcomes("high", anywhere)["provenance/source-not-allowed"].outcome == "not-applicable"
}

test_source_not_allowed_missing_repository_fails if {
	failures("high", [drop("/release")]) == {"provenance/source-not-allowed"}
	failures("high", [drop("/settings/provenance/sourceRepositories")]) == {"provenance/source-not-allowed"}
}
