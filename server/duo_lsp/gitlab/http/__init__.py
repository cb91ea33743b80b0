"""The way to an instance: calls, connections, replies, and what goes wrong in between."""
