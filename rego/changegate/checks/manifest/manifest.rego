# METADATA
# title: Manifests
# description: Whether the manifests of a change can be read, and are whose they say they are.
# custom:
#   subject: change-set
package changegate.checks.manifest

import data.changegate.lib

# METADATA
# description: Passes where every fault is known to be of another group; a fault that is of none lets no group pass.
judged(group, others) := lib.passed if {
	input.facts.manifest.checked == true
	is_array(input.facts.manifest.faults)
	every fault in input.facts.manifest.faults { fault.group in others }
} else := {"outcome": "failed", "violations": faults(group)} if {
	count(faults(group)) > 0
}

faults(group) := {lib.violation_at(fault.at, {"problem": fault.message, "hint": fault.hint}) |
	some fault in input.facts.manifest.faults
	fault.group == group
}

# METADATA
# description: Passes where a list was made and is empty; fails with the violations that its entries are.
empty(list, violations) := lib.passed if {
	input.facts.manifest.checked == true
	list == []
} else := {"outcome": "failed", "violations": violations} if {
	count(violations) > 0
}

# METADATA
# title: Every manifest can be read
# description: A file that cannot be read decides nothing, and hides what it says.
# custom:
#   severity: error
#   message: "The manifest cannot be read: {problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["YAML 1.2.2", "RFC 8259"]
#   example:
#     bad: 'spec: {version: 2.4.0'
#     good: 'spec: {version: 2.4.0}'
outcome["manifest/unreadable"] := result if result := judged("unreadable", {"refused", "schema"})

else := lib.failed_at({"file": ".changegate"}, {})

# METADATA
# title: No manifest holds what readers understand differently
# description: Duplicate keys, tags, merge keys, alias tricks and characters that cannot be seen make one text mean several things.
# custom:
#   severity: error
#   message: "The manifest holds what is refused: {problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["docs/trust.md", "Unicode TR 36", "CVE-2021-42574"]
#   example:
#     bad: 'risk: {tier: low, tier: high}'
#     good: 'risk: {tier: high}'
outcome["manifest/refused"] := result if result := judged("refused", {"unreadable", "schema"})

else := lib.failed_at({"file": ".changegate"}, {})

# METADATA
# title: Every manifest fits the schema
# description: An unknown field is one that nobody reads; a wrong type is one that somebody reads otherwise.
# custom:
#   severity: error
#   message: "The manifest does not fit its schema: {problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["schemas/manifest.schema.json"]
#   example:
#     bad: 'spec: {versoin: 2.4.0}'
#     good: 'spec: {version: 2.4.0}'
outcome["manifest/schema"] := result if result := judged("schema", {"unreadable", "refused"})

else := lib.failed_at({"file": ".changegate"}, {})

# METADATA
# title: A manifest stays one, or is deleted
# description: A file that stops being a manifest would leave the gate's sight without anybody deciding so.
# custom:
#   severity: error
#   message: "This was a manifest and is none any more: {problem}."
#   remediation: "Write it as a regular file again, or delete it: a deletion is decided on."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'kind: List  # where the base has kind: ModelRelease'
#     good: 'kind: ModelRelease'
outcome["manifest/no-longer-a-manifest"] := result if result := empty(input.facts.manifest.lost, lost)

else := lib.failed_at({"file": ".changegate"}, {})

lost contains violation if {
	some one in input.facts.manifest.lost
	violation := lib.violation_at(one.at, {"problem": one.reason})
}

# METADATA
# title: Nothing new hides from the gate
# description: |
#   A link, a submodule or a Git LFS pointer where manifests are looked for would be one for whoever deploys it, and is none
#   to the gate. A link that leads to what the globs match, and that is no manifest, is let be.
# custom:
#   severity: error
#   message: "Nobody can see here whether this is a manifest: {problem}."
#   remediation: "Write it as a regular file. Where it never is a manifest, first land a glob for it under `manifests: {exclude: …}` in .changegate/config.yaml."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'models/new/manifest.yaml -> ../../elsewhere/manifest.yaml  # a link'
#     good: 'models/new/manifest.yaml  # a regular file'
outcome["manifest/hidden"] := result if result := empty(input.facts.manifest.hidden, concealed)

else := lib.failed_at({"file": ".changegate"}, {})

concealed contains violation if {
	some one in input.facts.manifest.hidden
	violation := lib.violation_at(one.at, {"problem": one.reason})
}

# METADATA
# title: Every manifest is matched by a glob
# description: |
#   A manifest that no glob of the configuration matches is one for whoever deploys it, and nobody judges it. That a file
#   is no release, an example in the documentation say, is for `exclude` to tell.
# custom:
#   severity: error
#   message: "This is a manifest, and no glob of the configuration matches it: nobody judges it."
#   remediation: "First land a glob that matches it in .changegate/config.yaml: under `manifests: {include: …}`, or under `manifests: {exclude: …}` where it is no release."
#   settings: []
#   references: ["docs/settings.md"]
#   example:
#     bad: 'include: ["model/**/*.yaml"]  # and the change is to models/fraud-detector/manifest.yaml'
#     good: 'include: ["models/**/*.yaml"]'
outcome["manifest/outside-globs"] := result if result := empty(input.facts.manifest.outside, unmatched)

else := lib.failed_at({"file": ".changegate"}, {})

unmatched contains violation if {
	some one in input.facts.manifest.outside
	violation := lib.violation_at(one.at, {})
}

# METADATA
# title: An identity is used once
# description: Two releases of one identity would each claim to be what runs.
# custom:
#   severity: error
#   message: "Another release has the identity {identity} too: {others}."
#   remediation: "Give one of them another name, environment or variant, or delete it."
#   settings: []
#   references: ["docs/manifest.md"]
#   example:
#     bad: 'metadata: {name: fraud-detector, owner: payments-ml}  # in two files'
#     good: 'metadata: {name: fraud-detector, variant: challenger, owner: payments-ml}  # in the second'
outcome["manifest/duplicate-identity"] := result if result := empty(input.facts.manifest.duplicates, duplicates)

else := lib.failed_at({"file": ".changegate"}, {})

duplicates contains violation if {
	some one in input.facts.manifest.duplicates
	violation := lib.violation_at(one.at, {"identity": one.identity, "others": one.others})
}

# METADATA
# title: Plain scalars mean the same to every reader
# description: Some tools of the chain read such a scalar as a boolean, an octal number or a time.
# custom:
#   severity: warning
#   message: "{problem}."
#   remediation: "{hint}"
#   settings: []
#   references: ["YAML 1.2.2, 10.3.2", "YAML 1.1, bool and int"]
#   example:
#     bad: 'version: 2.10'
#     good: 'version: "2.10"'
outcome["manifest/ambiguous-scalar"] := result if result := empty(input.facts.manifest.ambiguous, ambiguous)

else := lib.failed_at({"file": ".changegate"}, {})

ambiguous contains violation if {
	some one in input.facts.manifest.ambiguous
	violation := lib.violation_at(one.at, {"problem": one.message, "hint": one.hint})
}
