"""The ways to ask GitLab's chat."""
