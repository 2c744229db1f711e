# METADATA
# title: Features
# description: What a model reads, who promises it, and what its callers rely on.
# custom:
#   subject: release
#   path: [spec, features]
package changegate.checks.features

import data.changegate.lib
import data.changegate.risk

no_contracts := "the manifest names no contract"

none_read := "no contract could be read: see features/contract-missing and features/contract-invalid"

none_given := "no contract promises an input of this release"

features_path := ["spec", "features"]

inputs_path := ["spec", "features", "inputs"]

contracts_path := ["spec", "features", "contracts"]

# METADATA
# title: A release states its inputs
# description: What a model reads is what can break it, and nothing can be held against a contract that is not written down.
# custom:
#   severity: error
#   message: The release does not state its inputs.
#   remediation: "Add them under `spec`: `features: {contracts: [{name: transactions, version: 3, path: contracts/transactions.yaml}], inputs: [{name: amount, dtype: float64, contract: transactions, nullable: false}]}`."
#   settings: [features.inputsFrom, features.notApplicableTasks]
#   optional: [input.release, input.settings.features.notApplicableTasks]
#   references: ["NIST AI RMF 1.0, MAP 2.3: data availability and representativeness are documented"]
#   example:
#     bad: "spec: {version: 2.4.0}"
#     good: "features: {inputs: [{name: amount, dtype: float64, contract: transactions, nullable: false}]}"
outcome["features/inputs-missing"] := lib.not_applicable(lib.low_tier) if {
	input.settings.features.inputsFrom in risk.beyond
}

else := lib.not_applicable("a model of this task reads no features, as the manifest says") if {
	input.facts.features.block == "not-applicable"
	input.release.spec.task in input.settings.features.notApplicableTasks
}

else := lib.passed if {
	input.settings.features.inputsFrom in lib.tiers
	input.facts.features.block == "present"
	count(input.facts.features.inputs) > 0
}

else := lib.failed(inputs_path, {})

