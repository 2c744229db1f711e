"""Judging: the input document, the decision, what follows from it, and the findings, subject by subject."""
