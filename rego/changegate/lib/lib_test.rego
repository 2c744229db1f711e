package changegate.lib_test

import data.changegate.lib

nothing(results) if count(results) == 0

violation(path) := {"path": path, "details": {}}

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

test_each_passes_where_all_are_good if lib.each(["spec"], ["a", "b"], {0, 1}) == lib.passed

test_each_fails_at_every_index_that_is_not_good if {
	lib.each(["spec"], ["a", "b", "c"], {1}) == {
		"outcome": "failed",
		"violations": {violation(["spec", 0]), violation(["spec", 2])},
	}
}

test_each_goes_by_key_in_an_object if {
	lib.each([], {"a": 1, "b": 2}, {"a", "b"}) == lib.passed
	lib.each([], {"a": 1, "b": 2}, {"a"}) == {"outcome": "failed", "violations": {violation(["b"])}}
}

test_each_says_nothing_of_no_items if {
	not lib.each(["spec"], [], {0})
	not lib.each(["spec"], {}, {0})
}

test_each_says_nothing_of_what_is_not_there if {
	nothing({result | result := lib.each(["spec"], input.items, {0})}) with input as {}
	nothing({result | result := lib.each(["spec"], ["a"], input.good)}) with input as {}
}

test_none_of_passes_where_nothing_was_found if lib.none_of(set(), true) == lib.passed

test_none_of_fails_with_what_was_found if {
	found := {violation(["spec"]), violation(["metadata"])}
	lib.none_of(found, true) == {"outcome": "failed", "violations": found}
	lib.none_of(found, false) == {"outcome": "failed", "violations": found}
}

test_none_of_says_nothing_where_nothing_was_looked_at if {
	not lib.none_of(set(), false)
	nothing({result | result := lib.none_of(set(), input.checked)}) with input as {}
}
