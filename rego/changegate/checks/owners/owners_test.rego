package changegate.checks.owners_test

line := {"file": "CODEOWNERS", "revision": "base", "line": 3, "column": 1}

manifest := {"file": "models/fraud/manifest.yaml", "revision": "head"}

teams := {"file": ".changegate/teams.yaml", "revision": "head"}

good := {
	"subject": {"kind": "change-set"},
	"evidence": {"approvals": {"status": "present"}, "owners": {"status": "present"}},
	"facts": {
		"owners": {
			"checked": true,
			"faults": [],
			"demands": [
				{
					"label": "code owners @acme/payments",
					"section": "",
					"count": 2,
					"owners": ["@acme/payments"],
					"at": line,
					"files": [{"at": manifest, "kinds": ["models"]}],
					"members": ["ana", "bo", "chidi"],
					"approvedBy": ["ana", "bo"],
					"signedBy": [],
					"candidates": ["chidi"],
					"unclearBecause": "",
					"unknownBecause": [],
				},
				{
					"label": "code owners @eve",
					"section": "",
					"count": 1,
					"owners": ["@eve"],
					"at": object.union(line, {"line": 4}),
					"files": [{"at": teams, "kinds": ["control"]}],
					"members": ["eve"],
					"approvedBy": ["eve"],
					"signedBy": [],
					"candidates": [],
					"unclearBecause": "",
					"unknownBecause": [],
				},
			],
		},
		"approvals": {"ageSeconds": {"ana": 10, "bo": 10, "eve": 10}, "undated": []},
	},
	"settings": {
		"approvals": {"maximumAgeSeconds": {"critical": 100}},
		"owners": {"codeowners": "github", "requiredFor": ["models", "control"]},
	},
}

outcomes(patches) := result if {
	result := data.changegate.checks.owners.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as "critical"
}

required(patches) := result if {
	result := data.changegate.checks.owners.required with input as json.patch(good, patches) with data.changegate.risk.tier as "critical"
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

passed := {"outcome": "passed"}

failures(patches) := {id | some id, outcome in outcomes(patches); outcome.outcome == "failed"}

states(patches) := {id: outcome.outcome | some id, outcome in outcomes(patches)}

rules := {"owners/not-approved", "owners/nobody-left", "owners/invalid"}

beside_line(at, details) := {"at": at, "details": details, "related": [{"message": "whom CODEOWNERS names", "at": line}]}

test_good_passes_every_rule if outcomes([]) == {id: passed | some id in rules}

test_no_facts_pass_nothing if {
	every patches in [[drop("/facts")], [drop("/facts/owners")], [drop("/settings/owners")]] {
		failures(patches) == rules
	}
}

test_switched_off_asks_nobody if {
	found := states([put("/settings/owners/requiredFor", []), drop("/facts"), drop("/evidence")])
	found == {id: "not-applicable" | some id in rules}
}

test_only_what_the_settings_ask_for_counts if {
	unmet := [put("/facts/owners/demands/1/approvedBy", []), put("/facts/owners/demands/1/candidates", ["eve"])]
	failures(unmet) == {"owners/not-approved"}
	failures(array.concat(unmet, [put("/settings/owners/requiredFor", ["models"])])) == set()
	[one.role | some one in required([put("/settings/owners/requiredFor", ["control"])])] == ["code owners @eve"]
}

test_required_are_told_like_roles if {
	required([put("/facts/owners/demands/0/approvedBy", ["ana"])])[0] == {
		"role": "code owners @acme/payments", "count": 2, "approvedBy": ["ana"], "candidates": ["chidi"],
	}
}

signed_by(age) := [
	put("/facts/owners/demands/1/approvedBy", ["zoe"]),
	put("/facts/owners/demands/1/members", ["zoe"]),
	put("/facts/owners/demands/1/signedBy", [{"login": "zoe", "ageSeconds": age}]),
]

test_a_signature_counts_as_long_as_a_review if {
	failures(signed_by(60)) == set()
	failures(signed_by(600000000)) == {"owners/not-approved"}
}
