# METADATA
# title: Artifacts
# description: What a release is made of, whether it is exactly that, and whether it fits where it will run.
# custom:
#   subject: release
#   path: [spec, artifacts]
package changegate.checks.artifacts

import data.changegate.lib
import data.changegate.risk

only_hosted := "every artifact is a model behind an API"

elsewhere := "no artifact has a path in this repository"

artifacts_path := ["spec", "artifacts"]

artifacts := input.facts.artifacts.artifacts

# METADATA
# title: An artifact has a digest
# description: A name says where a file is, and only a digest says which file it is.
# custom:
#   severity: error
#   message: "The artifact {name} has no digest."
#   remediation: "Add it: `digest: sha256:<64 hex digits>`; `sha256sum FILE` prints them."
#   settings: [artifacts.digestFrom]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://slsa.dev/spec/v1.0/verifying-artifacts"]
#   example:
#     bad: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors}"
#     good: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors, digest: sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10}"
outcome["artifacts/digest-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.digestFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, digested, looked_at(input.settings.artifacts.digestFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, digested, names, artifacts_path, ["digest"]), looked_at(input.settings.artifacts.digestFrom))

else := lib.failed(artifacts_path, {})

digested contains index if {
	some index, artifact in artifacts
	artifact.digest.stated == true
	is_file(artifact)
}

digested contains index if some index in hosted

# METADATA
# title: The digest is a strong one
# description: Two files with the same md5 or sha1 can be made at will, one to be reviewed and one to be served.
# custom:
#   severity: error
#   message: "The artifact {name} is identified by {algorithm}, which does not bind a file."
#   remediation: "Give its sha256 instead; `sha256sum FILE` prints it."
#   settings: [artifacts.digestFrom, artifacts.strongAlgorithms]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://csrc.nist.gov/projects/hash-functions"]
#   example:
#     bad: "digest: md5:9e107d9d372bb6826bd81d3542a419d6"
#     good: "digest: sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10"
outcome["artifacts/digest-weak"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.digestFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, strong, looked_at(input.settings.artifacts.digestFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, strong, algorithms, artifacts_path, ["digest"]), looked_at(input.settings.artifacts.digestFrom))

else := lib.failed(artifacts_path, {})

strong contains index if {
	some index, artifact in artifacts
	artifact.digest.stated == true
	artifact.digest.algorithm in input.settings.artifacts.strongAlgorithms
	is_file(artifact)
}

strong contains index if {
	some index, artifact in artifacts
	artifact.digest.stated == false
	is_file(artifact)
}

strong contains index if some index in hosted

# METADATA
# description: Details are put together in the body, since an undefined part in a head is an error on the embedded engine.
algorithms[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "algorithm": artifact.digest.algorithm}
}

# METADATA
# title: The file is the one that the manifest names
# description: A digest that differs from the file, its Git LFS pointer or its .dvc file says that something else was reviewed.
# custom:
#   severity: error
#   message: "The artifact {name} is not confirmed by the repository. The manifest: {stated}. The repository: {found}."
#   remediation: "Commit the file, Git LFS pointer or .dvc file that belongs to this release, and write the digest of the artifact itself into the manifest (for LFS the pointer's oid; for DVC add `sha256` under the output's `meta`)."
#   settings: [artifacts.mismatchFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.stored.kind]
#   references: ["https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md", "https://dvc.org/doc/user-guide/project-structure/dvc-files"]
#   example:
#     bad: "{path: model.safetensors, digest: sha256:1111111111111111111111111111111111111111111111111111111111111111}  # the pointer's oid is another"
#     good: "{path: model.safetensors, digest: sha256:ebe8df72f805d5adecf54f1052b4bcf500c8a034d3e171d8d9cfa345596e5a10}"
outcome["artifacts/digest-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.mismatchFrom in risk.beyond
}

else := lib.not_applicable(elsewhere) if none_stored

else := result if result := lib.none_of(unconfirmed, looked_at(input.settings.artifacts.mismatchFrom))

else := lib.failed(artifacts_path, {})

confirmed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status == "present"
	artifact.digest.stated == true
	artifact.stored.digest == artifact.digest.value
}

confirmed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status == "present"
	artifact.digest.stated == false
}

