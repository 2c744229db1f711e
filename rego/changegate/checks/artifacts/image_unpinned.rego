package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The image that runs is pinned
# description: "A tag moves: what was reviewed is not what the cluster pulls tomorrow. That the registry has the image is not looked up."
# custom:
#   severity: error
#   message: "The serving image {image} is not pinned: {reason}."
#   remediation: "Name the image by its digest, as `<name>@sha256:<64 hex digits>`; `docker buildx imagetools inspect IMAGE` and `crane digest IMAGE` print it."
#   settings: [artifacts.imageFrom]
#   optional: [input.facts.artifacts.image.text]
#   references: ["https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests", "https://github.com/distribution/reference"]
#   example:
#     bad: "serving: {image: registry.acme.example/serving:latest}"
#     good: "serving: {image: registry.acme.example/serving@sha256:d79341e334ec41ce74c279f8292e19ad64a20200905a534d92d3831897413cfe}"
outcome["artifacts/image-unpinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.imageFrom in risk.beyond
}

else := lib.not_applicable("the manifest names no serving image") if input.facts.artifacts.image.status == "not-stated"

else := lib.passed if {
	input.settings.artifacts.imageFrom in lib.tiers
	input.facts.artifacts.image.status == "stated"
	input.facts.artifacts.image.pin == "digest"
}

else := lib.failed(image_path, {"image": image.text, "reason": image.reason}) if {
	image := input.facts.artifacts.image
	image.pin == "none"
}

else := lib.failed(image_path, {})

image_path := ["spec", "serving", "image"]
