package changegate.checks.manifest_test

good := {"facts": {"manifest": {"checked": true, "faults": [], "lost": [], "hidden": [], "outside": [], "duplicates": [], "ambiguous": []}}}

outcomes(patches) := result if {
	result := data.changegate.checks.manifest.outcome with input as json.patch(good, patches)
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

lost := {"reason": "it is a link now", "at": at}
