# METADATA
# title: Operations
# description: |
#   Whether a release can be run: whose it is, who is called when it fails, what they can read and see, and what its logs
#   keep of the people whose data it is given.
# custom:
#   subject: release
#   path: [spec, operations]
package changegate.checks.operations

# METADATA
# description: |
#   What the previous release said of itself: what it took part in is asked of this one too, so that no change lifts a
#   demand by saying otherwise. Where there was none, nothing more is asked.
before := object.get(input.facts.risk, "previous", {"personalData": false, "regulated": false})

says_nothing := "beside headings and placeholders it has too few words to say anything to a reader"
