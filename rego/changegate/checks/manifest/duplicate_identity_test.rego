package changegate.checks.manifest_test

import data.changegate.lib_test

duplicate := {"identity": "production/fraud/main", "others": ["models/b/manifest.yaml:4"], "at": at, "related": [{"message": "there"}]}

test_duplicate_identity_fires_alone if {
	failures([list("duplicates", [duplicate])]) == {"manifest/duplicate-identity"}
	outcomes([list("duplicates", [duplicate])])["manifest/duplicate-identity"] == lib_test.seen_with(
		failed({
			"identity": "production/fraud/main", "others": ["models/b/manifest.yaml:4"],
		}),
		[{"message": "there"}],
	)
}

test_duplicate_identity_passes_where_each_is_used_once if outcomes([])["manifest/duplicate-identity"] == passed

test_duplicate_identity_missing_facts_fail if {
	outcomes([drop("/facts/manifest/duplicates")])["manifest/duplicate-identity"] == undetermined
	outcomes([list("duplicates", [object.remove(duplicate, ["others"])])])["manifest/duplicate-identity"] == undetermined
}
