package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A model needs no operators of your own
# description: "An operator of another domain is code that has to be installed where the model is served: somebody has to vouch for it."
# custom:
#   severity: warning
#   message: "The artifact {name} has operators of {domains}, which code beside the model has to bring."
#   remediation: "Export it with standard operators; or name the domains under `content.knownOperatorDomains` in the settings, where the image that serves brings their code."
#   settings: [content.readFrom, content.knownOperatorDomains]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.status]
#   references: ["https://onnxruntime.ai/docs/reference/operators/add-custom-op.html"]
#   example:
#     bad: "domain: com.acme, op_type: Secret"
#     good: "domain: \"\", op_type: MatMul"
outcome["content/operator-custom"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.readFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.passed if lib.all_good(artifacts, standard, looked_at(input.settings.content.readFrom))

else := result if result := lib.none_of(told(standard, foreign_domains), looked_at(input.settings.content.readFrom))

else := lib.failed(artifacts_path, {})

standard contains index if {
	known := input.settings.content.knownOperatorDomains
	some index, artifact in artifacts
	is_array(artifact.scan.domains)
	every domain in artifact.scan.domains { domain in known }
}

standard contains index if some index in unseen

foreign_domains[index] := details if {
	some index, artifact in artifacts
	domains := [domain | some domain in artifact.scan.domains; not domain in input.settings.content.knownOperatorDomains]
	details := {"name": artifact.name, "domains": domains}
}
