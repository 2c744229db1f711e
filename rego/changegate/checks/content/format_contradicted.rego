package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A file is of the format that it is said to be
# description: "A pickle that is called `model.safetensors` passes by its name, and runs when a careless loader takes it for what it is. What the bytes are decides."
# custom:
#   severity: error
#   message: "The artifact {name} is said to be {stated}, and its bytes are {found}."
#   remediation: "Convert the model to {stated}, commit that file or its Git LFS pointer with its size and digest; or state the `format` that it has."
#   settings: [content.claimsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.claim.found]
#   references: ["https://huggingface.co/docs/safetensors/index#format", "https://docs.python.org/3/library/pickle.html"]
#   example:
#     bad: "{path: model.safetensors, format: safetensors}  # the file is a pickle"
#     good: "{path: model.safetensors, format: safetensors}  # the file has a header of safetensors"
outcome["content/format-contradicted"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.claimsFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.passed if lib.all_good(artifacts, true_to_name, looked_at(input.settings.content.claimsFrom))

else := result if result := lib.none_of(impostors, looked_at(input.settings.content.claimsFrom))

else := lib.failed(artifacts_path, {})

true_to_name contains index if {
	some index, artifact in artifacts
	artifact.scan.claim.status in {"fits", "unknown"}
}

true_to_name contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

impostors contains beside_file(lib.finding(array.concat(artifacts_path, [index, key]), details)) if {
	some index, _ in artifacts
	not index in true_to_name
	key := object.get(claimed_by, index, "format")
	details := object.get(claims, index, {})
}

claimed_by[index] := key if {
	some index, artifact in artifacts
	key := artifact.scan.claim.key
}

claims[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "stated": artifact.scan.claim.stated, "found": artifact.scan.claim.found}
}
