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


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that fails half-way leaves no gateway behind to disturb the next."""
    before = list(rig.alive)
    yield
    for gateway in [one for one in rig.alive if one not in before]:
        rig.stop(gateway)
