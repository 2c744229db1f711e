# METADATA
# title: Claims
# description: |
#   Statements of one manifest that cannot be true together, or that the name beside them denies. A kind that a repository
#   means to write is named in `claims.accepted`.
# custom:
#   subject: release
#   path: [spec]
package changegate.checks.claims

import data.changegate.lib

accepted contains kind if some kind in input.settings.claims.accepted

# METADATA
# description: |
#   A violation for each statement that another one excludes. `words` says of each kind why, and what to do; one that it
#   does not know is a violation without words.
excluded(found, words) := {violation |
	some one in found
	kind := object.get(one, "kind", "")
	not kind in accepted
	both := {"claim": object.get(one, "claim", "one statement"), "against": object.get(one, "against", "another")}
	details := object.union(both, object.get(words, kind, {}))
	violation := lib.finding_of(one, details, ["spec"])
}

looked_at(found) if count(found) >= 0

has_deployments if count(input.facts.claims.deployments) > 0

found_deployments contains index if {
	some index, one in input.facts.claims.deployments
	one.status == "found"
}

# METADATA
# description: Those of which it is known that they are there, or that nobody can tell.
known_deployments contains index if {
	some index, one in input.facts.claims.deployments
	one.status in {"found", "unread"}
}

# METADATA
# description: Those of which it is known whether they are there.
read_deployments contains index if {
	some index, one in input.facts.claims.deployments
	one.status in {"found", "absent"}
}

deployment_details[index] := details if {
	some index, one in input.facts.claims.deployments
	details := {"kind": one.kind, "name": one.name, "reason": one.reason}
}
