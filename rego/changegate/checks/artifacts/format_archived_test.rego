package changegate.checks.artifacts_test

test_format_archived_fires_alone if {
	packed := [put(fact("1/formats"), ["gz", "safetensors", "tar"])]
	failures("high", packed) == {"artifacts/format-archived"}
	outcomes("high", packed)["artifacts/format-archived"] == failed([1], {"name": "adapter", "formats": ["gz", "tar"]})
}

test_format_archived_passes_what_settings_allow if {
	failures("high", [put(fact("1/formats"), ["tar"]), put("/settings/artifacts/archiveFormats", [])]) == set()
}

test_format_archived_missing if {
	"artifacts/format-archived" in failures("high", [drop(fact("1/formats"))])
	failures("high", [drop("/settings/artifacts/archiveFormats")]) == {"artifacts/format-archived"}
}
