package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A reference cannot move
# description: A branch, a tag, an alias or a floating model name means something else tomorrow, without a pull request.
# custom:
#   severity: error
#   message: "The artifact {name} is referred to as {reference}, which can change: {reason}."
#   remediation: "Pin it, as `hf://org/name@<40 hex digits>`, `oci://registry/name@sha256:<64 hex digits>` or `models:/name/3`; of a hosted model name a dated `snapshot`."
#   settings: [artifacts.pinnedFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.reference.text, input.facts.artifacts.artifacts.digest]
#   references: ["https://huggingface.co/docs/huggingface_hub/guides/download", "https://github.com/opencontainers/distribution-spec/blob/main/spec.md", "https://mlflow.org/docs/latest/model-registry.html"]
#   example:
#     bad: "uri: hf://acme/reviews@main"
#     good: "uri: hf://acme/reviews@9fceb02d0ae598e95dc970b74767f19372d61af8"
outcome["artifacts/unpinned"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.pinnedFrom in risk.beyond
}

else := result if result := lib.none_of(moving, looked_at(input.settings.artifacts.pinnedFrom))

else := lib.failed(artifacts_path, {})

# METADATA
# description: What nothing but a digest can fix counts as fixed by it here; artifacts/digest-missing asks for the digest.
fixed contains index if {
	some index, artifact in artifacts
	artifact.reference.pin in {"revision", "digest"}
	is_file(artifact)
}

fixed contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
	artifact.reference.pin == "snapshot"
}

moving contains lib.finding(array.concat(artifacts_path, array.concat([index], key)), details) if {
	some index, artifact in artifacts
	not index in fixed
	key := object.get(snapshots, index, ["uri"])
	details := object.get(references, index, {})
}

snapshots[index] := ["hosted", "snapshot"] if some index in hosted

references[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "reference": artifact.reference.text, "reason": artifact.reference.reason}
}
