"""Everything that knows Rego, and nothing of models: syntax, engines, the compiled program."""
