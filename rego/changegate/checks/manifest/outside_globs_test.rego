package changegate.checks.manifest_test

import data.changegate.lib_test

globs := {"message": "the globs", "at": {"file": ".changegate/config.yaml", "revision": "base", "path": ["manifests"]}}

test_outside_globs_fires_alone if {
	failures([list("outside", [{"at": at}])]) == {"manifest/outside-globs"}
	outcomes([list("outside", [{"at": at}])])["manifest/outside-globs"] == lib_test.seen_with(failed({}), [globs])
}

test_outside_globs_passes_where_every_manifest_is_matched if outcomes([])["manifest/outside-globs"] == passed

test_outside_globs_missing_facts_fail if {
	outcomes([drop("/facts/manifest/outside")])["manifest/outside-globs"] == undetermined
	outcomes([list("outside", [{}])])["manifest/outside-globs"] == undetermined
}