confirmed contains index if some index in not_stored

unconfirmed contains lib.violation(array.concat(artifacts_path, [index, key]), details) if {
	some index, artifact in artifacts
	not index in confirmed
	key := object.get(confirmed_by, index, "path")
	details := object.get(differences, index, {})
}

confirmed_by[index] := "digest" if {
	some index, artifact in artifacts
	artifact.stored.status == "present"
}

differences[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "stated": stated_digest(artifact), "found": found_digest(artifact)}
}

stated_digest(artifact) := digest if digest := artifact.digest.value

else := "no digest"

found_digest(artifact) := digest if digest := artifact.stored.digest

else := reason if reason := artifact.stored.reason

else := "nothing is known"

# METADATA
# title: An artifact states its size
# description: Size decides memory, cold start and what a device can download; a jump in it is the first sign of a wrong file.
# custom:
#   severity: error
#   message: "The artifact {name} states no size."
#   remediation: "Add it: `sizeBytes: 48210944`; `stat -c %s FILE` prints it, a Git LFS pointer holds it."
#   settings: [artifacts.sizeFrom]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://github.com/opencontainers/image-spec/blob/main/descriptor.md"]
#   example:
#     bad: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors}"
#     good: "{name: model, role: model, uri: s3://models/fraud/2.4.0/model.safetensors, sizeBytes: 48210944}"
outcome["artifacts/size-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, sized, looked_at(input.settings.artifacts.sizeFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, sized, names, artifacts_path, ["sizeBytes"]), looked_at(input.settings.artifacts.sizeFrom))

else := lib.failed(artifacts_path, {})

sized contains index if {
	some index, artifact in artifacts
	artifact.size.stated == true
	is_file(artifact)
}

sized contains index if some index in hosted

# METADATA
# title: The size is the one of the file
# description: A size that differs from the file, its Git LFS pointer or its .dvc file is of another file.
# custom:
#   severity: error
#   message: "The artifact {name} has {found} bytes in the repository; the manifest says {stated}."
#   remediation: "Write the size of the artifact itself into `sizeBytes` (a Git LFS pointer and a .dvc file hold it)."
#   settings: [artifacts.mismatchFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.stored.kind]
#   references: ["https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md", "https://dvc.org/doc/user-guide/project-structure/dvc-files"]
#   example:
#     bad: "{path: model.safetensors, sizeBytes: 48}  # the pointer says 48210944"
#     good: "{path: model.safetensors, sizeBytes: 48210944}"
outcome["artifacts/size-mismatch"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.mismatchFrom in risk.beyond
}

else := lib.not_applicable(elsewhere) if none_stored

else := lib.passed if lib.all_good(artifacts, weighed, looked_at(input.settings.artifacts.mismatchFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, weighed, weights, artifacts_path, ["sizeBytes"]), looked_at(input.settings.artifacts.mismatchFrom))

else := lib.failed(artifacts_path, {})

weighed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status == "present"
	artifact.size.stated == true
	artifact.size.statedBytes == artifact.stored.sizeBytes
}

weighed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.size.stated == false
}

# METADATA
# description: What is not there, or says nothing, has no size to compare; artifacts/digest-mismatch fails for it.
weighed contains index if {
	some index, artifact in artifacts
	artifact.kind == "path"
	artifact.stored.status in {"absent", "invalid"}
}

weighed contains index if some index in not_stored

weights[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "stated": artifact.size.statedBytes, "found": artifact.stored.sizeBytes}
}

# METADATA
# title: An artifact is not too large
# description: A device or a function has a limit on what it is given, and a download that does not end is an outage.
# custom:
#   severity: error
#   message: "The artifact {name} has {sizeBytes}; this tier and platform allow at most {maximumBytes}."
#   remediation: "Quantize, prune or distil it, or have the limit raised for this model in the settings."
#   settings: [artifacts.sizeFrom, artifacts.maximumBytes, artifacts.maximumPlatformBytes]
#   optional: [input.facts.artifacts.artifacts.name, input.release]
#   references: ["https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"]
#   example:
#     bad: "{format: tflite, sizeBytes: 524288000}  # on platform: edge"
#     good: "{format: tflite, sizeBytes: 6291456}"
outcome["artifacts/too-large"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, small, looked_at(input.settings.artifacts.sizeFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, small, sizes, artifacts_path, ["sizeBytes"]), looked_at(input.settings.artifacts.sizeFrom))

