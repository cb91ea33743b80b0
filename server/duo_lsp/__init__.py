"""GitLab Duo suggestions and chat for every editor that speaks the Language Server Protocol."""

__version__ = "0.1.0"
