"""The commands of `duo-lsp` for a person in a terminal; what they say, `cli` prints."""
