"""Models every test here may use; one process for a whole module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway import served


@pytest.fixture(scope="module")
def tiny() -> Iterator[served.Served]:
    """A model that can fill gaps and says noise."""
    with served.running(served.TINY) as model:
        yield model


@pytest.fixture(scope="module")
def small() -> Iterator[served.Served]:
    """A model that was trained, to talk; not to fill gaps."""
    with served.running(served.SMALL, context=2048) as model:
        yield model
