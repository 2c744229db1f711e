# METADATA
# title: Retirements
# description: A release that is deleted stops running, which is a decision like any other.
# custom:
#   subject: retirement
#   path: [metadata, name]
package changegate.checks.retirement

name_path := ["metadata", "name"]
