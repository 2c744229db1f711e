package changegate.checks.manifest

import data.changegate.lib

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
	violation := lib.finding_at(one.at, {"problem": one.message, "hint": one.hint})
}