else := lib.failed(artifacts_path, {})

small contains index if {
	some index, artifact in artifacts
	artifact.size.known == true
	artifact.size.bytes <= tier_limit
	artifact.size.bytes <= platform_limit
	is_file(artifact)
}

small contains index if some index in unsized

small contains index if some index in hosted

sizes[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name, "sizeBytes": artifact.size.bytes, "maximumBytes": least_limit}
}

tier_limit := input.settings.artifacts.maximumBytes[risk.tier]

platform_limit := tier_limit if not input.release.spec.serving.platform

else := input.settings.artifacts.maximumPlatformBytes[input.release.spec.serving.platform]

least_limit := tier_limit if tier_limit <= platform_limit

else := platform_limit

# METADATA
# title: An artifact does not grow by leaps
# description: A file that is suddenly several times as large is often the wrong one, and is slower and dearer if it is not.
# custom:
#   severity: warning
#   message: "The artifact {name} is {growthRatio} times as large as in the previous release; this tier allows {maximumRatio}."
#   remediation: "Check that it is the right file, and say in the pull request why it grew."
#   settings: [artifacts.sizeFrom, artifacts.maximumGrowthRatio, artifacts.minimumGrowthBytes]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://sre.google/sre-book/release-engineering/"]
#   example:
#     bad: "sizeBytes: 482109440  # it was 48210944"
#     good: "sizeBytes: 50331648  # it was 48210944"
outcome["artifacts/grew-too-much"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.sizeFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.passed if {
	input.previous.status == "present"
	lib.all_good(artifacts, steady, looked_at(input.settings.artifacts.sizeFrom))
}

else := result if {
	input.previous.status == "present"
	result := lib.none_of(lib.at_index(artifacts, steady, growths, artifacts_path, ["sizeBytes"]), looked_at(input.settings.artifacts.sizeFrom))
}

else := lib.failed(artifacts_path, {})

steady contains index if {
	some index, artifact in artifacts
	artifact.growth.status == "sized"
	artifact.size.bytes >= input.settings.artifacts.minimumGrowthBytes
	artifact.growth.growthRatio <= input.settings.artifacts.maximumGrowthRatio[risk.tier]
	is_file(artifact)
}

steady contains index if {
	some index, artifact in artifacts
	artifact.growth.status == "sized"
	artifact.size.bytes < input.settings.artifacts.minimumGrowthBytes
	is_file(artifact)
}

steady contains index if {
	some index, artifact in artifacts
	artifact.growth.status in {"new", "unsized"}
	is_file(artifact)
}

steady contains index if some index in hosted

growths[index] := details if {
	some index, artifact in artifacts
	maximum := input.settings.artifacts.maximumGrowthRatio[risk.tier]
	details := {"name": artifact.name, "growthRatio": artifact.growth.growthRatio, "maximumRatio": maximum}
}

# METADATA
# title: A reference cannot move
# description: A branch, a tag, an alias or a floating model name means something else tomorrow, without a pull request.
# custom:
#   severity: error
#   message: "The artifact {name} is referred to as {reference}, which can change: {reason}."
#   remediation: "Pin it: `hf://org/name@<commit>`, `oci://registry/name@sha256:…`, `models:/name/3`, or for a hosted model a dated `snapshot`."
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

moving contains lib.violation(array.concat(artifacts_path, array.concat([index], key)), details) if {
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

# METADATA
# title: The artifacts fit into the memory
# description: Weights that fill the memory leave none for answering, and the replica is killed when traffic comes.
# custom:
#   severity: error
#   message: "The artifacts have {artifactsBytes}, {usedRatio} of the {limitBytes} that {of} declares; at most {maximumRatio} of it may be taken."
#   remediation: "Raise `serving.resources.memory` (or state `gpu` and `gpuMemory`, where the weights are loaded there), or make the artifacts smaller."
#   settings: [artifacts.memoryFrom, artifacts.maximumMemoryRatio]
#   optional: [input.facts.artifacts.memory.artifactsBytes, input.facts.artifacts.memory.limitBytes, input.facts.artifacts.memory.of]
#   references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"]
#   example:
#     bad: "resources: {memory: 512Mi}  # the artifacts have 500 MiB"
#     good: "resources: {memory: 2Gi}"
outcome["artifacts/exceeds-memory"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.memoryFrom in risk.beyond
}

else := lib.not_applicable("the manifest declares no memory") if input.facts.artifacts.memory.status == "not-stated"

else := lib.not_applicable("no artifact's size is known") if input.facts.artifacts.memory.status == "unsized"

else := lib.passed if {
	input.settings.artifacts.memoryFrom in lib.tiers
	input.facts.artifacts.memory.status == "stated"
	input.facts.artifacts.memory.usedRatio <= input.settings.artifacts.maximumMemoryRatio
}

else := result if {
	memory := input.facts.artifacts.memory
	result := lib.failed(array.concat(resources_path, [memory.of]), {
		"of": memory.of,
		"artifactsBytes": memory.artifactsBytes,
		"limitBytes": memory.limitBytes,
		"usedRatio": memory.usedRatio,
		"maximumRatio": input.settings.artifacts.maximumMemoryRatio,
	})
}

else := lib.failed(resources_path, {})

resources_path := ["spec", "serving", "resources"]

# METADATA
# title: The format cannot run code
# description: Loading a pickle runs whatever its author wrote into it; a format of plain tensors runs nothing.
# custom:
#   severity: error
#   message: "The artifact {name} is in a format that may run code when it is loaded: {formats}."
#   remediation: "Convert it, for example to safetensors, ONNX or GGUF, and state `format: safetensors`."
#   settings: [artifacts.formatFrom, artifacts.unsafeFormats]
#   optional: [input.facts.artifacts.artifacts.name]
#   references: ["https://docs.python.org/3/library/pickle.html", "https://huggingface.co/docs/safetensors/index"]
#   example:
#     bad: "{uri: s3://models/fraud/2.4.0/model.pkl, format: pickle}"
#     good: "{uri: s3://models/fraud/2.4.0/model.safetensors, format: safetensors}"
outcome["artifacts/format-unsafe"] := lib.not_applicable(lib.low_tier) if {
	input.settings.artifacts.formatFrom in risk.beyond
}

else := lib.not_applicable(only_hosted) if all_hosted

else := lib.passed if lib.all_good(artifacts, safe, looked_at(input.settings.artifacts.formatFrom))

else := result if result := lib.none_of(lib.at_index(artifacts, safe, dangers, artifacts_path, ["format"]), looked_at(input.settings.artifacts.formatFrom))

else := lib.failed(artifacts_path, {})

safe contains index if {
	unsafe := input.settings.artifacts.unsafeFormats
	some index, artifact in artifacts
	is_file(artifact)
	count(artifact.formats) > 0
	every format in artifact.formats { not format in unsafe }
}

safe contains index if some index in hosted

dangers[index] := details if {
	some index, artifact in artifacts
	count(artifact.formats) == 0
	details := {"name": artifact.name, "formats": ["not stated"]}
}

dangers[index] := details if {
	some index, artifact in artifacts
	count(artifact.formats) > 0
	formats := [format | some format in artifact.formats; format in input.settings.artifacts.unsafeFormats]
	details := {"name": artifact.name, "formats": formats}
}

looked_at(from) if {
	from in lib.tiers
	has_artifacts
}

has_artifacts if count(artifacts) > 0

all_hosted if {
	has_artifacts
	every artifact in artifacts { artifact.kind == "hosted" }
}

none_stored if {
	has_artifacts
	every artifact in artifacts { artifact.kind in {"hosted", "uri"} }
}

hosted contains index if {
	some index, artifact in artifacts
	artifact.kind == "hosted"
}

not_stored contains index if {
	some index, artifact in artifacts
	artifact.kind in {"hosted", "uri"}
}

unsized contains index if {
	some index, artifact in artifacts
	artifact.size.known == false
	is_file(artifact)
}

is_file(artifact) if artifact.kind in {"uri", "path"}

names[index] := details if {
	some index, artifact in artifacts
	details := {"name": artifact.name}
}
