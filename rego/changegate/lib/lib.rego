# METADATA
# title: The words that rules are written in
# description: Everything that more than one check needs, and nothing that reads the input or the data.
package changegate.lib

passed := {"outcome": "passed"}

# METADATA
# description: The tiers of risk. A setting that says where a demand begins has to name one of them, or nothing passes.
tiers := {"low", "medium", "high", "critical"}

# METADATA
# description: Why a rule does not apply to a release whose tier lies below the one from which it is asked.
low_tier := "the release's tier is not asked for this"

not_applicable(reason) := {"outcome": "not-applicable", "reason": reason}

unknown(reason) := {"outcome": "unknown", "reason": reason}

failed(path, details) := {"outcome": "failed", "violations": {finding(path, details)}}

# METADATA
# description: A violation in a file beside the manifest; `at` is {file, revision, path}, with line and column if only those are known.
failed_at(at, details) := {"outcome": "failed", "violations": {finding_at(at, details)}}

# METADATA
# description: A violation at the place that a fact or a piece of evidence names as its own, or else at `path`.
failed_of(fact, details, path) := {"outcome": "failed", "violations": {finding_of(fact, details, path)}}

finding(path, details) := {"path": path, "details": details}

finding_at(at, details) := {"at": at, "details": details}

finding_of(fact, details, path) := object.union(object.get(fact, "place", {"path": path}), {"details": details})

# METADATA
# description: |
#   The same violation, and what else to look at: each of `related` is {message, at}, or {message, path} in the manifest. A
#   place that is not there is left out of the reports.
beside(violation, related) := object.union(violation, {"related": related})

# METADATA
# description: The same violation, and beside it the same place in the previous release.
beside_previous(violation) := beside(violation, [in_previous(violation.path)])

# METADATA
# description: A violation at a path of the manifest, and beside it the same path in the previous release.
failed_beside_previous(path, details) := {"outcome": "failed", "violations": {beside_previous(finding(path, details))}}

# METADATA
# description: A place to look at in the previous release's manifest; items of its lists go by name.
in_previous(path) := {"message": "the previous release", "path": path, "revision": "previous"}

# METADATA
# description: A violation for each index of `items` that is not good, at `key` (a list) of the item below `path`; `details` goes by index.
at_index(items, good, details, path, key) := {finding(place, object.get(details, index, {})) |
	some index, _ in items
	not index in good
	place := array.concat(path, array.concat([index], key))
}

# METADATA
# description: The same, at the place that each item names under `key` (a list), or else at `path`.
at_place(items, good, details, key, path) := {violation |
	some index, item in items
	not index in good
	place := object.get(item, key, {"path": path})
	violation := object.union(place, {"details": object.get(details, index, {})})
}

# METADATA
# description: A violation for each of the files of a piece of evidence that is not there or cannot be believed.
unsound(files, path) := {finding_of(file, {"reason": file.reason}, path) |
	some file in files
	file.status in {"absent", "invalid"}
}

# METADATA
# description: |
#   Passes when `items` is a collection that is not empty and holds no index outside `good`; otherwise one violation
#   for each index that is not good. No items, or no collection at all: undefined, so the rule's last else decides.
each(path, items, good) := passed if {
	count(items) > 0
	every index, _ in items { index in good }
} else := {"outcome": "failed", "violations": violations} if {
	violations := at_index(items, good, {}, path, [])
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
