"""GitLab Duo Chat, answered by an engine: by REST and by GraphQL."""
