"""The few fields of GitLab's GraphQL API that a chat needs, refused in GitLab's words where they are others."""
