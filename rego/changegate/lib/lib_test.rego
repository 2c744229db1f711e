package changegate.lib_test

import data.changegate.lib

nothing(results) if count(results) == 0

finding(path) := {"path": path, "details": {}}

test_words_say_what_they_are_called if {
	lib.passed == {"outcome": "passed"}
	lib.not_applicable("why") == {"outcome": "not-applicable", "reason": "why"}
	lib.unknown("why") == {"outcome": "unknown", "reason": "why"}
	lib.failed(["spec"], {"a": 1}) == {"outcome": "failed", "violations": {{"path": ["spec"], "details": {"a": 1}}}}
}

test_failed_at_names_a_file if {
	at := {"file": "a.json", "revision": "head", "path": [0]}
	lib.failed_at(at, {}) == {"outcome": "failed", "violations": {{"at": at, "details": {}}}}
}

test_beside_adds_what_else_to_look_at if {
	there := {"message": "there", "at": {"file": "a.json"}}
	lib.beside(finding(["spec"]), [there]) == {"path": ["spec"], "details": {}, "related": [there]}
}

test_beside_previous_names_the_same_place_before if {
	expected := {"path": ["spec"], "details": {"a": 1}, "related": [before(["spec"])]}
	lib.beside_previous({"path": ["spec"], "details": {"a": 1}}) == expected
	lib.failed_beside_previous(["spec"], {"a": 1}) == {"outcome": "failed", "violations": {expected}}
	lib.in_previous(["spec"]) == before(["spec"])
}

test_each_passes_where_all_are_good if lib.each(["spec"], ["a", "b"], {0, 1}) == lib.passed

test_each_fails_at_every_index_that_is_not_good if {
	lib.each(["spec"], ["a", "b", "c"], {1}) == {
		"outcome": "failed",
		"violations": {finding(["spec", 0]), finding(["spec", 2])},
	}
}

test_each_goes_by_key_in_an_object if {
	lib.each([], {"a": 1, "b": 2}, {"a", "b"}) == lib.passed
	lib.each([], {"a": 1, "b": 2}, {"a"}) == {"outcome": "failed", "violations": {finding(["b"])}}
}

test_each_says_nothing_of_no_items if {
	not lib.each(["spec"], [], {0})
	not lib.each(["spec"], {}, {0})
}

test_each_says_nothing_of_what_is_not_there if {
	nothing({result | result := lib.each(["spec"], input.items, {0})}) with input as {}
	nothing({result | result := lib.each(["spec"], ["a"], input.good)}) with input as {}
}

test_violation_of_stands_where_the_fact_says if {
	lib.finding_of({"place": {"path": ["a"]}}, {"b": 1}, ["spec"]) == {"path": ["a"], "details": {"b": 1}}
	lib.finding_of({}, {"b": 1}, ["spec"]) == {"path": ["spec"], "details": {"b": 1}}
	lib.failed_of({}, {}, ["spec"]) == {"outcome": "failed", "violations": {finding(["spec"])}}
}

test_at_index_stands_at_every_item_that_is_not_good if {
	lib.at_index(["a", "b", "c"], {1}, {0: {"name": "a"}}, ["spec"], ["digest"]) == {
		{"path": ["spec", 0, "digest"], "details": {"name": "a"}},
		finding(["spec", 2, "digest"]),
	}
}

test_at_place_stands_where_each_item_says if {
	items := [{"places": {"model": {"path": ["a"]}}}, {}, {"places": {"model": {"path": ["c"]}}}]
	lib.at_place(items, {2}, {0: {"name": "a"}}, ["places", "model"], ["spec"]) == {
		{"path": ["a"], "details": {"name": "a"}},
		finding(["spec"]),
	}
}

test_at_index_and_at_place_say_nothing_of_what_is_not_there if {
	nothing({found | found := lib.at_index(input.items, {0}, {}, ["spec"], [])}) with input as {}
	nothing({found | found := lib.at_place(["a"], input.good, {}, ["place"], ["spec"])}) with input as {}
}

test_unsound_tells_the_reason_of_each_file if {
	file := {"status": "invalid", "reason": "why", "place": {"path": ["a"]}}
	lib.unsound([{"status": "present"}, file, {"status": "absent", "reason": "gone"}], ["spec"]) == {
		{"path": ["a"], "details": {"reason": "why"}},
		{"path": ["spec"], "details": {"reason": "gone"}},
	}
}

test_none_of_passes_where_nothing_was_found if lib.none_of(set(), true) == lib.passed

test_none_of_fails_with_what_was_found if {
	found := {finding(["spec"]), finding(["metadata"])}
	lib.none_of(found, true) == {"outcome": "failed", "violations": found}
	lib.none_of(found, false) == {"outcome": "failed", "violations": found}
}

test_none_of_says_nothing_where_nothing_was_looked_at if {
	not lib.none_of(set(), false)
	nothing({result | result := lib.none_of(set(), input.checked)}) with input as {}
}
