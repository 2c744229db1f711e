package changegate.checks.provenance_test

import data.changegate.checks.provenance

at_file := {"file": "evidence/provenance.dsse.json", "revision": "head", "path": ["payload"]}

attested := {
	"status": "present", "file": "evidence/provenance.dsse.json", "verified": false,
	"place": {"at": {"file": "evidence/provenance.dsse.json", "revision": "head", "path": []}},
}

statement := {
	"predicateType": "https://slsa.dev/provenance/v1",
	"boundTo": [{"artifact": "model", "algorithm": "sha256"}],
	"place": {"at": at_file},
}

good := {
	"evidence": {"provenance": {
		"status": "present",
		"lockfile": {"status": "present", "file": "uv.lock", "place": {"at": {"file": "uv.lock", "revision": "head", "path": []}}},
		"signature": {"status": "present", "file": "model.sig", "verified": false, "place": {"path": signature}},
		"attestations": {"status": "present", "files": [attested]},
	}},
	"facts": {"provenance": {
		"block": "present",
		"trained": true,
		"source": {"repositoryStated": true, "commitStated": true, "commitHexDigitsCount": 40},
		"trainingRun": {"stated": true},
		"trainingData": [{"name": "transactions", "algorithm": "sha256"}],
		"environment": {"imagePinned": true, "seedStated": true},
		"attestations": [statement],
	}},
	"settings": {"provenance": {
		"sourceFrom": "medium",
		"trainingRunFrom": "medium",
		"trainingDataFrom": "medium",
		"environmentFrom": "medium",
		"signatureFrom": "high",
		"attestationFrom": "high",
		"attestationSoundFrom": "medium",
		"strongAlgorithms": ["sha256", "sha512"],
	}},
}

commit := ["spec", "provenance", "source", "commit"]

training_data := ["spec", "provenance", "trainingData"]

lockfile := ["spec", "provenance", "environment", "lockfile"]

signature := ["spec", "provenance", "signature"]

attestations := ["spec", "provenance", "attestations"]

slsa := {"predicateType": "https://slsa.dev/provenance/v1"}

