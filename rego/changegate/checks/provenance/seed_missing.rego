package changegate.checks.provenance

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: The seed of the training is stated
# description: Without the seed a training cannot be repeated, and a difference cannot be told from chance.
# custom:
#   severity: warning
#   message: "The seed of the training is not stated."
#   remediation: "State it under `spec.provenance.environment`, such as `seed: 20261001`."
#   settings: [provenance.environmentFrom]
#   optional: [input.facts.external]
#   references: ["https://docs.pytorch.org/docs/stable/notes/randomness.html"]
#   example:
#     bad: "environment: {image: registry.acme.example/training@sha256:…}"
#     good: "environment: {image: registry.acme.example/training@sha256:…, seed: 20261001}"
outcome["provenance/seed-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.provenance.environmentFrom in risk.beyond
}

else := lib.not_applicable(not_trained) if exempt

else := lib.not_applicable(made_elsewhere) if taken_over

else := lib.passed if {
	asked(input.settings.provenance.environmentFrom)
	input.facts.provenance.environment.seedStated == true
}

else := lib.failed(["spec", "provenance", "environment", "seed"], {})
