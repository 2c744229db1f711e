package changegate.checks.content_test

foreign := [put(fact("0/scan/domains"), ["com.microsoft", "com.acme"])]

test_operator_custom_fires_alone if {
	failures("high", foreign) == {"content/operator-custom"}
	outcomes("high", foreign)["content/operator-custom"] == failed([0, "path"], {"name": "model", "domains": ["com.acme"]})
	failures("low", foreign) == set()
}

test_operator_custom_passes_what_settings_know if {
	failures("high", array.concat(foreign, [put("/settings/content/knownOperatorDomains", ["com.microsoft", "com.acme"])])) == set()
	outcomes("high", [])["content/operator-custom"] == passed
}

test_operator_custom_missing if {
	failures("high", [drop(fact("0/scan/domains"))]) == {"content/operator-custom"}
	failures("high", [drop("/settings/content/knownOperatorDomains")]) == {"content/operator-custom"}
}
