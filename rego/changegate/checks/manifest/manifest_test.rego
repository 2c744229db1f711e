package changegate.checks.manifest_test

import data.changegate.checks.manifest

good := {"facts": {"manifest": {"checked": true, "faults": [], "lost": [], "hidden": [], "outside": [], "duplicates": [], "ambiguous": []}}}

outcomes(patches) := result if {
	result := manifest.outcome with input as json.patch(good, patches)
}

put(path, value) := {"op": "replace", "path": path, "value": value}

drop(path) := {"op": "remove", "path": path}

list(name, items) := put(concat("", ["/facts/manifest/", name]), items)

passed := {"outcome": "passed"}

at := {"file": "models/a/manifest.yaml", "revision": "head", "line": 3, "column": 5}

failed(details) := {"outcome": "failed", "violations": {{"at": at, "details": details}}}

undetermined := {"outcome": "failed", "violations": {{"at": {"file": ".changegate"}, "details": {}}}}

failures(patches) := {id | some id, outcome in outcomes(patches); outcome.outcome == "failed"}

fault(group) := {"code": "syntax", "group": group, "message": "it is broken", "hint": "Mend it.", "at": at}

said := {"problem": "it is broken", "hint": "Mend it."}

of_faults := {"manifest/unreadable", "manifest/refused", "manifest/schema"}

rules := of_faults | {"manifest/no-longer-a-manifest", "manifest/hidden", "manifest/outside-globs", "manifest/duplicate-identity", "manifest/ambiguous-scalar"}

test_good_passes_every_rule if outcomes([]) == {id: passed | some id in rules}

test_no_facts_pass_nothing if {
	every patches in [[drop("/facts")], [drop("/facts/manifest")], [drop("/facts/manifest/checked")]] {
		outcomes(patches) == {id: undetermined | some id in rules}
	}
}

test_what_is_not_a_list_passes_nothing if {
	failures([list("faults", {})]) == of_faults
	failures([list("lost", {})]) == {"manifest/no-longer-a-manifest"}
	failures([list("hidden", {})]) == {"manifest/hidden"}
	failures([list("outside", {})]) == {"manifest/outside-globs"}
}

test_fault_without_a_group_passes_no_group if {
	failures([list("faults", [object.remove(fault("schema"), ["group"])])]) == of_faults
	failures([list("faults", [fault("new")])]) == of_faults
}

test_groups_fire_together if {
	failures([list("faults", [fault("refused"), fault("schema")])]) == {"manifest/refused", "manifest/schema"}
}

test_unreadable_fires_alone if {
	failures([list("faults", [fault("unreadable")])]) == {"manifest/unreadable"}
	outcomes([list("faults", [fault("unreadable")])])["manifest/unreadable"] == failed(said)
}

test_unreadable_passes_other_faults if outcomes([list("faults", [fault("schema")])])["manifest/unreadable"] == passed

test_unreadable_missing_facts_fail if {
	outcomes([drop("/facts/manifest/faults")])["manifest/unreadable"] == undetermined
	outcomes([list("faults", [object.remove(fault("unreadable"), ["at"])])])["manifest/unreadable"] == undetermined
}

test_refused_fires_alone if {
	failures([list("faults", [fault("refused")])]) == {"manifest/refused"}
	outcomes([list("faults", [fault("refused")])])["manifest/refused"] == failed(said)
}

test_refused_passes_other_faults if outcomes([list("faults", [fault("unreadable")])])["manifest/refused"] == passed

test_refused_missing_facts_fail if {
	outcomes([drop("/facts/manifest/faults")])["manifest/refused"] == undetermined
	outcomes([list("faults", [object.remove(fault("refused"), ["message"])])])["manifest/refused"] == undetermined
}

test_schema_fires_alone if {
	failures([list("faults", [fault("schema")])]) == {"manifest/schema"}
	outcomes([list("faults", [fault("schema")])])["manifest/schema"] == failed(said)
}

test_schema_fires_at_every_fault if {
	second := object.union(fault("schema"), {"at": {"line": 9}})
	found := outcomes([list("faults", [fault("schema"), second])])["manifest/schema"]
	{one.at.line | some one in found.violations} == {3, 9}
}

