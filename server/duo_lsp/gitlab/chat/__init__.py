"""The ways to ask GitLab's chat: REST, and GraphQL where that is turned off."""
