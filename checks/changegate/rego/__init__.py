"""Everything that knows Rego, and nothing of models."""
