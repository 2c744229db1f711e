package changegate.checks.provenance_test

at_file := {"file": "evidence/provenance.dsse.json", "revision": "head", "path": ["payload"]}

attested := {
	"status": "present", "file": "evidence/provenance.dsse.json", "verified": false,
	"predicateType": "https://slsa.dev/provenance/v1",
	"place": {"at": {"file": "evidence/provenance.dsse.json", "revision": "head", "path": []}},
}

statement := {
	"predicateType": "https://slsa.dev/provenance/v1",
	"boundTo": [{"artifact": "model", "algorithm": "sha256"}],
	"place": {"at": at_file},
}

good := {
	"release": {"spec": {"provenance": {"source": {"repository": "https://github.com/acme/x"}}}},
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
		"trainingData": [{"name": "transactions", "algorithm": "sha256", "ageSeconds": 700000, "licence": "CC-BY-4.0"}],
		"environment": {"imagePinned": true, "seedStated": true},
		"attestations": [statement],
		"signed": [signed_model, attested_build],
		"covers": [object.union(covered, {"statementsCount": 1, "predicateTypes": ["any statement"]})],
		"moments": [{"name": "snapshotAt of transactions", "status": "past", "place": {"path": snapshot_at}}],
		"order": [{
			"earlier": "snapshotAt of transactions", "later": "evaluatedAt of evidence/evaluation.json",
			"gapSeconds": 1000, "behindSeconds": 0, "place": {"path": snapshot_at},
		}],
	}},
	"settings": {"provenance": {
		"sourceFrom": "medium",
		"trainingRunFrom": "medium",
		"trainingDataFrom": "medium",
		"maximumTrainingDataAgeSeconds": {"medium": 800000, "high": 800000, "critical": 800000},
		"dataLicences": ["CC-BY-4.0"],
		"sourceRepositories": ["https://github.com/acme/*", "https://git.example/one"],
		"environmentFrom": "medium",
		"signatureFrom": "high",
		"attestationFrom": "high",
		"attestationSoundFrom": "medium",
		"buildPredicateTypes": ["https://slsa.dev/provenance/v1"],
		"momentsFrom": "medium",
		"verifiedFrom": "never",
		"parametersFrom": "medium",
		"minimumBuildLevel": {"low": 0, "medium": 1, "high": 1, "critical": 1},
		"signedRoles": ["model", "adapter"],
		"strongAlgorithms": ["sha256", "sha512"],
	}},
}

commit := ["spec", "provenance", "source", "commit"]

training_data := ["spec", "provenance", "trainingData"]

lockfile := ["spec", "provenance", "environment", "lockfile"]

signature := ["spec", "provenance", "signature"]

attestations := ["spec", "provenance", "attestations"]

outcomes(tier, patches) := result if {
	result := data.changegate.checks.provenance.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
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

every_rule := {
	"provenance/source-missing", "provenance/commit-not-pinned", "provenance/training-run-missing",
	"provenance/training-data-missing", "provenance/training-data-unpinned", "provenance/environment-unpinned",
	"provenance/lockfile-mismatch", "provenance/seed-missing", "provenance/signature-missing",
	"provenance/attestation-missing", "provenance/attestation-invalid", "provenance/attestation-mismatch",
	"provenance/moment-impossible", "provenance/moments-out-of-order", "provenance/not-verified", "provenance/unsigned",
	"provenance/payload-altered", "provenance/signer-expired", "provenance/signer-not-yet-valid",
	"provenance/certificate-unfit", "provenance/key-weak",
	"provenance/signature-of-another-model",
	"provenance/signature-inconsistent",
	"provenance/signed-twice",
	"provenance/artifact-unsigned",
	"provenance/artifact-altered",
	"provenance/signed-file-missing",
	"provenance/signed-paths-ignored",
	"provenance/signed-algorithm-weak",
	"provenance/builder-not-listed",
	"provenance/parameters-unknown",
	"provenance/attested-source-differs",
	"provenance/attestations-disagree",
	"provenance/attested-failure",
	"provenance/level-too-low", "provenance/training-data-too-old", "provenance/data-licence-not-allowed",
	"provenance/source-not-allowed",
}

test_good_passes_every_rule if {
	found := outcomes("critical", [])
	object.keys(found) == every_rule
	{outcome | some outcome in found} == {passed}
}

test_low_tier_is_asked_for_nothing if {
	found := outcomes("low", [drop("/facts"), drop("/evidence")])
	{id | some id, outcome in found; outcome.outcome != "not-applicable"} == of_signers
}

# Who has to sign is said by a cover, whatever the tier.
of_signers := {
	"provenance/not-verified", "provenance/unsigned", "provenance/payload-altered", "provenance/signer-expired",
	"provenance/signer-not-yet-valid", "provenance/certificate-unfit", "provenance/key-weak",
	"provenance/signature-of-another-model",
	"provenance/signature-inconsistent",
	"provenance/signed-twice",
	"provenance/artifact-unsigned",
	"provenance/artifact-altered",
	"provenance/signed-file-missing",
	"provenance/signed-paths-ignored",
	"provenance/signed-algorithm-weak",
	"provenance/builder-not-listed",
	"provenance/attested-source-differs",
	"provenance/attestations-disagree",
	"provenance/attested-failure",
}

test_medium_tier_is_not_asked_for_signature_and_attestation if {
	found := outcomes("medium", [])
	{id | some id, outcome in found; outcome != passed} == {"provenance/signature-missing", "provenance/attestation-missing"}
	{outcome.outcome | some outcome in found} == {"passed", "not-applicable"}
}

test_no_facts_and_no_evidence_pass_nothing if {
	failures("high", [drop("/facts"), drop("/evidence")]) == every_rule
}

test_no_settings_pass_nothing if {
	failures("high", [drop("/settings/provenance")]) == every_rule - {"provenance/unsigned"}
}

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
	"provenance/level-too-low",
}

