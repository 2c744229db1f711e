package changegate.checks.manifest

import data.changegate.lib

# METADATA
# title: A manifest stays one, or is deleted
# description: A file that stops being a manifest would leave the gate's sight without anybody deciding so.
# custom:
#   severity: error
#   message: "This was a manifest and is none any more: {problem}."
#   remediation: "Put the manifest back. If the release is to end, delete the file: a deletion is decided on."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'kind: List  # where the base has kind: ModelRelease'
#     good: 'kind: ModelRelease'
outcome["manifest/no-longer-a-manifest"] := result if result := empty(input.facts.manifest.lost, lost)

else := lib.failed_at({"file": ".changegate"}, {})

lost contains violation if {
	some one in input.facts.manifest.lost
	before := {"message": "the manifest that it was", "at": {"file": one.at.file, "revision": "base", "path": []}}
	violation := lib.beside(lib.finding_at(one.at, {"problem": one.reason}), [before])
}
