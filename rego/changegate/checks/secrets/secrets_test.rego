package changegate.checks.secrets_test

good := {
	"facts": {"secrets": {"checked": true, "found": []}},
	"settings": {"secrets": {"secretsFrom": "low"}},
}

secret(of) := {
	"of": of, "kind": "a token",
	"place": {"at": {"file": "m.yaml", "revision": "head", "line": 3, "column": 1}},
}

outcomes(tier, patches) := result if {
	result := data.changegate.checks.secrets.outcome with input as json.patch(good, patches) with data.changegate.risk.tier as tier
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

failures(tier, patches) := {id | some id, outcome in outcomes(tier, patches); outcome.outcome == "failed"}

passed := {"outcome": "passed"}

test_good_passes_every_rule if {
	{outcome | some outcome in outcomes("low", [])} == {passed}
	count(outcomes("critical", [])) == 3
}
