# METADATA
# title: Service-level objectives
# description: What a release promises its users, and so what a rollout is judged by.
# custom:
#   subject: release
#   path: [spec, slos]
package changegate.checks.slos

none_stated := "no objective is stated: see slos/missing"

slos_path := ["spec", "slos"]

stateless if input.facts.slos.block == "absent"

stateless if input.facts.slos.block == "not-applicable"

has_slos if count(input.facts.slos.slos) > 0
