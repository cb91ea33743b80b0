"""Logins: asked for, checked, kept on this machine, renewed."""
