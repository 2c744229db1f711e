package changegate.checks.provenance_test

test_attestations_disagree_fires if only("provenance/attestations-disagree", [add("/facts/provenance/signed/-", object.union(attested_build, {"attested": {"about": ["model"], "speaker": {"role": "builder", "id": "https://trainer", "listed": true}, "unknownParameters": [], "buildLevel": 2, "source": {"repository": "same", "commit": "same", "saidCommit": "0000"}}}))], failed(["spec", "provenance"], {"artifact": "model", "what": "commit", "said": ["0000", "9fce"]}))

test_attestations_disagree_passes if passes("provenance/attestations-disagree", [])

test_attestations_disagree_leaves_alone_what_is_not_there if {
	is_na("provenance/attestations-disagree", "high", [drop("/facts/provenance/signed/1")])
}

test_attestations_disagree_missing_keys_fail if {
	every path in ["/facts/provenance/signed", "/facts/provenance/signed/1/attested/about"] {
		"provenance/attestations-disagree" in failures("high", [drop(path)])
	}
}