test_schema_passes_other_faults if outcomes([list("faults", [fault("refused")])])["manifest/schema"] == passed

test_schema_missing_facts_fail if {
	outcomes([drop("/facts/manifest/faults")])["manifest/schema"] == undetermined
	outcomes([list("faults", [object.remove(fault("schema"), ["hint"])])])["manifest/schema"] == undetermined
}

lost := {"reason": "it is a link now", "at": at}

test_hidden_fires_alone if {
	failures([list("hidden", [lost])]) == {"manifest/hidden"}
	outcomes([list("hidden", [lost])])["manifest/hidden"] == failed({"problem": "it is a link now"})
}

test_hidden_passes_where_nothing_hides if outcomes([])["manifest/hidden"] == passed

test_hidden_missing_facts_fail if {
	outcomes([drop("/facts/manifest/hidden")])["manifest/hidden"] == undetermined
	outcomes([list("hidden", [object.remove(lost, ["at"])])])["manifest/hidden"] == undetermined
}

test_outside_globs_fires_alone if {
	failures([list("outside", [{"at": at}])]) == {"manifest/outside-globs"}
	outcomes([list("outside", [{"at": at}])])["manifest/outside-globs"] == failed({})
}

test_outside_globs_passes_where_every_manifest_is_matched if outcomes([])["manifest/outside-globs"] == passed

test_outside_globs_missing_facts_fail if {
	outcomes([drop("/facts/manifest/outside")])["manifest/outside-globs"] == undetermined
	outcomes([list("outside", [{}])])["manifest/outside-globs"] == undetermined
}

test_no_longer_a_manifest_fires_alone if {
	failures([list("lost", [lost])]) == {"manifest/no-longer-a-manifest"}
	outcomes([list("lost", [lost])])["manifest/no-longer-a-manifest"] == failed({"problem": "it is a link now"})
}

test_no_longer_a_manifest_passes_where_none_is_lost if outcomes([])["manifest/no-longer-a-manifest"] == passed

test_no_longer_a_manifest_missing_facts_fail if {
	outcomes([drop("/facts/manifest/lost")])["manifest/no-longer-a-manifest"] == undetermined
	outcomes([list("lost", [object.remove(lost, ["reason"])])])["manifest/no-longer-a-manifest"] == undetermined
}

duplicate := {"identity": "production/fraud/main", "others": ["models/b/manifest.yaml:4"], "at": at}

test_duplicate_identity_fires_alone if {
	failures([list("duplicates", [duplicate])]) == {"manifest/duplicate-identity"}
	outcomes([list("duplicates", [duplicate])])["manifest/duplicate-identity"] == failed({
		"identity": "production/fraud/main", "others": ["models/b/manifest.yaml:4"],
	})
}

test_duplicate_identity_passes_where_each_is_used_once if outcomes([])["manifest/duplicate-identity"] == passed

test_duplicate_identity_missing_facts_fail if {
	outcomes([drop("/facts/manifest/duplicates")])["manifest/duplicate-identity"] == undetermined
	outcomes([list("duplicates", [object.remove(duplicate, ["others"])])])["manifest/duplicate-identity"] == undetermined
}

ambiguous := {"message": "no is the text 'no' here", "hint": "Put it into quotes.", "at": at}

test_ambiguous_scalar_fires_alone if {
	failures([list("ambiguous", [ambiguous])]) == {"manifest/ambiguous-scalar"}
	outcomes([list("ambiguous", [ambiguous])])["manifest/ambiguous-scalar"] == failed({
		"problem": "no is the text 'no' here", "hint": "Put it into quotes.",
	})
}

test_ambiguous_scalar_passes_where_there_is_none if outcomes([])["manifest/ambiguous-scalar"] == passed

test_ambiguous_scalar_missing_facts_fail if {
	outcomes([drop("/facts/manifest/ambiguous")])["manifest/ambiguous-scalar"] == undetermined
	outcomes([list("ambiguous", [object.remove(ambiguous, ["hint"])])])["manifest/ambiguous-scalar"] == undetermined
}
