package changegate.checks.manifest

import data.changegate.lib

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
	globs := {"message": "the globs", "at": {"file": ".changegate/config.yaml", "revision": "base", "path": ["manifests"]}}
	violation := lib.beside(lib.finding_at(one.at, {}), [globs])
}
