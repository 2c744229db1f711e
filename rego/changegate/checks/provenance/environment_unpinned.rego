package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The training environment is pinned
# description: "A tag moves: the same code in another image is another model."
# custom:
#   severity: error
#   message: "The image of the training environment is not pinned: {reason}."
#   remediation: "Name the image by its digest, as `<name>@sha256:<64 hex digits>`; `docker buildx imagetools inspect IMAGE` and `crane digest IMAGE` print it."
#   settings: [provenance.environmentFrom]
#   optional: [input.facts.external]
#   references: ["https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests"]
#   example:
#     bad: "environment: {image: registry.acme.example/training:latest}"
#     good: "environment: {image: registry.acme.example/training@sha256:…}"
outcome["provenance/environment-unpinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.environmentFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.passed if {
	asked(input.settings.provenance.environmentFrom)
	input.facts.provenance.environment.imagePinned == true
}

else := lib.failed(image_path, {"reason": reason}) if reason := input.facts.provenance.environment.imageReason

else := lib.failed(image_path, {})

image_path := ["spec", "provenance", "environment", "image"]
