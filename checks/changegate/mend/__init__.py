"""What writes into a repository: by splicing bytes, so that comments and form stay what they are."""
