"""Policies of a user's own: where they come from, and how they are evaluated apart from changegate's."""