outcomes(tier, patches) := result if {
	result := provenance.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

add(path, value) := {"op": "add", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failed(path, details) := {"outcome": "failed", "violations": {{"path": path, "details": details}}}

failed_at(at, details) := {"outcome": "failed", "violations": {{"at": at, "details": details}}}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

# Exactly this rule fails, with exactly this outcome.
only(id, patches, expected) if {
	failures("high", patches) == {id}
	outcomes("high", patches)[id] == expected
}

passes(id, patches) if outcomes("high", patches)[id] == passed

is_na(id, tier, patches) if outcomes(tier, patches)[id].outcome == "not-applicable"

every_rule := {
	"provenance/source-missing", "provenance/commit-not-pinned", "provenance/training-run-missing",
	"provenance/training-data-missing", "provenance/training-data-unpinned", "provenance/environment-unpinned",
	"provenance/lockfile-mismatch", "provenance/seed-missing", "provenance/signature-missing",
	"provenance/attestation-missing", "provenance/attestation-invalid", "provenance/attestation-mismatch",
}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	object.keys(found) == every_rule
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing if {
	{outcome.outcome | some outcome in outcomes("low", [drop("/facts"), drop("/evidence")])} == {"not-applicable"}
}

test_medium_tier_is_not_asked_for_signature_and_attestation if {
	found := outcomes("medium", [])
	{id | some id, outcome in found; outcome != passed} == {"provenance/signature-missing", "provenance/attestation-missing"}
	{outcome.outcome | some outcome in found} == {"passed", "not-applicable"}
}

test_no_facts_and_no_evidence_pass_nothing if {
	failures("high", [drop("/facts"), drop("/evidence")]) == every_rule
}

test_no_settings_pass_nothing if failures("high", [drop("/settings/provenance")]) == every_rule

test_no_word_on_what_was_trained_passes_nothing if {
	failures("high", [drop("/facts/provenance/trained")]) == every_rule
	failures("high", [drop("/facts/provenance/block")]) == every_rule
}

test_what_was_not_trained_here_may_say_so if {
	stated := [put("/facts/provenance/block", "not-applicable"), put("/facts/provenance/trained", false)]
	{outcome.outcome | some outcome in outcomes("high", stated)} == {"not-applicable"}
}

test_what_was_trained_here_may_not_say_that_it_does_not_apply if {
	empty := array.concat(nothing_stated, [put("/facts/provenance/block", "not-applicable")])
	failures("high", empty) == asked_of_all
	failures("high", array.concat(empty, [drop("/facts/provenance/trained")])) == asked_of_all
}

test_no_block_fails_what_is_asked_of_all if {
	failures("high", array.concat(nothing_stated, [put("/facts/provenance/block", "absent")])) == asked_of_all
}

asked_of_all := {
	"provenance/source-missing", "provenance/training-run-missing", "provenance/training-data-missing",
	"provenance/environment-unpinned", "provenance/lockfile-mismatch", "provenance/seed-missing",
	"provenance/signature-missing", "provenance/attestation-missing",
}

nothing_stated := [
	put("/facts/provenance/source", {"repositoryStated": false, "commitStated": false}),
	put("/facts/provenance/trainingRun/stated", false),
	put("/facts/provenance/trainingData", []),
	put("/facts/provenance/environment", {"imagePinned": false, "seedStated": false}),
	put("/facts/provenance/attestations", []),
	put("/evidence/provenance/lockfile", {"status": "absent", "reason": "none", "place": {"path": lockfile}}),
	put("/evidence/provenance/signature", {"status": "absent", "reason": "none", "place": {"path": signature}}),
	put("/evidence/provenance/attestations", {"status": "absent", "reason": "none", "files": []}),
]

test_source_missing_fires_without_a_commit if {
	without := [put("/facts/provenance/source", {"repositoryStated": true, "commitStated": false})]
	only("provenance/source-missing", without, failed(commit, {}))
}

test_source_missing_fires_without_a_repository if {
	only("provenance/source-missing", [put("/facts/provenance/source/repositoryStated", false)], failed(commit, {}))
}

test_source_missing_passes_with_both if passes("provenance/source-missing", [])

test_source_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/source/repositoryStated")]) == {"provenance/source-missing"}
	failures("high", [drop("/facts/provenance/source/commitStated")]) == {
		"provenance/source-missing", "provenance/commit-not-pinned",
	}
}

test_commit_not_pinned_fires_on_a_short_id if {
	short := [put("/facts/provenance/source/commitHexDigitsCount", 7)]
	only("provenance/commit-not-pinned", short, failed(commit, {"hexDigitsCount": 7}))
	failures("high", [put("/facts/provenance/source/commitHexDigitsCount", 41)]) == {"provenance/commit-not-pinned"}
	failures("high", [put("/facts/provenance/source/commitHexDigitsCount", 63)]) == {"provenance/commit-not-pinned"}
}

test_commit_not_pinned_passes_with_sha256_ids if {
	passes("provenance/commit-not-pinned", [put("/facts/provenance/source/commitHexDigitsCount", 64)])
}

test_commit_not_pinned_missing_fact_fails if {
	only("provenance/commit-not-pinned", [drop("/facts/provenance/source/commitHexDigitsCount")], failed(commit, {}))
}

test_training_run_missing_fires if {
	without := [put("/facts/provenance/trainingRun/stated", false)]
	only("provenance/training-run-missing", without, failed(["spec", "provenance", "trainingRun"], {}))
}

test_training_run_missing_passes if passes("provenance/training-run-missing", [])

test_training_run_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/trainingRun/stated")]) == {"provenance/training-run-missing"}
}

test_training_data_missing_fires_on_none if {
	only("provenance/training-data-missing", [put("/facts/provenance/trainingData", [])], failed(training_data, {}))
}

test_training_data_missing_passes if passes("provenance/training-data-missing", [])

test_training_data_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/trainingData")]) == {
		"provenance/training-data-missing", "provenance/training-data-unpinned",
	}
}

test_training_data_unpinned_fires_on_each_weak_or_missing_digest if {
	weak := [
		add("/facts/provenance/trainingData/-", {"name": "weak", "algorithm": "md5"}),
		add("/facts/provenance/trainingData/-", {"name": "none"}),
	]
	strong := ["sha256", "sha512"]
	only("provenance/training-data-unpinned", weak, {"outcome": "failed", "violations": {
		{"path": array.concat(training_data, [1, "digest"]), "details": {"name": "weak", "strongAlgorithms": strong}},
		{"path": array.concat(training_data, [2, "digest"]), "details": {"name": "none", "strongAlgorithms": strong}},
	}})
}