nothing_stated := [
	put("/facts/provenance/source", {"repositoryStated": false, "commitStated": false}),
	put("/facts/provenance/trainingRun/stated", false),
	put("/facts/provenance/trainingData", []),
	put("/facts/provenance/environment", {"imagePinned": false, "seedStated": false}),
	put("/facts/provenance/attestations", []),
	put("/facts/provenance/signed", []),
	put("/facts/provenance/covers", []),
	put("/facts/provenance/moments", []),
	put("/facts/provenance/order", []),
	put("/evidence/provenance/lockfile", {"status": "absent", "reason": "none", "place": {"path": lockfile}}),
	put("/evidence/provenance/signature", {"status": "absent", "reason": "none", "place": {"path": signature}}),
	put("/evidence/provenance/attestations", {"status": "absent", "reason": "none", "files": []}),
]

digest_path := array.concat(attestations, [1, "digest"])

unseen := {"status": "unavailable", "reason": "it was not handed in", "verified": false, "place": {"path": attestations}}

covered := {"tiers": ["low", "medium", "high", "critical"], "needs": "any", "signers": ["training"], "by": ["training"]}

signed_model := {
	"what": "signature",
	"predicateType": "https://model_signing/signature/v1.0",
	"verified": true,
	"told": "verified by key 2026 of signer training",
	"signers": ["training"],
	"covers": [covered],
	"doubts": [],
	"model": {
		"method": "files", "bound": ["model"], "unsigned": [], "altered": [], "extra": [], "missing": [],
		"duplicates": [], "algorithms": ["sha256"], "ignored": [],
	},
	"place": {"at": at_file},
}

# Nobody has to sign the release.
unasked := [put("/facts/provenance/signed/0/covers", []), put("/facts/provenance/covers", [])]

# What the base asks to be signed is signed, and the signature does not count for this reason.
doubted(kind) := [
	put("/facts/provenance/signed/0/verified", false),
	put("/facts/provenance/signed/0/covers/0/by", []),
	put("/facts/provenance/signed/0/doubts", [{"kind": kind, "reason": "why"}]),
]

doubt_details := {"what": "signature", "predicateType": "https://model_signing/signature/v1.0", "reason": "why"}

attested_build := object.union(object.remove(signed_model, ["model"]), {
	"what": "attestation",
	"predicateType": "https://slsa.dev/provenance/v1",
	"attested": {
		"about": ["model"],
		"speaker": {"role": "builder", "id": "https://trainer", "listed": true},
		"unknownParameters": [],
		"source": {"repository": "same", "commit": "same", "said": "github.com/acme/fraud", "saidCommit": "9fce"},
		"buildLevel": 2,
	},
})

# What asks for a training here, and steps aside for a model that somebody else trained.
of_training := {
	"provenance/source-missing", "provenance/commit-not-pinned", "provenance/training-run-missing",
	"provenance/training-data-missing", "provenance/training-data-unpinned", "provenance/environment-unpinned",
	"provenance/seed-missing", "provenance/lockfile-mismatch", "provenance/attestation-missing",
	"provenance/training-data-too-old", "provenance/data-licence-not-allowed", "provenance/source-not-allowed",
}

apart(patches) := {id | some id, outcome in outcomes("critical", patches); outcome.reason == data.changegate.checks.provenance.made_elsewhere}

elsewhere(here) := add("/facts/external", {"status": "stated", "trainedHere": here})

test_a_model_of_somebody_else_is_asked_for_no_training if {
	apart([elsewhere(false)]) == of_training
	apart([elsewhere(false), put("/facts/provenance/trained", false)]) == of_training | {"provenance/signature-missing"}
}

test_what_was_trained_here_is_asked_for if {
	apart([elsewhere(true)]) == set()
	apart([add("/facts/external", {"status": "none"})]) == set()
	apart([elsewhere(false), drop("/facts/external/trainedHere")]) == set()
}
