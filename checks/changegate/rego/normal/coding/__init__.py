"""Makes functions of rules in normal form: a file for each kind of form."""
