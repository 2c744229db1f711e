"""Who approved: reviews that CI hands in."""
