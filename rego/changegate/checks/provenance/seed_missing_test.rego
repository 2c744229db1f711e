package changegate.checks.provenance_test

test_seed_missing_fires if {
	unseeded := [put("/facts/provenance/environment/seedStated", false)]
	only("provenance/seed-missing", unseeded, failed(["spec", "provenance", "environment", "seed"], {}))
}

test_seed_missing_passes if passes("provenance/seed-missing", [])

test_seed_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/environment/seedStated")]) == {"provenance/seed-missing"}
}
