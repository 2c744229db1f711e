"""changegate: change control for machine-learning models, as policy-as-code, in CI."""

__version__ = "0.1.0"