test_training_data_unpinned_passes_with_any_strong_algorithm if {
	passes("provenance/training-data-unpinned", [put("/facts/provenance/trainingData/0/algorithm", "sha512")])
}

test_training_data_unpinned_missing_keys_fail if {
	failures("high", [drop("/facts/provenance/trainingData/0/algorithm")]) == {"provenance/training-data-unpinned"}
	"provenance/training-data-unpinned" in failures("high", [drop("/settings/provenance/strongAlgorithms")])
}

test_environment_unpinned_fires if {
	tagged := [put("/facts/provenance/environment/imagePinned", false)]
	only("provenance/environment-unpinned", tagged, failed(["spec", "provenance", "environment", "image"], {}))
}

test_environment_unpinned_passes if passes("provenance/environment-unpinned", [])

test_environment_unpinned_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/environment/imagePinned")]) == {"provenance/environment-unpinned"}
}

test_lockfile_mismatch_fires_at_the_digest if {
	changed := {"status": "invalid", "reason": "it has another digest", "place": {"path": array.concat(lockfile, ["digest"])}}
	only(
		"provenance/lockfile-mismatch", [put("/evidence/provenance/lockfile", changed)],
		failed(array.concat(lockfile, ["digest"]), {"reason": "it has another digest"}),
	)
}

test_lockfile_mismatch_fires_without_one if {
	none := {"status": "absent", "reason": "none is named", "place": {"path": lockfile}}
	only(
		"provenance/lockfile-mismatch", [put("/evidence/provenance/lockfile", none)],
		failed(lockfile, {"reason": "none is named"}),
	)
}

test_lockfile_mismatch_passes if passes("provenance/lockfile-mismatch", [])

test_lockfile_mismatch_unavailable_is_unknown if {
	unseen := {"status": "unavailable", "reason": "it was not handed in", "place": {"path": lockfile}}
	outcomes("high", [put("/evidence/provenance/lockfile", unseen)])["provenance/lockfile-mismatch"] == {
		"outcome": "unknown",
		"reason": "it was not handed in",
	}
}

test_lockfile_mismatch_missing_status_fails if {
	only("provenance/lockfile-mismatch", [drop("/evidence/provenance/lockfile/status")], failed(lockfile, {}))
	only("provenance/lockfile-mismatch", [drop("/evidence/provenance/lockfile")], failed(lockfile, {}))
}

test_seed_missing_fires if {
	unseeded := [put("/facts/provenance/environment/seedStated", false)]
	only("provenance/seed-missing", unseeded, failed(["spec", "provenance", "environment", "seed"], {}))
}

test_seed_missing_passes if passes("provenance/seed-missing", [])

test_seed_missing_missing_fact_fails if {
	failures("high", [drop("/facts/provenance/environment/seedStated")]) == {"provenance/seed-missing"}
}

test_signature_missing_fires_without_one if {
	none := {"status": "absent", "reason": "none is named", "verified": false, "place": {"path": signature}}
	only(
		"provenance/signature-missing", [put("/evidence/provenance/signature", none)],
		failed(signature, {"reason": "none is named"}),
	)
}

test_signature_missing_fires_in_a_file_of_another_form if {
	at := {"file": "model.sig", "revision": "head", "line": 3, "column": 1}
	broken := {"status": "invalid", "reason": "no envelope", "verified": false, "place": {"at": at}}
	only(
		"provenance/signature-missing", [put("/evidence/provenance/signature", broken)],
		failed_at(at, {"reason": "no envelope"}),
	)
}

test_signature_missing_passes_unverified if passes("provenance/signature-missing", [])

test_signature_missing_unavailable_is_unknown if {
	unseen := {"status": "unavailable", "reason": "it was not handed in", "place": {"path": signature}}
	outcomes("high", [put("/evidence/provenance/signature", unseen)])["provenance/signature-missing"] == {
		"outcome": "unknown",
		"reason": "it was not handed in",
	}
}

test_signature_missing_missing_status_fails if {
	only("provenance/signature-missing", [drop("/evidence/provenance/signature/status")], failed(signature, {}))
	only("provenance/signature-missing", [drop("/evidence/provenance/signature")], failed(signature, {}))
}

test_attestation_missing_fires_without_one if {
	none := [
		put("/evidence/provenance/attestations", {"status": "absent", "reason": "none", "files": []}),
		put("/facts/provenance/attestations", []),
	]
	only("provenance/attestation-missing", none, failed(attestations, {}))
}

