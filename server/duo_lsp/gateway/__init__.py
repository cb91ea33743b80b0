"""The stand-in for GitLab: the same REST API on loopback, answered by a local engine."""
