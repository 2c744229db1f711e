package changegate.checks.operations_test

inputs := concat("/", [facts, "logging/inputs"])

contradictory := concat("/", [facts, "logging/contradictory"])

logged(how) := failed(
	["spec", "operations", "logging", "inputs"],
	{"inputs": how, "allowedInputLogging": ["none", "hashed", "redacted"]},
)

test_inputs_logged_in_clear_fires_alone if {
	every how in ["full", "unstated"] {
		failures("high", [put(inputs, how)]) == {"operations/inputs-logged-in-clear"}
		outcomes("high", [put(inputs, how)])["operations/inputs-logged-in-clear"] == logged(how)
	}
}

test_inputs_logged_in_clear_fires_on_a_contradiction if {
	redacted := [put(inputs, "redacted"), put(contradictory, true)]
	outcomes("high", redacted)["operations/inputs-logged-in-clear"] == logged("redacted")
}

test_inputs_logged_in_clear_passes if {
	every how in ["none", "hashed", "redacted"] {
		outcomes("medium", [put(inputs, how)])["operations/inputs-logged-in-clear"] == passed
	}
}

test_inputs_logged_in_clear_is_for_personal_data_or_a_regulation if {
	failures("high", [put(inputs, "full"), harmless]) == set()
	every key in ["personalData", "regulated"] {
		failures("high", [put(inputs, "full"), harmless, put(concat("/", [claims, key]), true)]) == {"operations/inputs-logged-in-clear"}
	}
}

test_inputs_logged_in_clear_missing_fails if {
	every key in [inputs, contradictory, concat("/", [settings, "allowedInputLogging"])] {
		failures("high", [drop(key)]) == {"operations/inputs-logged-in-clear"}
	}
	failures("high", [put(inputs, "full"), drop(claims)]) == {"operations/inputs-logged-in-clear"}
}

test_inputs_logged_in_clear_fires_where_the_previous_release_had_such_data if {
	every key in ["personalData", "regulated"] {
		said := object.union({"personalData": false, "regulated": false}, {key: true})
		was := {"op": "add", "path": "/facts/risk/previous", "value": said}
		failures("high", [put(inputs, "full"), harmless, was]) == {"operations/inputs-logged-in-clear"}
	}
}
