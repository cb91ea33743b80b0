"""Gateways every test here may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway import rig


@pytest.fixture(scope="module")
def running() -> Iterator[rig.Running]:
    """One gateway for a whole module, knowing no workspace."""
    gateway = rig.start(rig.command())
    yield gateway
    assert rig.stop(gateway) == 0
