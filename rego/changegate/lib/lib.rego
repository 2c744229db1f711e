# METADATA
# title: The words that rules are written in
# description: Everything that more than one check needs, and nothing that reads the input or the data.
package changegate.lib

passed := {"outcome": "passed"}

# METADATA
# description: The tiers of risk. A setting that says where a demand begins has to name one of them, or nothing passes.
tiers := {"low", "medium", "high", "critical"}

not_applicable(reason) := {"outcome": "not-applicable", "reason": reason}

unknown(reason) := {"outcome": "unknown", "reason": reason}

failed(path, details) := {"outcome": "failed", "violations": {violation(path, details)}}

# METADATA
# description: A violation in a file beside the manifest; `at` is {file, revision, path}, with line and column if only those are known.
failed_at(at, details) := {"outcome": "failed", "violations": {violation_at(at, details)}}

violation(path, details) := {"path": path, "details": details}

violation_at(at, details) := {"at": at, "details": details}

# METADATA
# description: |
#   Passes when `items` is a collection that is not empty and holds no index outside `good`; otherwise one violation
#   for each index that is not good. No items, or no collection at all: undefined, so the rule's last else decides.
each(path, items, good) := passed if {
	count(items) > 0
	every index, _ in items { index in good }
} else := {"outcome": "failed", "violations": violations} if {
	violations := {violation(array.concat(path, [index]), {}) |
		some index, _ in items
		not index in good
	}
	count(violations) > 0
}

# METADATA
# description: |
#   Holds when every index of `items` is good, and the caller proves with `checked` that there was something to look at.
#   Asked before violations are put together, which costs more than most rules.
all_good(items, good, checked) if {
	checked == true
	every index, _ in items { index in good }
}

# METADATA
# description: |
#   Passes when `checked` is true and there are no violations; fails with them when there are some. The caller proves with
#   `checked` that there was something to look at: no violations alone is no reason to pass.
none_of(violations, checked) := passed if {
	checked == true
	count(violations) == 0
} else := {"outcome": "failed", "violations": violations} if {
	count(violations) > 0
}
