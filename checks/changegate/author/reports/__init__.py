"""The reports on tests of policies: one file per format, each a function of the run alone."""
