package changegate.checks.dependencies_test

import data.changegate.lib_test

read_so := {"name": "score", "kind": "type", "given": "float64", "read": "int8"}

unlike(conversion) := list("answers", object.union(read_so, {"conversion": conversion, "related": [{"message": "there"}]}))

test_output_not_as_read_fires_alone if {
	failures([unlike("incompatible")]) == {"dependencies/output-not-as-read"}
	details := object.union({"dependant": "production/a", "wanted": "production/b"}, read_so)
	outcomes([unlike("incompatible")])["dependencies/output-not-as-read"] == lib_test.seen_with(failed(details), [{"message": "there"}])
}

test_output_not_as_read_fires_on_each_kind if {
	every kind in ["missing", "not-depended-on", "nullable", "unit", "range", "enum"] {
		failures([list("answers", object.union(read_so, {"kind": kind}))]) == {"dependencies/output-not-as-read"}
	}
}

test_output_not_as_read_passes_what_the_settings_allow if {
	outcomes([unlike("widening")])["dependencies/output-not-as-read"] == passed
	outcomes([])["dependencies/output-not-as-read"] == passed
}

test_output_not_as_read_missing_facts_fail if {
	every path in ["/facts/dependencies/answers", "/settings/features", "/settings/features/allowedConversions"] {
		outcomes([drop(path)])["dependencies/output-not-as-read"] == undetermined
	}
	failures([list("answers", {"name": "score", "kind": "type"})]) == {"dependencies/output-not-as-read"}
}
