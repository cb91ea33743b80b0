"""From a cursor to a suggestion."""
