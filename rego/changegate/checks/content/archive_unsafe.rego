package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: An archive unpacks into its folder, and to a sound size
# description: "A file whose name leads out of the folder, a link, two files of one name, or kilobytes that unpack to terabytes: whoever unpacks it is harmed."
# custom:
#   severity: error
#   message: "The artifact {name} {found}."
#   remediation: "Pack the files of the model alone, with names from the model's folder, and commit that archive or its Git LFS pointer."
#   settings: [content.hazardsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.status]
#   references: ["https://security.snyk.io/research/zip-slip-vulnerability", "https://www.bamsoftware.com/hacks/zipbomb/"]
#   example:
#     bad: "model.tar: ../../etc/cron.d/model"
#     good: "model.tar: model/weights.bin"
outcome["content/archive-unsafe"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.hazardsFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.not_applicable(not_all_read) if none_found_yet("archive")

else := lib.passed if lib.all_good(artifacts, free_of("archive"), looked_at(input.settings.content.hazardsFrom))

else := result if result := lib.none_of(found_of("archive"), looked_at(input.settings.content.hazardsFrom))

else := lib.failed(artifacts_path, {})
