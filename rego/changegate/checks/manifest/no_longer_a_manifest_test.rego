package changegate.checks.manifest_test

import data.changegate.lib_test

was := {"message": "the manifest that it was", "at": {"file": at.file, "revision": "base", "path": []}}

test_no_longer_a_manifest_fires_alone if {
	failures([list("lost", [lost])]) == {"manifest/no-longer-a-manifest"}
	outcomes([list("lost", [lost])])["manifest/no-longer-a-manifest"] == lib_test.seen_with(failed({"problem": "it is a link now"}), [was])
}

test_no_longer_a_manifest_passes_where_none_is_lost if outcomes([])["manifest/no-longer-a-manifest"] == passed

test_no_longer_a_manifest_missing_facts_fail if {
	outcomes([drop("/facts/manifest/lost")])["manifest/no-longer-a-manifest"] == undetermined
	outcomes([list("lost", [object.remove(lost, ["reason"])])])["manifest/no-longer-a-manifest"] == undetermined
}
