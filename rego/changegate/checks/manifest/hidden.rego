package changegate.checks.manifest

import data.changegate.lib

# METADATA
# title: Nothing new hides from the gate
# description: |
#   A link, a submodule or a Git LFS pointer where manifests are looked for would be one for whoever deploys it, and is none
#   to the gate. A link that leads to what the globs match, and that is no manifest, is let be. A file of over 128 MiB is
#   not looked into.
# custom:
#   severity: error
#   message: "Nobody can see here whether this is a manifest: {problem}."
#   remediation: "Write it as a regular file of at most 1 MiB. Where it never is a manifest, first land a glob for it under `manifests: {exclude: …}` in .changegate/config.yaml."
#   settings: []
#   references: ["docs/trust.md"]
#   example:
#     bad: 'models/new/manifest.yaml -> ../../elsewhere/manifest.yaml  # a link'
#     good: 'models/new/manifest.yaml  # a regular file'
outcome["manifest/hidden"] := result if result := empty(input.facts.manifest.hidden, concealed)

else := lib.failed_at({"file": ".changegate"}, {})

concealed contains violation if {
	some one in input.facts.manifest.hidden
	violation := lib.finding_at(one.at, {"problem": one.reason})
}
