"""What was decided earlier: records are read, decided again, and held against the history."""
