"""A conversation about code: a question and what goes along with it, and a safe answer."""
