package changegate.checks.content

import data.changegate.lib
import data.changegate.risk

# METADATA
# title: A chat template makes text and nothing else
# description: "A loader runs the chat template of a GGUF file as Jinja. What reaches into Python by it has no part in a conversation."
# custom:
#   severity: error
#   message: "The artifact {name} {found}."
#   remediation: "Write the template anew, of the conversation's roles and texts alone, and write the file again with it."
#   settings: [content.hazardsFrom]
#   optional: [input.facts.artifacts.artifacts.name, input.facts.artifacts.artifacts.kind, input.release, input.facts.artifacts.artifacts.scan.status]
#   references: ["https://github.com/ggml-org/ggml/blob/master/docs/gguf.md", "https://jinja.palletsprojects.com/en/stable/sandbox/"]
#   example:
#     bad: "tokenizer.chat_template: (a template that reads `.__class__`)"
#     good: "tokenizer.chat_template: (a template of `messages` alone)"
outcome["content/template-unsafe"] := lib.not_applicable(lib.low_tier) if {
	input.settings.content.hazardsFrom in risk.beyond
}

else := lib.not_applicable(names_alone) if none_seen

else := lib.not_applicable(not_all_read) if none_found_yet("template")

else := lib.passed if lib.all_good(artifacts, free_of("template"), looked_at(input.settings.content.hazardsFrom))

else := result if result := lib.none_of(found_of("template"), looked_at(input.settings.content.hazardsFrom))

else := lib.failed(artifacts_path, {})
