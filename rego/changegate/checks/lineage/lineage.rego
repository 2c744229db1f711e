# METADATA
# title: Lineage
# description: What a release follows on. Under a new name, or by a return that is none, a release would be compared with nothing.
# custom:
#   subject: release
#   path: [metadata, name]
package changegate.checks.lineage

version_path := ["spec", "version"]