# METADATA
# title: A contract that a release names is there
# description: A promise that nobody can read is none.
# custom:
#   severity: error
#   message: "The contract {name} is not there: {reason}."
#   remediation: "Write the path of the contract, from the repository's root, into `features.contracts`, or add the file."
#   settings: [features.contractsFrom]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "contracts: [{name: transactions, version: 3, path: transactions.yaml}]  # no such file"
#     good: "contracts: [{name: transactions, version: 3, path: contracts/transactions.yaml}]"
outcome["features/contract-missing"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := result if result := lib.none_of(lib.at_place(input.evidence.features.contracts, found, contract_details, ["place"], contracts_path), named)

else := lib.failed(contracts_path, {})

found contains index if {
	some index, contract in input.evidence.features.contracts
	contract.status in {"present", "invalid"}
}

# METADATA
# title: A contract can be believed
# description: A contract that does not fit its schema, or contradicts itself, promises nothing that an input can be held against.
# custom:
#   severity: error
#   message: "The contract {name} is not valid: {reason}."
#   remediation: "Write the contract as schemas/feature-contract.schema.json describes it: `apiVersion`, `kind: FeatureContract`, `name`, `version`, and every feature once with its `dtype`."
#   settings: [features.contractsFrom]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "features: [{name: amount, dtype: decimal}]  # in the contract"
#     good: "features: [{name: amount, dtype: float64, nullable: false}]  # in the contract"
outcome["features/contract-invalid"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := result if result := lib.none_of(lib.at_place(input.evidence.features.contracts, sound, contract_details, ["place"], contracts_path), named)

else := lib.failed(contracts_path, {})

sound contains index if {
	some index, contract in input.evidence.features.contracts
	contract.status in {"present", "absent"}
}

contract_details[index] := details if {
	some index, contract in input.evidence.features.contracts
	details := {"name": contract.name, "reason": contract.reason}
}

# METADATA
# title: A release names the contract's version
# description: A release that was made for another version of a contract reads features that it was not trained on.
# custom:
#   severity: error
#   message: "The manifest names version {statedVersion} of the contract {name}, and the contract is version {version}."
#   remediation: "See what changed between the two, then write `version: {version}` for {name} under `features.contracts`."
#   settings: [features.contractsFrom]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.place]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "contracts: [{name: transactions, version: 2, path: contracts/transactions.yaml}]  # which is version 3"
#     good: "contracts: [{name: transactions, version: 3, path: contracts/transactions.yaml}]"
outcome["features/contract-version-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if {
	result := lib.none_of(lib.at_place(input.facts.features.contracts, current, version_details, ["place"], contracts_path), read)
}

else := lib.failed(contracts_path, {})

current contains index if {
	some index, contract in input.facts.features.contracts
	contract.statedVersion == contract.version
}

version_details[index] := details if {
	some index, contract in input.facts.features.contracts
	details := {"name": contract.name, "statedVersion": contract.statedVersion, "version": contract.version}
}

# METADATA
# title: A contract promises every input that names it
# description: An input that no pipeline fills is missing in production, whatever it was in training.
# custom:
#   severity: error
#   message: "The input {name} names the contract {contract}, which {problem}."
#   remediation: "Correct the name of the input or of its `contract`; or add the feature to the contract, or the contract to `features.contracts`."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "inputs: [{name: ammount, dtype: float64, contract: transactions}]"
#     good: "inputs: [{name: amount, dtype: float64, contract: transactions}]"
outcome["features/input-unknown"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable("no input names a contract") if {
	every one in input.facts.features.inputs { one.promise == "none" }
}

else := result if result := lib.none_of(lib.at_index(input.facts.features.inputs, kept, unknown_details, inputs_path, ["name"]), has_inputs)

else := lib.failed(inputs_path, {})

kept contains index if {
	some index, one in input.facts.features.inputs
	one.promise in {"none", "unread", "given"}
}

# NOTE: built in the body: on the embedded engine one undefined value in a head takes every other entry of the rule with it.
unknown_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {"name": one.name, "contract": one.contract, "problem": problems[one.promise]}
}

problems := {
	"not-listed": "is not listed under `features.contracts`",
	"not-given": "promises no such feature",
}

# METADATA
# title: An input can hold the promised type
# description: A value of another type is rounded, cut off or refused while the model serves, and not before.
# custom:
#   severity: error
#   message: "The contract {contract} promises {name} as {promised}, and the model reads it as {accepted}."
#   remediation: "Write `dtype: {promised}` for {name} and retrain on it, or convert it in the feature pipeline and raise the contract's version."
#   settings: [features.contractsFrom, features.allowedConversions]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.type.promised, input.facts.features.inputs.type.accepted]
#   references: ["https://avro.apache.org/docs/1.12.0/specification/#schema-resolution"]
#   example:
#     bad: "{name: amount, dtype: float32, contract: transactions}  # promised as float64"
#     good: "{name: amount, dtype: float64, contract: transactions}"
outcome["features/type-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(lib.at_index(input.facts.features.inputs, typed, type_details, inputs_path, ["dtype"]), has_inputs)

else := lib.failed(inputs_path, {})

typed contains index if some index in unpromised

typed contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.type.conversion in input.settings.features.allowedConversions
}

type_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {
		"name": one.name, "contract": one.contract,
		"promised": one.type.promised, "accepted": one.type.accepted,
	}
}

# METADATA
# title: An input takes the missing values that are promised
# description: A null that the model does not expect becomes a NaN in its answer, or an error.
# custom:
#   severity: error
#   message: "By the contract {contract}, {name} may be missing, and the model takes no missing value."
#   remediation: "Write `nullable: true` for {name} if the model was trained to take it; or fill it in the feature pipeline, and say `nullable: false` in the contract."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.nulls.promised, input.facts.features.inputs.nulls.accepted]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "{name: seconds_since_last, dtype: int64, contract: transactions, nullable: false}"
#     good: "{name: seconds_since_last, dtype: int64, contract: transactions, nullable: true}"
outcome["features/nullability-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(lib.at_index(input.facts.features.inputs, filled, null_details, inputs_path, ["nullable"]), has_inputs)

else := lib.failed(inputs_path, {})

filled contains index if some index in unpromised

filled contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.nulls.promised == false
}

filled contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.nulls.accepted == true
}

null_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {"name": one.name, "contract": one.contract}
}