test_attestation_missing_passes if passes("provenance/attestation-missing", [])

test_attestation_missing_missing_files_fail if {
	"provenance/attestation-missing" in failures("high", [drop("/evidence/provenance/attestations/files")])
}

digest_path := array.concat(attestations, [1, "digest"])

altered := {"status": "invalid", "reason": "it has another digest", "verified": false, "place": {"path": digest_path}}

unseen := {"status": "unavailable", "reason": "it was not handed in", "verified": false, "place": {"path": attestations}}

test_attestation_invalid_fires_beside_a_good_one if {
	only(
		"provenance/attestation-invalid", [add("/evidence/provenance/attestations/files/-", altered)],
		failed(array.concat(attestations, [1, "digest"]), {"reason": "it has another digest"}),
	)
}

test_attestation_invalid_fires_in_its_file_and_alone if {
	broken := {"status": "invalid", "reason": "no envelope", "verified": false, "place": {"at": at_file}}
	alone := [
		put("/evidence/provenance/attestations", {"status": "invalid", "reason": "no envelope", "files": [broken]}),
		put("/facts/provenance/attestations", []),
	]
	only("provenance/attestation-invalid", alone, failed_at(at_file, {"reason": "no envelope"}))
}

test_attestation_invalid_passes if passes("provenance/attestation-invalid", [])

test_attestation_invalid_unavailable_is_unknown_unless_another_is_broken if {
	found := {"status": "unavailable", "reason": "it was not handed in", "files": [attested, unseen]}
	hidden := [put("/evidence/provenance/attestations", found)]
	every id in {"provenance/attestation-invalid", "provenance/attestation-mismatch"} {
		outcomes("high", hidden)[id] == {"outcome": "unknown", "reason": "it was not handed in"}
	}
	worse := array.concat(hidden, [add("/evidence/provenance/attestations/files/-", altered)])
	failures("high", worse) == {"provenance/attestation-invalid"}
}

test_attestation_invalid_missing_keys_fail if {
	"provenance/attestation-invalid" in failures("high", [drop("/evidence/provenance/attestations/status")])
	"provenance/attestation-invalid" in failures("high", [drop("/evidence/provenance/attestations/files")])
	"provenance/attestation-invalid" in failures("high", [drop("/evidence/provenance/attestations/files/0")])
	only(
		"provenance/attestation-invalid", [drop("/evidence/provenance/attestations/files/0/status")],
		failed(attestations, {}),
	)
}

test_attestation_mismatch_fires_when_bound_to_nothing if {
	only("provenance/attestation-mismatch", [put("/facts/provenance/attestations/0/boundTo", [])], failed_at(at_file, slsa))
}

test_attestation_mismatch_fires_when_bound_by_a_weak_digest if {
	weak := [put("/facts/provenance/attestations/0/boundTo/0/algorithm", "md5")]
	only("provenance/attestation-mismatch", weak, failed_at(at_file, slsa))
}

test_attestation_mismatch_fires_on_one_of_two if {
	handed_in := {"predicateType": "https://slsa.dev/provenance/v1", "boundTo": [], "place": {"path": digest_path}}
	only(
		"provenance/attestation-mismatch", [add("/facts/provenance/attestations/-", handed_in)],
		failed(digest_path, slsa),
	)
}

test_attestation_mismatch_passes if passes("provenance/attestation-mismatch", [])

test_attestation_mismatch_leaves_the_unreadable_to_its_own_rule if {
	is_na("provenance/attestation-mismatch", "high", [put("/evidence/provenance/attestations/status", "invalid")])
}

test_attestation_mismatch_missing_keys_fail if {
	failures("high", [drop("/facts/provenance/attestations/0/boundTo")]) == {"provenance/attestation-mismatch"}
	failures("high", [drop("/facts/provenance/attestations/0/boundTo/0/algorithm")]) == {"provenance/attestation-mismatch"}
	only("provenance/attestation-mismatch", [drop("/facts/provenance/attestations")], failed(attestations, {}))
	only("provenance/attestation-mismatch", [drop("/facts/provenance/attestations/0")], failed(attestations, {}))
	"provenance/attestation-mismatch" in failures("high", [drop("/evidence/provenance/attestations/status")])
	"provenance/attestation-mismatch" in failures("high", [drop("/settings/provenance/strongAlgorithms")])
}
