"""Tools for whoever writes policies: tests with coverage, a check of all that is wrong, and why a rule fired."""