# METADATA
# title: An input takes the values that are promised
# description: Outside of the values it was trained on, a model answers with confidence and without ground.
# custom:
#   severity: error
#   message: "The contract {contract} promises {name} with the {key} {promised}, and the model takes {accepted}."
#   remediation: "Widen the {key} of {name} in the manifest if the model was trained on it; or narrow it in the contract."
#   settings: [features.contractsFrom]
#   optional: [input.facts.features.inputs.name, input.facts.features.inputs.contract, input.facts.features.inputs.values.key, input.facts.features.inputs.values.promised, input.facts.features.inputs.values.accepted]
#   references: ["https://changegate.dev/schemas/feature-contract.schema.json"]
#   example:
#     bad: "{name: amount, dtype: float64, contract: transactions, range: [0, 1000]}  # promised up to 1000000"
#     good: "{name: amount, dtype: float64, contract: transactions, range: [0, 1000000]}"
outcome["features/range-mismatch"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(none_given) if ungiven

else := result if result := lib.none_of(ranged, has_inputs)

else := lib.failed(inputs_path, {})

within contains index if some index in unpromised

within contains index if {
	some index, one in input.facts.features.inputs
	one.promise == "given"
	one.values.compared in {"within", "not-stated"}
}

ranged contains lib.violation(array.concat(inputs_path, [index, key]), object.get(range_details, index, {})) if {
	some index, one in input.facts.features.inputs
	not index in within
	key := object.get(one, ["values", "key"], "range")
}

range_details[index] := details if {
	some index, one in input.facts.features.inputs
	details := {
		"name": one.name, "contract": one.contract, "key": one.values.key,
		"promised": one.values.promised, "accepted": one.values.accepted,
	}
}

# METADATA
# title: A contract does not break its readers under the same version
# description: Readers follow a contract by its version, so a promise that is loosened under the old one reaches them unseen.
# custom:
#   severity: error
#   message: "The contract {contract} changes what it promises of {name} ({kind}), and its version did not rise."
#   remediation: "Raise `version` in the contract above {versionBefore}, and in every manifest that reads it; or take the change back."
#   settings: [features.contractsFrom, features.compatibleContractChanges]
#   optional: [input.evidence.features.contracts.name, input.evidence.features.contracts.place, input.evidence.features.contracts.status, input.facts.features.contracts.name, input.facts.features.contracts.place, input.facts.features.contracts.version, input.facts.features.contracts.before.version]
#   references: ["https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html"]
#   example:
#     bad: "version: 3  # in the contract, with a feature removed"
#     good: "version: 4  # in the contract, with a feature removed"
outcome["features/breaking-without-version"] := lib.not_applicable(lib.low_tier) if below_contracts

else := lib.not_applicable(no_contracts) if unnamed

else := lib.not_applicable(none_read) if unread

else := result if result := lib.none_of(breaks, compared)

else := lib.failed(contracts_path, {})

compared if {
	read
	count(input.settings.features.compatibleContractChanges) >= 0
	every contract in input.facts.features.contracts {
		contract.before.status in {"present", "absent", "invalid"}
		count(contract.changes) >= 0
	}
}

breaks contains violation if {
	some index, contract in input.facts.features.contracts
	not index in raised
	some position, change in contract.changes
	not [index, position] in compatible
	details := {
		"contract": object.get(contract, "name", ""),
		"name": object.get(change, "name", ""), "kind": object.get(change, "kind", ""),
		"versionBefore": object.get(contract, ["before", "version"], "the old one"),
	}
	violation := lib.violation_of(change, details, contracts_path)
}

# NOTE: not written as `not change.kind in …` above: with either side undefined that body holds for no change at all.
compatible contains [index, position] if {
	some index, contract in input.facts.features.contracts
	some position, change in contract.changes
	change.kind in input.settings.features.compatibleContractChanges
}

raised contains index if {
	some index, contract in input.facts.features.contracts
	contract.version > contract.before.version
}

# METADATA
# title: Outputs do not break their callers under the same major version
# description: Whoever calls the model reads its outputs by name and type, and learns from the major version that these changed.
# custom:
#   severity: error
#   message: "The output {name} was {before} in the previous release and is {after} now, and the major version did not rise."
#   remediation: "Keep the output as it was, beside the new one if need be; or raise the major version of `spec.version`."
#   settings: [features.outputsFrom]
#   optional: [input.facts.features.outputs.majorRose, input.change, input.release, input.previous.release]
#   references: ["https://semver.org/#spec-item-8"]
#   example:
#     bad: "version: 2.4.0 with outputs: [{name: probability, dtype: float32}]  # in 2.3.1 it was called score"
#     good: "version: 3.0.0 with outputs: [{name: probability, dtype: float32}]"
outcome["features/output-breaking"] := lib.not_applicable(lib.low_tier) if {
	input.settings.features.outputsFrom in risk.beyond
}

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.not_applicable("the release goes back to the version that the previous one names for it") if {
	input.change.operation == "rollback"
	input.release.spec.version == input.previous.release.spec.rollout.rollback.to
}

else := lib.passed if {
	input.settings.features.outputsFrom in lib.tiers
	input.previous.status == "present"
	input.facts.features.outputs.majorRose == true
}

else := result if {
	input.settings.features.outputsFrom in lib.tiers
	input.previous.status == "present"
	result := lib.none_of(broken_outputs, outputs_compared)
}

else := lib.failed(features_path, {})

outputs_compared if count(input.facts.features.outputs.changes) >= 0

broken_outputs contains violation if {
	some change in input.facts.features.outputs.changes
	details := {
		"name": object.get(change, "name", ""),
		"before": object.get(change, "before", ""), "after": object.get(change, "after", "gone"),
	}
	violation := lib.violation_of(change, details, features_path)
}

# METADATA
# title: A new contract version is switched together with the model
# description: While traffic is split, either the old model reads the new features or the new one the old, unless both switch as one.
# custom:
#   severity: error
#   message: "The release moves to another version of {contracts}, and its strategy {strategy} does not switch features and model together."
#   remediation: "Write `strategy: feature-locked` under `rollout`, with `featureSwitch: {pipeline: …, version: …}` for the pipeline that switches."
#   settings: [features.lockedFrom, features.lockedStrategies]
#   optional: [input.facts.rollout.plan]
#   references: ["https://sre.google/workbook/canarying-releases/"]
#   example:
#     bad: "contracts: [{name: transactions, version: 4, …}]  # it was 3, and rollout: {strategy: canary, …}"
#     good: "contracts: [{name: transactions, version: 4, …}]  # it was 3, and rollout: {strategy: feature-locked, …}"
outcome["features/not-locked"] := lib.not_applicable(lib.low_tier) if {
	input.settings.features.lockedFrom in risk.beyond
}

else := lib.not_applicable("there is no previous release") if input.previous.status == "absent"

else := lib.unknown(input.previous.reason) if input.previous.status == "unavailable"

else := lib.not_applicable("no contract changes its version") if count(input.facts.features.switches) == 0

else := lib.not_applicable("there is no rollout plan: see rollout/plan-missing") if {
	input.facts.rollout.plan in {"absent", "not-applicable"}
}

else := lib.passed if {
	input.settings.features.lockedFrom in lib.tiers
	input.previous.status == "present"
	count(input.facts.features.switches) > 0
	input.facts.rollout.strategy in input.settings.features.lockedStrategies
}

else := result if result := lib.failed(["spec", "rollout", "strategy"], locked_details)

else := lib.failed(["spec", "rollout", "strategy"], {})

locked_details := {
	"contracts": [switch.name | some switch in input.facts.features.switches],
	"strategy": input.facts.rollout.strategy,
}

below_contracts if {
	input.settings.features.contractsFrom in risk.beyond
}

unnamed if count(input.evidence.features.contracts) == 0

named if {
	input.settings.features.contractsFrom in lib.tiers
	input.evidence.features.status == "present"
	count(input.evidence.features.contracts) > 0
}

unread if count(input.facts.features.contracts) == 0

read if {
	named
	count(input.facts.features.contracts) > 0
}

ungiven if {
	every one in input.facts.features.inputs { one.promise in {"none", "not-listed", "unread", "not-given"} }
}

unpromised contains index if {
	some index, one in input.facts.features.inputs
	one.promise in {"none", "not-listed", "unread", "not-given"}
}

has_inputs if {
	input.settings.features.contractsFrom in lib.tiers
	count(input.facts.features.inputs) > 0
}
