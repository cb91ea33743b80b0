"""A workspace for clients that speak plain JSON."""

import pytest


@pytest.fixture
def folder(tmp_path):
    """A workspace."""
    made = tmp_path / "workspace"
    made.mkdir()
    return made
